"""The objects and fields of the sandbox org: those it has from the start, and custom ones added."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from connectors.sandbox.store import Store, quoted

COLUMN_TYPES = {
    "boolean": "integer",
    "int": "integer",
    "double": "real",
    "currency": "real",
    "percent": "real",
    "anyType": "blob",
}
_EXACT = frozenset({"id", "reference", "datetime", "date"})


@dataclass(frozen=True)
class Field:
    """One field. Length counts characters; precision and scale count digits."""

    name: str
    label: str
    type: str
    length: int = 0
    precision: int = 0
    scale: int = 0
    digits: int = 0
    createable: bool = True
    updateable: bool = True
    nillable: bool = True
    custom: bool = False
    restricted: bool = False
    defaulted: bool = False
    default: str | None = None
    options: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()

    @property
    def column(self) -> str:
        """How the field is kept: text compares without regard to case, as SOQL does."""
        kind = COLUMN_TYPES.get(self.type, "text")
        fold = " collate nocase" if kind == "text" and self.type not in _EXACT else ""
        return f"{quoted(self.name)} {kind}{fold}"


@dataclass(frozen=True)
class ObjectType:
    """One sObject type."""

    name: str
    label: str
    plural: str
    prefix: str
    fields: Mapping[str, Field]
    history: str = ""
    """The object that keeps the history of the tracked fields."""
    tracked: tuple[str, ...] = ()
    mergeable: bool = False
    read_only: bool = False
    tooling: bool = False

    @property
    def table(self) -> str:
        """The SQL table that keeps the records."""
        return quoted(f"salesforce_{self.name}")

    @property
    def added_fields(self) -> tuple[Field, ...]:
        """The custom fields that the org did not have from the start."""
        shipped = standard_types()[self.name].fields
        return tuple(field for field in self.fields.values() if field.name not in shipped)

    def find(self, name: str) -> Field | None:
        """Return a field by its name in any case."""
        folded = name.lower()
        return next((f for f in self.fields.values() if f.name.lower() == folded), None)


@cache
def standard_types() -> Mapping[str, ObjectType]:
    """Return the objects as the org has them from the start, its own custom fields included."""
    return {
        name: _object_type(name, entry)
        for file in sorted((Path(__file__).parent / "schema").glob("*.yaml"))
        for name, entry in yaml.safe_load(file.read_text(encoding="utf-8")).items()
    }


def _object_type(name: str, entry: dict[str, Any]) -> ObjectType:
    fields = {listed["name"]: _standard_field(listed) for listed in entry.pop("fields")}
    tracked = tuple(entry.pop("tracked", ()))
    return ObjectType(name=name, fields=fields, tracked=tracked, **entry)


def _standard_field(listed: dict[str, Any]) -> Field:
    entry = dict(listed)
    system, required = entry.pop("system", False), entry.pop("required", False)
    fixed = entry.pop("fixed", False)
    is_id = entry["type"] in ("id", "reference")
    return Field(
        createable=entry.pop("createable", not system),
        updateable=not system and not fixed,
        nillable=entry.pop("nillable", not system and not required),
        length=entry.pop("length", 18 if is_id else 0),
        options=tuple(entry.pop("options", ())),
        refers_to=tuple(entry.pop("refers_to", ())),
        **entry,
    )


def object_types(store: Store) -> dict[str, ObjectType]:
    """Return every object with its standard and custom fields, by name."""
    types = dict(standard_types())
    for row in store.rows("select object_name, field from salesforce_custom_fields order by rowid"):
        known = types[row["object_name"]]
        custom = Field(**{**json.loads(row["field"]), "options": (), "refers_to": ()})
        types[known.name] = _with_field(known, custom)
    return types


def _with_field(known: ObjectType, field: Field) -> ObjectType:
    return ObjectType(**{**vars(known), "fields": {**known.fields, field.name: field}})


def find_type(store: Store, name: str, tooling: bool = False) -> ObjectType | None:
    """Return an object by its name in any case; Tooling API objects only when asked for."""
    for known in object_types(store).values():
        if known.name.lower() == name.lower() and known.tooling == tooling:
            return known
    return None


def type_of_id(record_id: str) -> ObjectType | None:
    """Return the object, with its standard fields, that an id's prefix stands for."""
    return _types_by_prefix().get(record_id[:3])


@cache
def _types_by_prefix() -> Mapping[str, ObjectType]:
    return {known.prefix: known for known in standard_types().values() if not known.tooling}


def name_of(store: Store, record_id: str | None) -> str | None:
    """Return the name of the user, account or any other record with a name."""
    known = type_of_id(record_id) if record_id else None
    if known is None or "Name" not in known.fields:
        return None
    name: str | None = store.value(f"select Name from {known.table} where Id = ?", record_id)  # noqa: S608 - a name of our schema
    return name


def add_custom_field(store: Store, object_name: str, field: Field) -> None:
    """Add a custom field to an object and its column to the object's table."""
    known = object_types(store)[object_name]
    store.run(
        "insert into salesforce_custom_fields values (?, ?, ?)",
        object_name,
        field.name,
        json.dumps(asdict(field)),
    )
    store.run(f"alter table {known.table} add column {field.column}")


def create_tables(store: Store) -> None:
    """Create a table for every object, and those for custom fields, sessions and cursors."""
    store.create_tables(_OWN_TABLES)
    for known in standard_types().values():
        columns = ", ".join(field.column for field in known.fields.values())
        store.create_tables(
            f"create table if not exists {known.table} ({columns}, primary key (Id));"
        )
        for indexed in _indexed_columns(known):
            store.create_tables(_index(known, indexed))


def _indexed_columns(known: ObjectType) -> list[tuple[str, ...]]:
    stamp = "SystemModstamp" if "SystemModstamp" in known.fields else "CreatedDate"
    return [(stamp, "Id"), *((name,) for name in _PARENTS if name in known.fields)]


def _index(known: ObjectType, columns: tuple[str, ...]) -> str:
    name = quoted("_".join((known.name, *columns)))
    return f"create index if not exists {name} on {known.table} ({', '.join(columns)});"


_OWN_TABLES = """
create table if not exists salesforce_custom_fields (
    object_name text, name text, field text, primary key (object_name, name));
create table if not exists salesforce_sessions (
    token text primary key, expires_at text not null, calls integer not null);
create table if not exists salesforce_cursors (
    id text primary key, opened_at text not null, query text not null, record_ids text not null);
"""
_PARENTS = (
    "LeadId",
    "ContactId",
    "AccountId",
    "OpportunityId",
    "CampaignId",
    "WhoId",
    "WhatId",
    "ConvertedContactId",
)
"""References that merges, conversions, deletes and pages follow."""
