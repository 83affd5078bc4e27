"""Records that HubSpot fails at each time it is asked, though it gives the others.

They cost no other record: a reading goes on without them, and says which they are.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from connectors.errors import UnreadableAnswerError

MOST_FAILED = 1_000
"""Records of one reading that HubSpot fails at, beyond which it is not they that are at fault. What
increments met few by few, a reading of all meets at once: it must not end at that."""

FEW = 10
"""Records of a batch without any answer that may be at fault for it: as many as change at once. An
outage that is taken for theirs loses none: they are asked for again. More are taken for one."""


@dataclass
class Failures:
    """Those of one reading; whoever reads a part of it, in whatever thread, notes them here."""

    _ids: set[str] = field(default_factory=set)

    @property
    def ids(self) -> frozenset[str]:
        """Whom HubSpot has failed at so far."""
        return frozenset(self._ids)

    def note(self, path: str, record_ids: Collection[str]) -> None:
        """Note records that HubSpot fails at.

        Raises:
            UnreadableAnswerError: there are more than single records can be at fault for.
        """
        self._ids.update(record_ids)
        if len(self._ids) > MOST_FAILED:
            which = f"{len(self._ids)} records, such as {min(self._ids)}"
            what = f"part of the answer is missing: HubSpot fails at {which}"
            raise UnreadableAnswerError("hubspot", path, what)
