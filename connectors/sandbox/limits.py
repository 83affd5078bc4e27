"""Allowances: real-time windows for bursts, and a count a day on the sandbox's clock."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

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

    def taken_within(self, seconds: float) -> int:
        """Return how many requests of the window were taken in its last seconds."""
        earliest = time.monotonic() - seconds
        with self._lock:
            return sum(taken > earliest for taken in self._taken)


class UnderWay:
    """The requests that are being answered, and since when, in real time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since: dict[int, float] = {}

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Count a request while it is being answered."""
        began = time.monotonic()
        with self._lock:
            number = max(self._since, default=0) + 1
            self._since[number] = began
        try:
            yield
        finally:
            with self._lock:
                del self._since[number]

    def longer_than(self, seconds: float) -> int:
        """Return how many requests have been under way for so many seconds."""
        latest = time.monotonic() - seconds
        with self._lock:
            return sum(began <= latest for began in self._since.values())


def count_today(store: Store, clock: Clock, name: str, zone: str = "UTC") -> int:
    """Count one more request of the sandbox's day in a time zone and return the day's total."""
    today = _day(clock, zone)
    kept = store.read_state(f"{name} today") or {}
    used = int(kept["used"]) + 1 if kept.get("day") == today else 1
    store.keep_state(f"{name} today", {"day": today, "used": used})
    return used


def used_today(store: Store, clock: Clock, name: str, zone: str = "UTC") -> int:
    """Return how many requests of the sandbox's day have been counted."""
    kept = store.read_state(f"{name} today") or {}
    return int(kept["used"]) if kept.get("day") == _day(clock, zone) else 0


def _day(clock: Clock, zone: str) -> str:
    return clock.now.astimezone(ZoneInfo(zone)).date().isoformat()


def use_today(store: Store, clock: Clock, name: str, used: int, zone: str = "UTC") -> None:
    """Say how many requests of the sandbox's day have been made, by whomever."""
    store.keep_state(f"{name} today", {"day": _day(clock, zone), "used": used})
