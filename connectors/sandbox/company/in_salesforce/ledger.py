"""Salesforce's own bookkeeping: stamps, derived fields and history, as records come and change."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any, Literal

from connectors.sandbox.company.in_salesforce.ids import owner_name, person_record_id
from connectors.sandbox.company.rows import Row, Rows, add_row
from connectors.sandbox.salesforce.schema import standard_types
from connectors.sandbox.salesforce.times import stamp

HISTORIES: Mapping[str, tuple[str, str]] = {
    "Lead": ("LeadHistory", "LeadId"),
    "Contact": ("ContactHistory", "ContactId"),
    "Opportunity": ("OpportunityFieldHistory", "OpportunityId"),
}
"""The object that keeps an object's tracked changes, and its reference to the record."""

STAGES: Mapping[str, tuple[int, str]] = {
    "Prospecting": (10, "Pipeline"),
    "Qualification": (20, "Pipeline"),
    "Proposal": (50, "BestCase"),
    "Negotiation": (75, "Forecast"),
    "Closed Won": (100, "Closed"),
    "Closed Lost": (0, "Omitted"),
}
"""Probability and forecast category that follow from an Opportunity's stage."""

_DATA_TYPES = {"Amount": "Currency", "CloseDate": "DateOnly"}
_SNAPSHOT = ("StageName", "Amount", "Probability", "CloseDate", "ForecastCategory")


@dataclass(frozen=True)
class Entry:
    """One thing that was done to a record, by the user of an id."""

    at: datetime
    kind: Literal["create", "change", "delete", "purge"]
    object_name: str
    record_id: str
    by: str
    values: Mapping[str, Any] = field(default_factory=dict)
    event: str | None = None
    """A line of history without values that Salesforce adds, such as leadConverted."""


class Ledger:
    """The rows of one person's records, kept up entry by entry, oldest first."""

    def __init__(self, person: int) -> None:
        self.rows: Rows = {}
        self._person = person
        self._counts: Counter[str] = Counter()

    def take(self, entry: Entry) -> None:
        """Carry out one entry."""
        match entry.kind:
            case "create":
                self._create(entry)
            case "change":
                self._change(entry)
            case "delete":
                self._delete(entry)
            case "purge":
                self._purge(entry)
        if entry.event:
            self._keep_line(entry, entry.event, "Text", None, None)

    def _create(self, entry: Entry) -> None:
        name, when = entry.object_name, stamp(entry.at)
        stamps = {"CreatedDate": when, "CreatedById": entry.by, "SystemModstamp": when}
        stamps |= {"LastModifiedDate": when, "LastModifiedById": entry.by}
        row = blank_row(name) | dict(entry.values) | {"Id": entry.record_id}
        row |= {column: value for column, value in stamps.items() if column in row}
        row |= _derived(name, row, entry.values, when)
        add_row(self.rows, _table(name), row)
        if name in HISTORIES:
            self._keep_line(entry, "created", "Text", None, None)
        if name == "Opportunity":
            self._snapshot(row, entry)

    def _change(self, entry: Entry) -> None:
        name, when = entry.object_name, stamp(entry.at)
        row = self.rows[_table(name)][(entry.record_id,)]
        before = dict(row)
        row |= entry.values
        row |= _derived(name, row, entry.values, when)
        row |= {"LastModifiedDate": when, "LastModifiedById": entry.by, "SystemModstamp": when}
        for tracked in standard_types()[name].tracked if name in HISTORIES else ():
            if row[tracked] != before[tracked]:
                self._track(entry, tracked, before[tracked], row[tracked])
        if name == "Opportunity" and any(row[column] != before[column] for column in _SNAPSHOT):
            self._snapshot(row, entry)

    def _delete(self, entry: Entry) -> None:
        self._change(replace(entry, values={**entry.values, "IsDeleted": True}))
        for child in self._children(entry):
            child["IsDeleted"] = True
            if "SystemModstamp" in child:
                child["SystemModstamp"] = stamp(entry.at)

    def _purge(self, entry: Entry) -> None:
        gone = {row["Id"] for row in self._children(entry)} | {entry.record_id}
        for table in self.rows.values():
            for key in [key for key in table if key[0] in gone]:
                del table[key]

    def _children(self, entry: Entry) -> list[Row]:
        if entry.object_name not in HISTORIES:
            return []
        history, parent = HISTORIES[entry.object_name]
        references = {history: parent, "Task": "WhoId", "Event": "WhoId", "CampaignMember": parent}
        return [
            row
            for name, column in references.items()
            for row in self.rows.get(_table(name), {}).values()
            if row[column] == entry.record_id
        ]

    def _track(self, entry: Entry, column: str, old: Any, new: Any) -> None:
        if column == "OwnerId":
            self._keep_line(entry, "Owner", "Text", owner_name(old), owner_name(new))
            self._keep_line(entry, "Owner", "EntityId", old, new)
        else:
            kind = _DATA_TYPES.get(column, "Text")
            self._keep_line(entry, column, kind, _text(old), _text(new))

    def _keep_line(
        self, entry: Entry, column: str, kind: str, old: str | None, new: str | None
    ) -> None:
        history, parent = HISTORIES[entry.object_name]
        line = {"Field": column, "DataType": kind, "OldValue": old, "NewValue": new}
        self._add_kept(history, entry, line | {parent: entry.record_id})

    def _snapshot(self, row: Row, entry: Entry) -> None:
        values = {column: row[column] for column in _SNAPSHOT}
        values |= {"OpportunityId": row["Id"], "SystemModstamp": stamp(entry.at)}
        self._add_kept("OpportunityHistory", entry, values)

    def _add_kept(self, name: str, entry: Entry, values: Mapping[str, Any]) -> None:
        # Histories of tracked fields share one key prefix, so that they share one count.
        kind = "OpportunityHistory" if name == "OpportunityHistory" else "LeadHistory"
        record_id = person_record_id(name, self._person, self._counts[kind])
        self._counts[kind] += 1
        told = {"CreatedDate": stamp(entry.at), "CreatedById": entry.by, "Id": record_id}
        add_row(self.rows, _table(name), blank_row(name) | dict(values) | told)


@cache
def _blank(name: str) -> Mapping[str, Any]:
    known = standard_types()[name]
    return {f.name: False if f.type == "boolean" else None for f in known.kept_fields}


def blank_row(name: str) -> Row:
    """Return an empty row of an object."""
    return dict(_blank(name))


def _table(name: str) -> str:
    return f"salesforce_{name}"


def _derived(name: str, row: Row, values: Mapping[str, Any], when: str) -> Row:
    if name in ("Lead", "Contact"):
        return {"Name": " ".join(filter(None, (row["FirstName"], row["LastName"])))}
    if name != "Opportunity" or "StageName" not in values:
        return {}
    probability, category = STAGES[row["StageName"]]
    return {
        "Probability": probability,
        "ForecastCategory": category,
        "IsClosed": row["StageName"].startswith("Closed"),
        "IsWon": row["StageName"] == "Closed Won",
        "LastStageChangeDate": when,
    }


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
