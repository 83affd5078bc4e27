"""Tables, and each object's properties: those of schema/*.yaml and those created over the API."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from connectors.sandbox.clock import from_ms, instant
from connectors.sandbox.store import Store


@dataclass(frozen=True)
class Property:
    """One property of an object. Options map values to labels, in display order."""

    name: str
    label: str
    type: str
    field_type: str
    group: str
    description: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    read_only: bool = False
    calculated: bool = False
    unique: bool = False
    external: bool = False
    """Whether options come from elsewhere (owners), so that they are not listed."""
    hubspot_defined: bool = True
    created_at: int = 0
    updated_at: int = 0
    """Milliseconds since 1970; 0 for HubSpot's own."""

    def to_json(self) -> dict[str, Any]:
        """Return the property as the API shows it."""
        body: dict[str, Any] = {
            "name": self.name,
            "label": self.label,
            "type": self.type,
            "fieldType": self.field_type,
            "description": self.description,
            "groupName": self.group,
            "options": self._options(),
            "displayOrder": -1,
            "calculated": self.calculated,
            "externalOptions": self.external,
            "hasUniqueValue": self.unique,
            "hidden": False,
            "hubspotDefined": self.hubspot_defined,
            "modificationMetadata": {
                "archivable": not self.hubspot_defined,
                "readOnlyDefinition": self.hubspot_defined,
                "readOnlyValue": self.read_only,
            },
            "formField": not self.read_only,
            "archived": False,
        }
        if self.created_at:
            body["createdAt"] = instant(from_ms(self.created_at))
            body["updatedAt"] = instant(from_ms(self.updated_at))
        return body

    def _options(self) -> list[dict[str, Any]]:
        return [
            {"label": label, "value": value, "displayOrder": order, "hidden": False}
            for order, (value, label) in enumerate(self.options.items())
        ]


@cache
def _standard(object_name: str) -> dict[str, Any]:
    path = Path(__file__).parent / "schema" / f"{object_name}.yaml"
    listed: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return listed


@cache
def standard_properties(object_name: str) -> Mapping[str, Property]:
    """Return the properties that an object has from the start, by name."""
    return {entry["name"]: Property(**entry) for entry in _standard(object_name)["properties"]}


def properties(store: Store, object_name: str) -> dict[str, Property]:
    """Return every property of an object, by name."""
    sql = "select definition from hubspot_properties where object_type = ? order by rowid"
    own = [Property(**json.loads(row["definition"])) for row in store.rows(sql, object_name)]
    return {**standard_properties(object_name), **{known.name: known for known in own}}


def groups(store: Store, object_name: str) -> dict[str, str]:
    """Return the labels of an object's property groups, by name."""
    sql = "select name, label from hubspot_groups where object_type = ? order by rowid"
    own = {row["name"]: row["label"] for row in store.rows(sql, object_name)}
    return {**_standard(object_name)["groups"], **own}


def keep_property(store: Store, object_name: str, known: Property) -> None:
    """Keep a property that was created or changed over the API."""
    store.run(
        "insert into hubspot_properties values (?, ?, ?) "
        "on conflict (object_type, name) do update set definition = excluded.definition",
        object_name,
        known.name,
        json.dumps(asdict(known)),
    )


def keep_group(store: Store, object_name: str, name: str, label: str) -> None:
    """Keep a group that was created over the API."""
    store.run("insert into hubspot_groups values (?, ?, ?)", object_name, name, label)


def create_tables(store: Store) -> None:
    """Create the tables of the HubSpot account."""
    store.create_tables(_TABLES)


_TABLES = """
create table if not exists hubspot_properties (
    object_type text not null, name text not null, definition text not null,
    primary key (object_type, name));
create table if not exists hubspot_groups (
    object_type text not null, name text not null, label text not null,
    primary key (object_type, name));
create table if not exists hubspot_records (
    object_type text not null, id integer not null, created_at integer not null,
    updated_at integer not null, archived_at integer, email text collate nocase,
    properties text not null, primary key (object_type, id));
create index if not exists record_updated on hubspot_records (object_type, updated_at, id);
create unique index if not exists contact_email on hubspot_records (email)
    where object_type = 'contacts' and archived_at is null;
create index if not exists contact_more_emails
    on hubspot_records (json_extract(properties, '$.hs_additional_emails'))
    where object_type = 'contacts'
    and json_extract(properties, '$.hs_additional_emails') is not null;
create table if not exists hubspot_history (
    object_type text not null, record_id integer not null, property text not null, value text,
    changed_at integer not null, source_type text not null, source_id text, source_label text,
    user_id integer);
create index if not exists history_record on hubspot_history (object_type, record_id, property);
create table if not exists hubspot_associations (
    from_type text not null, from_id integer not null, to_type text not null,
    to_id integer not null, type_id integer not null,
    category text not null default 'HUBSPOT_DEFINED', label text,
    primary key (from_type, from_id, to_type, to_id, type_id)) without rowid;
create table if not exists hubspot_merges (
    object_type text not null, old_id integer not null, survivor_id integer not null,
    primary key (object_type, old_id));
create table if not exists hubspot_owners (
    id integer primary key, user_id integer not null, email text not null,
    first_name text not null, last_name text not null, archived integer not null default 0,
    teams text not null default '[]', created_at integer not null, updated_at integer not null);
create table if not exists hubspot_forms (
    id text primary key, name text not null, form_type text not null,
    lifecycle_stage text not null, created_at integer not null);
create table if not exists hubspot_submissions (
    conversion_id text primary key, form_id text not null, submitted_at integer not null,
    page_url text, contact_id integer not null, fields text not null);
create index if not exists submission_form on hubspot_submissions (form_id, submitted_at);
create index if not exists submission_contact on hubspot_submissions (contact_id);
"""
