"""Rows that one request keeps from the others for a while, in real time."""

import threading
import time
from collections.abc import Iterable


class RowLocks:
    """Who holds which rows, and until when; in memory only, since locks end with the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._request = 0
        self._held: dict[str, tuple[int, float]] = {}

    def begin(self) -> None:
        """Say that what follows belongs to another request, or to another batch of a job."""
        with self._lock:
            self._request += 1

    def take(self, row_ids: Iterable[str], seconds: float) -> list[str]:
        """Hold rows for so many real seconds; return those that another request holds.

        As long as there is one of these, none is taken.
        """
        now, wanted = time.monotonic(), sorted(set(row_ids))
        with self._lock:
            self._held = {row: held for row, held in self._held.items() if held[1] > now}
            mine = (self._request, now + seconds)
            taken = [row for row in wanted if self._held.get(row, mine)[0] != self._request]
            if not taken:
                self._held |= dict.fromkeys(wanted, mine)
            return taken
