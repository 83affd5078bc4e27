"""Contact properties and their groups: HubSpot's own from schema.yaml, and those created here."""

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
    """One contact property. Options map values to labels, in display order."""

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
def _standard() -> dict[str, Any]:
    path = Path(__file__).parent / "schema.yaml"
    listed: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return listed


@cache
def standard_properties() -> Mapping[str, Property]:
    """Return the properties every account has, by name."""
    return {entry["name"]: Property(**entry) for entry in _standard()["properties"]}


def properties(store: Store) -> dict[str, Property]:
    """Return every contact property, by name."""
    kept = store.rows("select definition from hubspot_properties order by rowid")
    own = [Property(**json.loads(row["definition"])) for row in kept]
    return {**standard_properties(), **{known.name: known for known in own}}


def groups(store: Store) -> dict[str, str]:
    """Return the labels of the property groups, by name."""
    own = store.rows("select name, label from hubspot_groups order by rowid")
    return {**_standard()["groups"], **{row["name"]: row["label"] for row in own}}


def keep_property(store: Store, known: Property) -> None:
    """Keep a property of the user's own, new or changed."""
    store.run(
        "insert into hubspot_properties values (?, ?) "
        "on conflict (name) do update set definition = excluded.definition",
        known.name,
        json.dumps(asdict(known)),
    )


def keep_group(store: Store, name: str, label: str) -> None:
    """Keep a group of the user's own."""
    store.run("insert into hubspot_groups values (?, ?)", name, label)


def create_tables(store: Store) -> None:
    """Create the tables of the HubSpot account."""
    store.create_tables(_TABLES)


_TABLES = """
create table if not exists hubspot_properties (name text primary key, definition text not null);
create table if not exists hubspot_groups (name text primary key, label text not null);
create table if not exists hubspot_contacts (
    id integer primary key, created_at integer not null, updated_at integer not null,
    archived_at integer, email text collate nocase, properties text not null);
create index if not exists contact_updated on hubspot_contacts (updated_at, id);
create unique index if not exists contact_email on hubspot_contacts (email)
    where archived_at is null;
create table if not exists hubspot_history (
    contact_id integer not null, property text not null, value text, changed_at integer not null,
    source_type text not null, source_id text, source_label text, user_id integer);
create index if not exists history_contact on hubspot_history (contact_id, property);
create table if not exists hubspot_owners (
    id integer primary key, user_id integer not null, email text not null,
    first_name text not null, last_name text not null);
create table if not exists hubspot_forms (
    id text primary key, name text not null, form_type text not null,
    lifecycle_stage text not null, created_at integer not null);
create table if not exists hubspot_submissions (
    conversion_id text primary key, form_id text not null, submitted_at integer not null,
    page_url text, contact_id integer not null, fields text not null);
create index if not exists submission_form on hubspot_submissions (form_id, submitted_at);
create index if not exists submission_contact on hubspot_submissions (contact_id);
"""
