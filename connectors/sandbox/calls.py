"""How many requests each CRM has had, by purpose: what tests use to prove that little is sent."""

import threading
from collections import Counter
from typing import Literal

CrmName = Literal["salesforce", "hubspot"]
Kind = Literal["read", "write", "search", "auth"]
"""write = any creation, change or removal of records or of schema, whatever its outcome."""

_KINDS: tuple[Kind, ...] = ("read", "write", "search", "auth")
_CRMS: tuple[CrmName, ...] = ("hubspot", "salesforce")


class CallLog:
    """Counts since the last reset; they live in memory only."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[CrmName, Kind]] = Counter()

    def count(self, crm: CrmName, kind: Kind) -> None:
        """Count one request."""
        with self._lock:
            self._counts[crm, kind] += 1

    def reset(self) -> None:
        """Start again from nought."""
        with self._lock:
            self._counts.clear()

    def report(self) -> dict[str, dict[str, int]]:
        """Return counts by CRM and kind, noughts included."""
        with self._lock:
            return {crm: {kind: self._counts[crm, kind] for kind in _KINDS} for crm in _CRMS}
