"""Keeping under a CRM's rate limits: sliding windows, one set of rates for each lane."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from pyrate_limiter import InMemoryBucket, Rate, RateItem


def per_seconds(count: int, seconds: float) -> Rate:
    """Return a rate of so many calls in so many seconds."""
    return Rate(count, round(seconds * 1000))


class Pace:
    """Says how long a call must wait for its turn. A lane without rates never waits."""

    def __init__(
        self,
        rates: Mapping[str, Sequence[Rate]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lanes = {lane: InMemoryBucket(list(limits)) for lane, limits in rates.items()}
        self._clock = clock

    def take(self, lane: str) -> float:
        """Take a turn and return 0, or return the seconds to wait before asking again."""
        bucket = self._lanes.get(lane)
        if bucket is None:
            return 0.0
        now = int(self._clock() * 1000)
        bucket.leak(now)
        item = RateItem(lane, now)
        if bucket.put(item):
            return 0.0
        # An in-memory bucket answers at once; its signature also covers remote ones.
        return max(cast("int", bucket.waiting(item)), 1) / 1000
