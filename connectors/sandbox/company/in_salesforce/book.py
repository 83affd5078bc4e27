"""What Salesforce writes down about one person: told in any order, read as of any moment."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connectors.sandbox.company.in_salesforce.ids import person_record_id
from connectors.sandbox.company.in_salesforce.ledger import Entry, Ledger
from connectors.sandbox.company.oddities import RECYCLE_BIN
from connectors.sandbox.company.rows import Rows, next_after, until


class SalesforceBook:
    """Entries about one person. Ids follow from the order of telling, not from the moment read."""

    def __init__(self, person: int) -> None:
        self._person = person
        self._counts: Counter[str] = Counter()
        self._entries: list[Entry] = []

    def create(self, name: str, at: datetime, by: str, values: Mapping[str, Any]) -> str:
        """Tell that a record was created, and return its id."""
        record_id = person_record_id(name, self._person, self._counts[name])
        self._counts[name] += 1
        self._entries.append(Entry(at, "create", name, record_id, by, values))
        return record_id

    def first(self, name: str) -> str:
        """Return the id of a person's first record of an object."""
        return person_record_id(name, self._person, 0)

    def has(self, name: str) -> bool:
        """Return whether a record of an object has been told."""
        return self._counts[name] > 0

    def change(
        self,
        name: str,
        record_id: str,
        at: datetime,
        by: str,
        values: Mapping[str, Any],
        *,
        event: str | None = None,
    ) -> None:
        """Tell that values of a record changed; without values, that it was saved as it was."""
        self._entries.append(Entry(at, "change", name, record_id, by, values, event))

    def delete(self, name: str, record_id: str, at: datetime, by: str, winner: str | None) -> None:
        """Tell that a record was deleted, or merged into a winner; later it is gone for good."""
        values = {"MasterRecordId": winner} if winner else {}
        self._entries.append(Entry(at, "delete", name, record_id, by, values))
        self._entries.append(Entry(at + RECYCLE_BIN, "purge", name, record_id, by))

    def rows(self, moment: datetime) -> Rows:
        """Return the rows that Salesforce keeps at a moment."""
        ledger = Ledger(self._person)
        for entry in until(self._entries, moment):
            ledger.take(entry)
        return ledger.rows

    def next_after(self, moment: datetime) -> datetime | None:
        """Return when Salesforce writes something down next, or None."""
        return next_after(self._entries, moment)
