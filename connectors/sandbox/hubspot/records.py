"""Records of every object as they are kept: reading them, by id and by the ids of merged ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from connectors.sandbox.hubspot.facts import APP_ID
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.values import Kept
from connectors.sandbox.store import Store

_decoder = msgspec.json.Decoder(dict[str, Any])


@dataclass(frozen=True)
class Record:
    """One record. Times are milliseconds since 1970."""

    object_type: ObjectType
    id: int
    created_at: int
    updated_at: int
    archived_at: int | None
    kept: Mapping[str, Kept]
    calculated: Mapping[str, Kept] = field(default_factory=dict)
    """What HubSpot worked out, of those properties that were asked for."""

    def with_calculated(self, calculated: Mapping[str, Kept]) -> "Record":
        """Return the record with what HubSpot worked out; `replace` takes four times as long."""
        times = (self.created_at, self.updated_at, self.archived_at)
        return Record(self.object_type, self.id, *times, self.kept, calculated)

    @property
    def told(self) -> Mapping[str, Kept]:
        """What HubSpot tells of every record."""
        return {
            "hs_object_id": str(self.id),
            self.object_type.created: self.created_at,
            self.object_type.modified: self.updated_at,
        }

    def value(self, name: str) -> Kept:
        """Return a kept value, or one that HubSpot tells or has worked out."""
        held = {**self.kept, **self.calculated, **self.told}
        return held.get(name)


@dataclass(frozen=True)
class Source:
    """Who or what made a change, as history tells it."""

    type: str
    id: str | None = None
    label: str | None = None
    user_id: int | None = None
    keeps_rules: bool = True
    """Whether the portal's own rules bind it, as they do people on pages."""


INTEGRATION = Source("INTEGRATION", "4096512", "Leadcycle service key")
APP = Source("INTEGRATION", str(APP_ID), "Leadcycle app")


def read_record(object_type: ObjectType, row: Any) -> Record:
    """Return the record that a row of hubspot_records keeps."""
    kept = _decoder.decode(row["properties"])
    times = (row["created_at"], row["updated_at"], row["archived_at"])
    return Record(object_type, row["id"], *times, kept)


def find_record(
    store: Store, object_type: ObjectType, record_id: int, archived: bool = False
) -> Record | None:
    """Return a record among the living or the archived; a merged id finds what it became."""
    sql = "select * from hubspot_records where object_type = ? and id = ?"
    row = store.row(sql, object_type.name, surviving_id(store, object_type, record_id))
    found = None if row is None else read_record(object_type, row)
    return found if found and (found.archived_at is not None) == archived else None


def surviving_id(store: Store, object_type: ObjectType, record_id: int) -> int:
    """Return the id of what a record has become by merges; its own when it was never merged."""
    sql = "select survivor_id from hubspot_merges where object_type = ? and old_id = ?"
    while (survivor := store.value(sql, object_type.name, record_id)) is not None:
        record_id = survivor
    return record_id


def history_of(store: Store, record: Record, name: str) -> list[dict[str, Any]]:
    """Return kept history entries of one property, newest first."""
    rows = store.rows(
        "select * from hubspot_history where object_type = ? and record_id = ? and property = ? "
        "order by changed_at desc, rowid desc",
        record.object_type.name,
        record.id,
        name,
    )
    return [dict(row) for row in rows]
