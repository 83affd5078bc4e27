"""Putting values into an object's table, without any of the side effects."""

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.salesforce.schema import ObjectType
from connectors.sandbox.store import Store, quoted


def insert_values(store: Store, known: ObjectType, values: Mapping[str, Any]) -> None:
    """Keep a new record."""
    columns = ", ".join(quoted(name) for name in values)
    marks = ", ".join("?" for _ in values)
    sql = f"insert into {known.table} ({columns}) values ({marks})"  # noqa: S608 - names of our schema
    store.run(sql, *values.values())


def write_values(
    store: Store, known: ObjectType, record_id: str, values: Mapping[str, Any]
) -> None:
    """Keep values of a record that is there."""
    columns = ", ".join(f"{quoted(name)} = ?" for name in values)
    sql = f"update {known.table} set {columns} where Id = ?"  # noqa: S608 - names of our schema
    store.run(sql, *values.values(), record_id)


def find_values(store: Store, known: ObjectType, record_id: str) -> dict[str, Any] | None:
    """Return every kept value of a record, deleted or not, by its id of 18 characters."""
    row = store.row(f"select * from {known.table} where Id = ?", record_id)  # noqa: S608 - a name of our schema
    return None if row is None else dict(row)
