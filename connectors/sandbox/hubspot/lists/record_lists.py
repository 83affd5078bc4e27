"""Lists as the account keeps them, and the members that were put on them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from connectors.sandbox.clock import from_ms, instant
from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import no_list, not_found
from connectors.sandbox.hubspot.numbers import id_of, number_in
from connectors.sandbox.store import Store

Processing = Literal["MANUAL", "DYNAMIC", "SNAPSHOT"]
PROCESSING: tuple[Processing, ...] = ("MANUAL", "DYNAMIC", "SNAPSHOT")


@dataclass(frozen=True)
class RecordList:
    """One list. Times are milliseconds since 1970; deleted at 0 is not deleted."""

    id: int
    name: str
    object_type_id: str
    processing: Processing
    branch: Mapping[str, Any] | None
    created_at: int
    updated_at: int
    filtered_at: int
    deleted_at: int = 0
    version: int = 1

    def to_json(self, size: int | None, with_filters: bool) -> dict[str, Any]:
        """Return the list as the API shows it; a search does not tell sizes."""
        body: dict[str, Any] = {
            "listId": str(self.id),
            "listVersion": self.version,
            "name": self.name,
            "objectTypeId": self.object_type_id,
            "processingType": self.processing,
            "processingStatus": "COMPLETE",
            "createdAt": instant(from_ms(self.created_at)),
            "updatedAt": instant(from_ms(self.updated_at)),
            "filtersUpdatedAt": instant(from_ms(self.filtered_at)),
        }
        if size is not None:
            body["size"] = size
        if self.deleted_at:
            body["deletedAt"] = instant(from_ms(self.deleted_at))
        if with_filters and self.branch is not None:
            body["filterBranch"] = self.branch
        return body


def create_tables(store: Store) -> None:
    """Create the tables of lists, of those who were put on them, and of who came and went."""
    store.create_tables(_TABLES)


_TABLES = """
create table if not exists hubspot_lists (
    id integer primary key, name text not null, object_type_id text not null,
    processing text not null, branch text not null, created_at integer not null,
    updated_at integer not null, filtered_at integer not null, deleted_at integer not null,
    version integer not null);
create table if not exists hubspot_list_members (
    list_id integer not null, record_id integer not null, added_at integer not null,
    primary key (list_id, record_id)) without rowid;
create index if not exists list_member_record on hubspot_list_members (record_id);
create table if not exists hubspot_list_seen (
    list_id integer not null, record_id integer not null,
    primary key (list_id, record_id)) without rowid;
create table if not exists hubspot_list_moves (
    list_id integer primary key, added_at integer not null, removed_at integer not null);
"""


def new_list(
    sandbox: Sandbox,
    name: str,
    object_type_id: str,
    processing: Processing,
    branch: Mapping[str, Any] | None,
) -> RecordList:
    """Keep a new list and return it."""
    now, number = sandbox.clock.now_ms, sandbox.store.next_number("hubspot lists")
    made = RecordList(number, name, object_type_id, processing, branch, now, now, now)
    keep_list(sandbox.store, made)
    return made


def keep_list(store: Store, known: RecordList) -> None:
    """Keep a list that is new or changed."""
    store.run(
        "insert or replace into hubspot_lists values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        known.id,
        known.name,
        known.object_type_id,
        known.processing,
        json.dumps(known.branch, ensure_ascii=False),
        known.created_at,
        known.updated_at,
        known.filtered_at,
        known.deleted_at,
        known.version,
    )


def changed_list(sandbox: Sandbox, known: RecordList, **changes: Any) -> RecordList:
    """Keep a list with some of it changed and a new version, and return it."""
    now = sandbox.clock.now_ms
    changed = replace(known, updated_at=now, version=known.version + 1, **changes)
    keep_list(sandbox.store, changed)
    return changed


def all_lists(store: Store) -> list[RecordList]:
    """Return the lists that are not deleted, in the order of their ids."""
    rows = store.rows("select * from hubspot_lists where deleted_at = 0 order by id")
    return [_read(row) for row in rows]


def find_list(store: Store, text: str, *, deleted: bool = False) -> RecordList:
    """Return a list by its id.

    Raises:
        Refusal: there is none.
    """
    list_id = number_in(text)
    if list_id is None:
        raise not_found("resource not found")  # nor is there such a path below the lists
    sql = "select * from hubspot_lists where id = ? and (deleted_at > 0) = ?"
    row = store.row(sql, list_id, deleted)
    if row is None:
        raise no_list(f"List does not exist with ID {text}.")
    return _read(row)


def type_id_of_list(store: Store, text: str) -> str:
    """Return the object type of a list by its id, also of a deleted one; empty for no list."""
    found = store.value("select object_type_id from hubspot_lists where id = ?", id_of(text))
    return str(found or "")


def _read(row: Any) -> RecordList:
    return RecordList(**{**dict(row), "branch": json.loads(row["branch"])})


def put_on(store: Store, known: RecordList, record_ids: Sequence[int], now_ms: int) -> list[int]:
    """Put records on a list, and return those who were not on it."""
    return [
        record_id
        for record_id in record_ids
        if store.run(
            "insert or ignore into hubspot_list_members values (?, ?, ?)",
            known.id,
            record_id,
            now_ms,
        )
    ]


def take_off(store: Store, known: RecordList, record_ids: Sequence[int]) -> list[int]:
    """Take records off a list, and return those who were on it."""
    sql = "delete from hubspot_list_members where list_id = ? and record_id = ?"
    return [record_id for record_id in record_ids if store.run(sql, known.id, record_id)]


def pass_on(store: Store, object_type_id: str, old_id: int, new_id: int) -> None:
    """Put a merged record on the lists that the record which it came from was on."""
    lists = "list_id in (select id from hubspot_lists where object_type_id = ?)"
    store.run(
        f"update or ignore hubspot_list_members set record_id = ? where record_id = ? and {lists}",  # noqa: S608 - a constant
        new_id,
        old_id,
        object_type_id,
    )


def take_off_all_lists(store: Store, object_type_id: str, record_id: int) -> None:
    """Take a record that is no more off every list, deleted ones too."""
    store.run(
        "delete from hubspot_list_members where record_id = ? "
        "and list_id in (select id from hubspot_lists where object_type_id = ?)",
        record_id,
        object_type_id,
    )


def take_all_off(store: Store, known: RecordList) -> None:
    """Take every record off a list."""
    store.run("delete from hubspot_list_members where list_id = ?", known.id)
