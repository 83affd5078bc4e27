"""What people do to records while Leadcycle reads them: random deeds on either CRM.

A deed that the CRM refuses is no deed: a converted Lead stays unmerged, a taken address untaken.
Records are named by a number, which wraps around, so that any number is a choice.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from connectors.records import Crm
from tests.survival.world import World

DAY = 86_400
Dump = Mapping[str, Any]


class Life(ABC):
    """The records of one CRM, and the people who change them."""

    crm: Crm
    kinds: tuple[str, ...]
    """Streams whose records people change."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.gone: dict[str, list[str]] = {kind: [] for kind in self.kinds}
        """Records that were removed and may come back."""
        self.without_trace = False
        """Whether something happened of which the CRM tells nobody who asks for changes."""
        self._made = 0

    @abstractmethod
    def living(self, kind: str) -> list[str]:
        """Return the ids of the records that people see, in order."""

    @abstractmethod
    def create(self, kind: str, count: int) -> None:
        """Make records, all at one stand of the clock."""

    @abstractmethod
    def change(self, kind: str, number: int, count: int) -> None:
        """Change records, all at one stand of the clock."""

    @abstractmethod
    def remove(self, kind: str, number: int) -> None:
        """Let a record be removed so that it can come back."""

    @abstractmethod
    def erase(self, number: int) -> None:
        """Remove a person for good."""

    @abstractmethod
    def add_field(self) -> None:
        """Give people a field of our own, or the one that was dropped."""

    @abstractmethod
    def drop_field(self) -> None:
        """Take it from them."""

    @abstractmethod
    def retype_field(self) -> None:
        """Make it hold texts where it held numbers, or the reverse."""

    @abstractmethod
    def fill_field(self, number: int, value: int) -> None:
        """Give one person a value in it."""

    def chosen(self, kind: str, number: int, count: int = 1) -> list[str]:
        """Return so many living records, or as many as there are."""
        found = self.living(kind)
        start = number % len(found) if found else 0
        return [*found[start:], *found[:start]][:count]

    def restore(self, kind: str, number: int) -> None:
        """Take a record out of the recycle bin."""
        if removed := self.gone[kind]:
            record_id = removed.pop(number % len(removed))
            body = {"crm": self.crm, "object": self.object_of(kind), "record_id": record_id}
            self.world.admin("POST", "restores", body)

    def merge(self, kind: str, number: int, count: int) -> None:
        """Let records become one."""
        winner, *losers = self.chosen(kind, number, 1 + count) or [""]
        if losers:
            body = {"crm": self.crm, "object": self.object_of(kind)}
            self.world.admin("POST", "merges", {**body, "winner": winner, "losers": losers})

    @abstractmethod
    def object_of(self, kind: str) -> str:
        """Return what the sandbox's own API calls a stream's object."""

    def name(self) -> str:
        """Return a name that nothing else bears."""
        self._made += 1
        return f"Name{self._made}"
