"""Allowances: real-time windows for bursts, and a count a day on the sandbox's clock."""

import threading
import time
from collections import deque

from connectors.sandbox.clock import Clock
from connectors.sandbox.store import Store


class RateWindow:
    """A rolling window of real seconds; real, because a client waits in real time."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._taken: deque[float] = deque()

    def take(self, limit: int) -> int | None:
        """Take one request and return how many are left, or None when there is none to take."""
        now = time.monotonic()
        with self._lock:
            while self._taken and self._taken[0] <= now - self._seconds:
                self._taken.popleft()
            if len(self._taken) >= limit:
                return None
            self._taken.append(now)
            return limit - len(self._taken)


def count_today(store: Store, clock: Clock, name: str) -> int:
    """Count one more request of the sandbox's day (UTC) and return the day's total."""
    today = clock.now.date().isoformat()
    kept = store.read_state(f"{name} today") or {}
    used = int(kept["used"]) + 1 if kept.get("day") == today else 1
    store.keep_state(f"{name} today", {"day": today, "used": used})
    return used


def used_today(store: Store, clock: Clock, name: str) -> int:
    """Return how many requests of the sandbox's day have been counted."""
    kept = store.read_state(f"{name} today") or {}
    return int(kept["used"]) if kept.get("day") == clock.now.date().isoformat() else 0
