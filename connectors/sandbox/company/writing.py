"""Putting rendered rows into the sandbox's tables: all, or only what has become different."""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from connectors.sandbox.company.rows import Row, Rows, key_columns
from connectors.sandbox.store import Store, quoted

_STAMPS = frozenset({"SystemModstamp", "LastModifiedDate", "updated_at"})
"""Columns that only go forward: somebody may have changed the record since."""
_JSON = frozenset({"properties", "fields", "teams"})
"""Columns of HubSpot's tables that are kept as JSON."""
_to_json = json.JSONEncoder(ensure_ascii=False).encode
_GONE = ("IsDeleted", "archived_at")
"""Columns that say a record is deleted."""


def insert_rows(store: Store, rows: Rows) -> None:
    """Insert every row; rows of one table have the same columns."""
    for table, listed in rows.items():
        if listed:
            _insert(store, table, list(listed.values()))


def write_difference(store: Store, before: Rows, after: Rows) -> None:
    """Bring the tables from one rendering of the same records to a later one.

    Only columns that differ between the two are touched, and none that somebody has changed since,
    nor any of a record that somebody has deleted.
    """
    for table in sorted(before.keys() | after.keys()):
        old, new = before.get(table, {}), after.get(table, {})
        for key in old:
            if key not in new:
                _delete(store, table, key)
        added = [row for key, row in new.items() if key not in old]
        if added:
            _insert(store, table, added)
        for key, row in new.items():
            if key in old and old[key] != row:
                _update(store, table, key, old[key], row)


def _insert(store: Store, table: str, rows: Sequence[Row]) -> None:
    columns = tuple(rows[0])
    packed = [column for column in columns if column in _JSON]
    if packed:
        rows = [row | {column: _to_json(row[column]) for column in packed} for row in rows]
    store.run_many(_insertion(table, columns), map(itemgetter(*columns), rows))


@cache
def _insertion(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(quoted(column) for column in columns)
    marks = ", ".join("?" for _ in columns)
    return f"insert into {quoted(table)} ({names}) values ({marks})"  # noqa: S608 - names of our schema


def _delete(store: Store, table: str, key: tuple[Any, ...]) -> None:
    store.run(f"delete from {quoted(table)} where {_match(table)}", *key)  # noqa: S608 - names of our schema


def _update(store: Store, table: str, key: tuple[Any, ...], old: Row, new: Row) -> None:
    sql = f"select * from {quoted(table)} where {_match(table)}"  # noqa: S608 - names of our schema
    found = store.row(sql, *key)
    if found is None or any(name in old and found[name] and not old[name] for name in _GONE):
        return
    changes = dict(_changes(dict(found), old, new))
    if changes:
        columns = ", ".join(f"{quoted(column)} = ?" for column in changes)
        sql = f"update {quoted(table)} set {columns} where {_match(table)}"  # noqa: S608 - names of our schema
        store.run(sql, *(_kept(column, value) for column, value in changes.items()), *key)


def _changes(held: Row, old: Row, new: Row) -> Iterator[tuple[str, Any]]:
    for column, value in new.items():
        if value == old[column]:
            continue
        if column == "properties":
            yield column, dict(_merged(json.loads(held[column]), old[column], value))
        elif held[column] == old[column] or (column in _STAMPS and held[column] < value):
            yield column, value


def _merged(held: Row, old: Row, new: Row) -> Iterator[tuple[str, Any]]:
    """Yield properties: those that the story changed, unless somebody has changed them since."""
    for name in {**held, **new}:
        is_untouched = held.get(name) == old.get(name)
        value = new.get(name) if is_untouched else held.get(name)
        if value is not None:
            yield name, value


def _match(table: str) -> str:
    return " and ".join(f"{quoted(column)} = ?" for column in key_columns(table))


def _kept(column: str, value: Any) -> Any:
    return _to_json(value) if column in _JSON else value
