"""Custom objects: what the account says of them, and the properties that each of them has.

HubSpot's guide ("Custom objects"): an object is made with its properties, one of which names its
records, and goes by its name, by p<portal>_<name> or by its type id, which starts with 2-.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import already_exists, bad_input
from connectors.sandbox.hubspot.object_types import (
    ObjectType,
    custom_type,
    find_object_type,
    forget_object_type,
    fully_qualified,
    keep_object_type,
)
from connectors.sandbox.hubspot.property_api.definition_rules import made_property
from connectors.sandbox.hubspot.schema import Property, keep_group, keep_property
from connectors.sandbox.store import Store

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FIRST_TYPE = 43_000_000


@dataclass(frozen=True)
class CustomObject:
    """What a custom object is said to be. Times are milliseconds since 1970."""

    name: str
    """The fully qualified one."""
    labels: Mapping[str, str]
    primary: str
    created_at: int
    updated_at: int
    description: str | None = None
    secondary: tuple[str, ...] = ()
    associated: tuple[str, ...] = ()
    """Names of the objects that it was made to be associated with."""


def create_tables(store: Store) -> None:
    """Create the table of schemas."""
    store.create_tables(
        "create table if not exists hubspot_object_schemas "
        "(name text primary key, definition text not null);"
    )


def schemas(store: Store) -> list[CustomObject]:
    """Return the schemas of all custom objects, the oldest first."""
    rows = store.rows("select definition from hubspot_object_schemas order by rowid")
    return [msgspec.json.decode(row["definition"], type=CustomObject) for row in rows]


def custom_object_of(store: Store, object_type: ObjectType) -> CustomObject | None:
    """Return the schema of a custom object, or None for an object of every account."""
    return next((known for known in schemas(store) if known.name == object_type.name), None)


def keep_schema(store: Store, schema: CustomObject) -> None:
    """Keep a schema that is new or changed."""
    store.run(
        "insert into hubspot_object_schemas values (?, ?) "
        "on conflict (name) do update set definition = excluded.definition",
        schema.name,
        msgspec.json.encode(schema).decode(),
    )


def forget_schema(store: Store, object_type: ObjectType) -> None:
    """Forget a custom object that has no records, with all that is of it or leads to it.

    Raises:
        Refusal: it still has some.
    """
    name = object_type.name
    held = "select 1 from hubspot_records where object_type = ? and archived_at is null"
    if store.value(held, name):
        raise bad_input(f"{object_type.singular} can't be deleted while it has records")
    for place in _PLACES_BY_NAME:
        store.run(f"delete from {place} = ?", name)  # noqa: S608 - constants
    for statement in (_MEMBERS, _LISTS, _EVENTS, _SUBSCRIPTIONS):
        store.run(statement, object_type.type_id)
    for other in schemas(store):
        if name in other.associated:
            left = tuple(known for known in other.associated if known != name)
            keep_schema(store, replace(other, associated=left))
    forget_object_type(store, object_type)


_PLACES_BY_NAME = (
    "hubspot_object_schemas where name",
    *(
        f"hubspot_{table} where object_type"
        for table in (
            *("properties", "property_groups", "pipelines", "records", "history"),
            *("merges", "removed", "index_behind"),
        )
    ),
    *(
        f"{table} where {end}"
        for table in ("hubspot_associations", "hubspot_association_types")
        for end in ("from_type", "to_type")
    ),
)
_MEMBERS = """
delete from hubspot_list_members
where list_id in (select id from hubspot_lists where object_type_id = ?)
"""
_LISTS = "delete from hubspot_lists where object_type_id = ?"
_EVENTS = """
delete from hubspot_events
where subscription_id in (select id from hubspot_subscriptions where object_type_id = ?)
"""
_SUBSCRIPTIONS = "delete from hubspot_subscriptions where object_type_id = ?"


def make_object(
    sandbox: Sandbox,
    schema: CustomObject,
    given: Sequence[Mapping[str, Any]],
    more: Mapping[str, Sequence[str]],
) -> None:
    """Make a custom object with its properties as a body describes them.

    `more` names its `required` and its `searchable` properties.

    Raises:
        Refusal: its name is none, or taken, or a property is not well described.
    """
    store, bare = sandbox.store, schema.name.partition("_")[2]
    if not _NAME.fullmatch(bare):
        raise bad_input(f"Invalid object name {bare}: lower-case letters, digits and underscores")
    if find_object_type(store, bare) is not None:
        raise already_exists(f"An object type named '{bare}' already exists.")
    type_id = f"2-{_FIRST_TYPE + store.next_number('hubspot object types')}"
    made = custom_type(schema.name, type_id, more["required"], more["searchable"])
    keep_object_type(store, made)
    keep_schema(store, schema)
    group = f"{bare}_information"
    keep_group(store, schema.name, group, f"{schema.labels.get('singular', bare)} information")
    for known in _own_properties(group):
        keep_property(store, schema.name, known)
    for entry in given:
        body = {"type": "string", "fieldType": "text", "groupName": group, **entry}
        keep_property(store, schema.name, made_property(sandbox, schema.name, body))


def qualified(body: Mapping[str, Any]) -> str:
    """Return the fully qualified name for the name in a body."""
    return fully_qualified(str(body["name"]))


def _own_properties(group: str) -> list[Property]:
    """Return the properties that HubSpot gives every object."""
    calendar, choice = ("datetime", "date", group), ("enumeration", "select", group)
    several = ("enumeration", "checkbox", group)
    return [
        Property("hs_object_id", "Record ID", "number", "number", group, read_only=True),
        Property("hs_createdate", "Object create date/time", *calendar, read_only=True),
        Property("hs_lastmodifieddate", "Object modified date/time", *calendar, read_only=True),
        Property("hubspot_owner_id", "Owner", *choice, external=True),
        Property(
            "hs_merged_object_ids", "Merged record IDs", *several, external=True, read_only=True
        ),
    ]
