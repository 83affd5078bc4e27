"""Custom objects: what the account says of them, and the properties that each of them has.

HubSpot's guide ("Custom objects"): an object is made with its properties, one of which names its
records, and goes by its name, by p<portal>_<name> or by its type id, which starts with 2-.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import Refusal, bad_input
from connectors.sandbox.hubspot.object_types import (
    ObjectType,
    custom_type,
    find_object_type,
    forget_object_type,
    fully_qualified,
    keep_object_type,
)
from connectors.sandbox.hubspot.property_api.rules import made_property
from connectors.sandbox.hubspot.schema import Property, keep_group, keep_property
from connectors.sandbox.store import Store

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FIRST_TYPE = 43_000_000


@dataclass(frozen=True)
class Schema:
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


def schemas(store: Store) -> list[Schema]:
    """Return the schemas of all custom objects, the oldest first."""
    rows = store.rows("select definition from hubspot_object_schemas order by rowid")
    return [msgspec.json.decode(row["definition"], type=Schema) for row in rows]


def schema_of(store: Store, object_type: ObjectType) -> Schema | None:
    """Return the schema of a custom object, or None for an object of every account."""
    return next((known for known in schemas(store) if known.name == object_type.name), None)


def keep_schema(store: Store, schema: Schema) -> None:
    """Keep a schema that is new or changed."""
    store.run(
        "insert into hubspot_object_schemas values (?, ?) "
        "on conflict (name) do update set definition = excluded.definition",
        schema.name,
        msgspec.json.encode(schema).decode(),
    )


def forget_schema(store: Store, object_type: ObjectType) -> None:
    """Forget a custom object that has no records, with its properties.

    Raises:
        Refusal: it still has some.
    """
    name = object_type.name
    held = "select 1 from hubspot_records where object_type = ? and archived_at is null"
    if store.value(held, name):
        raise bad_input(f"{object_type.singular} can't be deleted while it has records")
    for table in ("hubspot_object_schemas where name", "hubspot_properties where object_type"):
        store.run(f"delete from {table} = ?", name)  # noqa: S608 - constants
    store.run("delete from hubspot_property_groups where object_type = ?", name)
    forget_object_type(store, object_type)


def make_object(
    sandbox: Sandbox,
    schema: Schema,
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
        message = f"An object type named '{bare}' already exists."
        raise Refusal(message, 409, "OBJECT_ALREADY_EXISTS")
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
