"""Rows that one request keeps from the others for a while, in real time."""

import threading
import time
from collections.abc import Iterable


class RowsHeldError(Exception):
    """Another request holds rows, and this one waits for them: its work is to be done anew.

    Attributes:
        until: When they are free, or the wait is over, by the monotonic clock.
    """

    def __init__(self, until: float) -> None:
        super().__init__()
        self.until = until


class RowLocks:
    """Who holds which rows, and until when; in memory only, since locks end with the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._request = 0
        self._last = 0
        self._waits_until = 0.0
        self._held: dict[str, tuple[int, float]] = {}

    def begin(self) -> int:
        """Say that what follows in a transaction is another request's, and return its number."""
        with self._lock:
            self._last += 1
            self._request = self._last
            self._waits_until = 0.0
            return self._request

    def resume(self, request: int) -> None:
        """Say that what follows in a transaction is of a request that has begun before."""
        with self._lock:
            self._request = request
            self._waits_until = 0.0

    def wait_until(self, moment: float) -> None:
        """Let the present request wait for rows up to a moment by the monotonic clock."""
        with self._lock:
            self._waits_until = moment

    def take(self, row_ids: Iterable[str], seconds: float) -> list[str]:
        """Hold rows for so many real seconds; return those that another request holds.

        As long as there is one of these, none is taken.

        Raises:
            RowsHeldError: there is one, and the request waits.
        """
        now, wanted = time.monotonic(), sorted(set(row_ids))
        with self._lock:
            self._held = {row: held for row, held in self._held.items() if held[1] > now}
            mine = (self._request, now + seconds)
            taken = [row for row in wanted if self._held.get(row, mine)[0] != self._request]
            if not taken:
                self._held |= dict.fromkeys(wanted, mine)
            elif now < self._waits_until:
                free = max(self._held[row][1] for row in taken)
                raise RowsHeldError(min(free, self._waits_until))
            return taken
