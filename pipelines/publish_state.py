"""What became of plans, published beside the snapshots: for the dashboard, and for whoever asks."""

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.places import store_of
from pipelines.publish import NothingPublishedError, Snapshot, publish_table, read_current
from pipelines.settings import Settings

_TEXTS = (
    *("sync", "record_id", "field_name", "person_id", "owner_id", "state", "reason"),
    *("now_value", "wanted_value", "since"),
)
LEFT_ALONE = pa.schema([("plan_id", pa.int64()), *((name, pa.string()) for name in _TEXTS)])
"""`state.left_alone`: as the state store's table, and whose each record is in its CRM."""

PAUSES = pa.schema([(name, pa.string()) for name in ("sync", "paused_by", "why", "paused_at")])


def publish_state(settings: Settings) -> None:
    """Publish every plan's account, what the last ones left alone, and which syncs are paused."""
    store, folder = store_of(settings), settings.published_dir
    accounts = store.plan_accounts()
    if accounts:
        publish_table(folder, "state/plans", pa.Table.from_pylist(accounts))
    alone = store.remembered.left_alone()
    owners = _owners(settings, {(row["sync"], row["record_id"]) for row in alone})
    for row in alone:
        row["owner_id"] = owners.get((row["sync"], row["record_id"]))
    publish_table(folder, "state/left_alone", _table(alone, LEFT_ALONE))
    pauses = [
        {"sync": name, "paused_by": pause.by, "why": pause.why}
        | {"paused_at": pause.at.isoformat()}
        for name, pause in sorted(store.pauses.all().items())
    ]
    publish_table(folder, "state/pauses", _table(pauses, PAUSES))


def _table(rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist([dict(row) for row in rows], schema=schema)


def _owners(
    settings: Settings, records: set[tuple[str, str]]
) -> Mapping[tuple[str, str], str | None]:
    """Return whose the records are, as last read; nothing of those that nobody read."""
    try:
        snapshot = read_current(settings.published_dir)
    except NothingPublishedError:
        return {}
    found: dict[tuple[str, str], str | None] = {}
    for sync in sorted({name for name, _ in records}):
        ids = [record_id for name, record_id in records if name == sync]
        found |= {(sync, key): owner for key, owner in _owners_of(snapshot, sync, ids).items()}
    return found


def _owners_of(snapshot: Snapshot, sync: str, ids: list[str]) -> Mapping[str, str | None]:
    table = f"current.{sync}"
    if table not in snapshot.tables:
        return {}
    read = snapshot.read(table)
    if "owner_id" not in read.column_names:
        return {}
    some = read.filter(pc.is_in(read["record_id"], value_set=pa.array(ids, pa.string())))
    return dict(zip(some["record_id"].to_pylist(), some["owner_id"].to_pylist(), strict=True))
