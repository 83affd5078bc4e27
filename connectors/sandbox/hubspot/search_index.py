"""The index that searches read: some seconds behind the records, for each change another time.

HubSpot's search guide: new and changed records "may take a few moments" to appear. What the index
does not have yet it holds as it was: a changed record is found by its old values, a new one not at
all, an archived one still. With the setting `hubspot_search_lag_seconds` at 0 it is up to date.
"""

from zlib import crc32

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.store import Store, literal

_COLUMNS = "object_type, id, created_at, updated_at, archived_at, email, properties"


def create_tables(store: Store) -> None:
    """Create the table of what the index holds instead of the records."""
    store.create_tables(
        "create table if not exists hubspot_index_behind ("
        "object_type text not null, id integer not null, created_at integer, updated_at integer, "
        "archived_at integer, email text, properties text, until integer not null);"
        "create index if not exists index_behind on hubspot_index_behind (object_type, id);"
    )


def leave_in_index(sandbox: Sandbox, object_type: ObjectType, record_id: int) -> None:
    """Let the index go on with a record as it is now, or is not; called before a change."""
    lag = sandbox.settings.hubspot_search_lag_seconds
    if lag == 0:
        return
    store, now = sandbox.store, sandbox.clock.now_ms
    key = f"{sandbox.seed}:{object_type.name}:{record_id}:{now}"
    until = now + crc32(key.encode()) % (1000 * lag + 1)
    store.run("delete from hubspot_index_behind where until <= ?", now)
    kept = store.run(
        f"insert into hubspot_index_behind select {_COLUMNS}, ? from hubspot_records "  # noqa: S608 - a constant
        "where object_type = ? and id = ?",
        until,
        object_type.name,
        record_id,
    )
    if kept == 0:
        store.run(
            "insert into hubspot_index_behind (object_type, id, until) values (?, ?, ?)",
            object_type.name,
            record_id,
            until,
        )


def catch_up(store: Store) -> None:
    """Bring the index up to date at once."""
    store.run("delete from hubspot_index_behind")


def drop_from_index(store: Store, object_type: ObjectType, record_id: int) -> None:
    """Take a record out of the index at once."""
    store.run(
        "delete from hubspot_index_behind where object_type = ? and id = ?",
        object_type.name,
        record_id,
    )


def indexed_records(sandbox: Sandbox, object_type: ObjectType) -> str:
    """Return SQL for the living records of a type as the index holds them."""
    name, now = literal(object_type.name), sandbox.clock.now_ms
    living = f"select {_COLUMNS} from hubspot_records where object_type = {name}"  # noqa: S608 - ours
    if sandbox.settings.hubspot_search_lag_seconds == 0:
        return f"({living} and archived_at is null) as hubspot_records"
    behind = f"from hubspot_index_behind where object_type = {name} and until > {now}"
    return (
        f"(select * from ({living} and id not in (select id {behind}) "  # noqa: S608 - ours
        f"union all select {_COLUMNS} {behind} "
        f"and rowid in (select min(rowid) {behind} group by id)) "
        "where properties is not null and archived_at is null) as hubspot_records"
    )
