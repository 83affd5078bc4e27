"""Custom fields as the store keeps them: descriptions, and columns of their objects' tables."""

import json
from dataclasses import asdict

from connectors.sandbox.salesforce.schema import Field, ObjectType, object_types
from connectors.sandbox.salesforce.tables import index_name, index_sql
from connectors.sandbox.store import Store, quoted


def add_custom_field(store: Store, object_name: str, field: Field) -> None:
    """Add a custom field to an object and its column to the object's table."""
    known = object_types(store)[object_name]
    store.run(
        "insert into salesforce_custom_fields values (?, ?, ?)",
        object_name,
        field.name,
        json.dumps(asdict(field)),
    )
    if not field.expression:
        add_column(store, known, field)


def change_custom_field(store: Store, object_name: str, field: Field) -> None:
    """Keep another definition of a custom field; its column is left as it is."""
    store.run(
        "update salesforce_custom_fields set field = ? where object_name = ? and name = ?",
        json.dumps(asdict(field)),
        object_name,
        field.name,
    )


def drop_custom_field(store: Store, object_name: str, name: str) -> None:
    """Forget a custom field; its column is left as it is."""
    store.run(
        "delete from salesforce_custom_fields where object_name = ? and name = ?",
        object_name,
        name,
    )


def add_column(store: Store, known: ObjectType, field: Field) -> None:
    """Add the column of a field; records that are there get a checkbox's default, or nothing."""
    default = f" default {int(field.default == 'true')}" if field.type == "boolean" else ""
    store.run(f"alter table {known.table} add column {field.column}{default}")
    index_field(store, known, field)


def index_field(store: Store, known: ObjectType, field: Field) -> None:
    """Index a field by which records are looked up."""
    if field.external_id or field.unique:
        store.run(index_sql(known, (field.name,)))


def drop_column(store: Store, known: ObjectType, field: Field) -> None:
    """Drop the column of a field with all its values."""
    store.run(f"drop index if exists {index_name(known, (field.name,))}")
    store.run(f"alter table {known.table} drop column {quoted(field.name)}")
