"""HubSpot's own bookkeeping: stamps, history, associations and merges, as records change."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any, Literal

from connectors.sandbox.clock import to_ms
from connectors.sandbox.company.in_hubspot.ids import form_id
from connectors.sandbox.company.rows import Row, Rows, add_row
from connectors.sandbox.company.words import words
from connectors.sandbox.hubspot.association_kinds import (
    CATEGORY,
    AssociationType,
    association_types,
)
from connectors.sandbox.hubspot.records import Source
from connectors.sandbox.hubspot.values import Kept

_HISTORY_FROM_START = frozenset(
    {"email", "firstname", "lastname", "company", "lifecyclestage", "hs_lead_status"}
    | {"hubspot_owner_id", "dealstage"}
)
"""Properties whose first value has a line of history in the sandbox; changes of any have one."""


@dataclass(frozen=True)
class Entry:
    """One thing that was done to a record."""

    at: datetime
    kind: Literal["create", "change", "associate", "submit", "archive", "merge"]
    object_type: str
    record_id: int
    source: Source
    values: Mapping[str, Kept] = field(default_factory=dict)
    other: tuple[str, int] = ("", 0)
    """The other record of an association or a merge: its type and id."""
    survivor: int = 0
    """The id of what a merge makes."""

    def with_others(self, other: tuple[str, int], survivor: int) -> "Entry":
        """Return the entry with the other record of a merge, and what it makes."""
        return replace(self, other=other, survivor=survivor)


class Ledger:
    """The rows of one person's records, kept up entry by entry, oldest first."""

    def __init__(self) -> None:
        self.rows: Rows = {}
        self._survivors: dict[int, int] = {}
        """Contacts that were merged, and what they became: the story goes on by the old id."""

    def take(self, entry: Entry) -> None:
        """Carry out one entry."""
        if entry.object_type == "contacts":
            entry = replace(entry, record_id=self._survivors.get(entry.record_id, entry.record_id))
        match entry.kind:
            case "create":
                self._create(entry)
            case "change":
                self._change(entry)
            case "associate":
                self._associate(entry)
            case "submit":
                self._submit(entry)
            case "archive":
                self._archive(entry)
            case "merge":
                self._merge(entry)

    def _create(self, entry: Entry) -> None:
        when = to_ms(entry.at)
        kept = {name: value for name, value in entry.values.items() if value not in (None, "")}
        row = {
            "object_type": entry.object_type,
            "id": entry.record_id,
            "created_at": when,
            "updated_at": when,
            "archived_at": None,
            "email": kept.get("email") if entry.object_type == "contacts" else None,
            "properties": kept,
        }
        add_row(self.rows, "hubspot_records", row)
        first = {name: value for name, value in kept.items() if name in _HISTORY_FROM_START}
        self._keep_history(entry, first)

    def _change(self, entry: Entry) -> None:
        row = self._row(entry)
        kept = row["properties"]
        changed = {name: v for name, v in entry.values.items() if v != kept.get(name, "")}
        kept |= {name: value for name, value in changed.items() if value != ""}
        row["properties"] = {name: v for name, v in kept.items() if changed.get(name) != ""}
        row["updated_at"] = to_ms(entry.at)
        if entry.object_type == "contacts":
            row["email"] = row["properties"].get("email")
        self._keep_history(entry, changed)

    def _associate(self, entry: Entry) -> None:
        other_type, other_id = entry.other
        other_id = self._survivors.get(other_id, other_id) if other_type == "contacts" else other_id
        ends = (entry.record_id, other_id)
        for kind in _kinds(entry.object_type, other_type):
            self._keep_association(kind, *ends)
        for kind in _kinds(other_type, entry.object_type):
            self._keep_association(kind, *reversed(ends))

    def _keep_association(self, kind: AssociationType, from_id: int, to_id: int) -> None:
        row = {
            "from_type": kind.from_type,
            "from_id": from_id,
            "to_type": kind.to_type,
            "to_id": to_id,
            "type_id": kind.id,
            "category": CATEGORY,
            "label": kind.label,
        }
        add_row(self.rows, "hubspot_associations", row)

    def _submit(self, entry: Entry) -> None:
        form, when = words()["forms"][entry.source.id], to_ms(entry.at)
        key = f"{entry.record_id}:{when}:{entry.source.id}"
        values = [
            {"name": name, "value": value, "objectTypeId": "0-1"}
            for name, value in entry.values.items()
        ]
        row = {
            "conversion_id": str(uuid.uuid5(uuid.NAMESPACE_OID, key)),
            "form_id": form_id(str(entry.source.id)),
            "submitted_at": when,
            "page_url": "https://www.sandbox.example" + form["page"],
            "contact_id": entry.record_id,
            "fields": values,
        }
        add_row(self.rows, "hubspot_submissions", row)
        held = self._row(entry)["properties"].get("num_conversion_events", "0")
        conversion: dict[str, Kept] = {
            "num_conversion_events": str(int(held) + 1),
            "recent_conversion_date": when,
            "recent_conversion_event_name": form["name"],
        }
        self._change(replace(entry, values=conversion))

    def _archive(self, entry: Entry) -> None:
        row = self._row(entry)
        row["archived_at"] = row["updated_at"] = to_ms(entry.at)
        kept = self.rows.get("hubspot_associations", {})
        for key in [key for key in kept if entry.record_id in (key[1], key[3])]:
            del kept[key]

    def _merge(self, entry: Entry) -> None:
        primary, other, survivor = entry.record_id, entry.other[1], entry.survivor
        records = self.rows["hubspot_records"]
        lost = records.pop(("contacts", other))["properties"]
        row = records.pop(("contacts", primary))
        row["properties"] = {
            **lost,
            **row["properties"],
            "hs_merged_object_ids": f"{primary};{other}",
            "hs_additional_emails": lost.get("email"),
        }
        row |= {"id": survivor, "updated_at": to_ms(entry.at)}
        add_row(self.rows, "hubspot_records", row)
        self._survivors |= {primary: survivor, other: survivor}
        for old in (primary, other):
            merge = {"object_type": "contacts", "old_id": old, "survivor_id": survivor}
            add_row(self.rows, "hubspot_merges", merge)
        self._move(primary, other, survivor)

    def _move(self, primary: int, other: int, survivor: int) -> None:
        """Give the survivor the primary's history, and what hung on either of the two."""
        history = self.rows.pop("hubspot_history", {})
        for line in history.values():
            if line["record_id"] == primary and line["object_type"] == "contacts":
                add_row(self.rows, "hubspot_history", line | {"record_id": survivor})
            elif line["record_id"] != other:
                add_row(self.rows, "hubspot_history", line)
        associations = self.rows.pop("hubspot_associations", {})
        for row in associations.values():
            moved = dict(row)
            for kind, end in (("from_type", "from_id"), ("to_type", "to_id")):
                if moved[kind] == "contacts" and moved[end] in (primary, other):
                    moved[end] = survivor
            add_row(self.rows, "hubspot_associations", moved)
        for submission in self.rows.get("hubspot_submissions", {}).values():
            submission["contact_id"] = survivor

    def _row(self, entry: Entry) -> Row:
        return self.rows["hubspot_records"][(entry.object_type, entry.record_id)]

    def _keep_history(self, entry: Entry, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            line = {
                "object_type": entry.object_type,
                "record_id": entry.record_id,
                "property": name,
                "value": value,
                "changed_at": to_ms(entry.at),
                "source_type": entry.source.type,
                "source_id": entry.source.id,
                "source_label": entry.source.label,
                "user_id": entry.source.user_id,
            }
            add_row(self.rows, "hubspot_history", line)


@cache
def _kinds(from_type: str, to_type: str) -> tuple[AssociationType, ...]:
    """Return the types between two objects: a person has one company, so it is the primary one."""
    wanted = (from_type, to_type)
    return tuple(t for t in association_types().values() if (t.from_type, t.to_type) == wanted)
