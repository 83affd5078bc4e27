"""The day's calls, and the share of them that is left to other apps."""

import time
from collections.abc import Callable
from dataclasses import replace
from math import inf

from connectors.errors import QuotaExhaustedError
from connectors.records import Crm, Quota
from connectors.sharing import Sharing

_BELIEVED = 300.0
"""Seconds for which an account that is used up is not asked again, unless a reading begins."""
_NEXT_STEP = "wait until the day's calls return, or leave a smaller reserve"


class DayQuota:
    """Knows what the latest answer told, and stops calls at the reserve before they are sent."""

    def __init__(
        self, crm: Crm, sharing: Sharing, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.latest: Quota | None = None
        self._crm = crm
        self._sharing = sharing
        self._clock = clock
        self._heard_at = -inf

    def learn(self, quota: Quota) -> None:
        """Take what an answer told."""
        self.latest = quota
        self._heard_at = self._clock()

    def spend(self) -> None:
        """Take it that none is left: the CRM has refused a call for that, and may not say more."""
        if self.latest is not None:
            self.learn(replace(self.latest, used=max(self.latest.used, self.latest.limit)))

    def ask_anew(self) -> None:
        """Let the next call pass and tell how things are: a day ends, and nobody says so."""
        self._heard_at = -inf

    def check(self, where: str) -> None:
        """Let a call pass.

        Raises:
            QuotaExhaustedError: it would go into the reserve.
        """
        quota = self.latest
        if quota is None or self._clock() - self._heard_at >= _BELIEVED:
            return
        reserve = self._sharing.reserve
        if quota.used < quota.limit * (1 - reserve):
            return
        what = f"{quota.used} of the day's {quota.limit} calls are used"
        if reserve:
            what += f", and the reserve of {reserve:.0%} is left for other apps"
        raise QuotaExhaustedError(self._crm, where, what, _NEXT_STEP)
