"""What HubSpot writes down about one person: told in any order, read as of any moment."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from connectors.sandbox.company.in_hubspot.ids import record_id
from connectors.sandbox.company.in_hubspot.ledger import Entry, Ledger
from connectors.sandbox.company.rows import Rows, next_after, until
from connectors.sandbox.hubspot.records import Source
from connectors.sandbox.hubspot.values import Kept


class HubSpotBook:
    """Entries about one person. Ids follow from the order of telling, not from the moment read."""

    def __init__(self, person: int) -> None:
        self._person = person
        self._counts: Counter[str] = Counter()
        self._entries: list[Entry] = []

    def create(
        self, object_type: str, at: datetime, source: Source, values: Mapping[str, Kept]
    ) -> int:
        """Tell that a record was created, and return its id."""
        new_id = self.take_id(object_type)
        self._entries.append(Entry(at, "create", object_type, new_id, source, values))
        return new_id

    def take_id(self, object_type: str) -> int:
        """Return the next id of a type, for a record that comes about in another way."""
        new_id = record_id(object_type, self._person, self._counts[object_type])
        self._counts[object_type] += 1
        return new_id

    def change(
        self,
        object_type: str,
        changed_id: int,
        at: datetime,
        source: Source,
        values: Mapping[str, Kept],
    ) -> None:
        """Tell that properties of a record were set; an empty text clears."""
        self._entries.append(Entry(at, "change", object_type, changed_id, source, values))

    def associate(self, at: datetime, pair: tuple[str, int], other: tuple[str, int]) -> None:
        """Tell that two records were associated, each given by its type and id."""
        source = Source("CRM_UI")
        self._entries.append(Entry(at, "associate", *pair, source, {}, other))

    def submit(self, contact: int, at: datetime, form: str, values: Mapping[str, Kept]) -> None:
        """Tell that a contact sent a form in, by the form's key in company.yaml."""
        source = Source("FORM", form)
        self._entries.append(Entry(at, "submit", "contacts", contact, source, values))

    def archive(self, object_type: str, archived_id: int, at: datetime) -> None:
        """Tell that a record was archived."""
        self._entries.append(Entry(at, "archive", object_type, archived_id, Source("CRM_UI")))

    def merge(self, primary: int, other: int, survivor: int, at: datetime) -> None:
        """Tell that two contacts were merged into one with an id of its own."""
        entry = Entry(at, "merge", "contacts", primary, Source("MERGE_OBJECTS"))
        self._entries.append(entry.with_others(("contacts", other), survivor))

    def rows(self, moment: datetime) -> Rows:
        """Return the rows that HubSpot keeps at a moment."""
        ledger = Ledger()
        for entry in until(self._entries, moment):
            ledger.take(entry)
        return ledger.rows

    def next_after(self, moment: datetime) -> datetime | None:
        """Return when HubSpot writes something down next, or None."""
        return next_after(self._entries, moment)
