"""The recycle bin's two ways out: back to life, or gone for good.

What is gone for good leaves a line in `salesforce_deletions (object, id, deleted_at)`, which is all
that getDeleted knows of it. Source: SOAP API Developer Guide, `undelete()`, `emptyRecycleBin()`
and `getDeleted()`.
"""

import json
from collections.abc import Sequence

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.line_items import LINE, settle_amount
from connectors.sandbox.salesforce.permissions import INTEGRATION_USER
from connectors.sandbox.salesforce.removal import CHILDREN, children_of, deletion_moment
from connectors.sandbox.salesforce.schema import ObjectType, object_types, standard_types
from connectors.sandbox.salesforce.times import stamp
from connectors.sandbox.store import Store


def restore(sandbox: Sandbox, known: ObjectType, record_id: str) -> None:
    """Bring a record back with what went along with it; only the SystemModstamp moves.

    Raises:
        Refusal: the record is not in the recycle bin, or has been merged into another.
    """
    row = sandbox.store.row(
        f"select * from {known.table} where Id = ? and IsDeleted",  # noqa: S608 - a name of our schema
        full_id(record_id),
    )
    if row is None or ("MasterRecordId" in known.fields and row["MasterRecordId"]):
        raise Refusal("UNDELETE_FAILED", "Entity is not in the recycle bin")
    _revive(sandbox.store, known, [row["Id"]], stamp(sandbox.clock.now), row["SystemModstamp"])
    if known.name == LINE:
        settle_amount(sandbox, dict(row), INTEGRATION_USER)


def _revive(
    store: Store, known: ObjectType, record_ids: Sequence[str], now: str, gone_at: str
) -> None:
    """Bring back records, and those of their children that were deleted at the same moment."""
    has_stamp = "SystemModstamp" in known.fields
    stamped = ", SystemModstamp = ?" if has_stamp else ""
    together = " and SystemModstamp = ?" if has_stamp else ""
    store.run(
        f"update {known.table} set IsDeleted = 0{stamped} "  # noqa: S608 - names of our schema
        f"where Id in (select value from json_each(?)){together}",
        *([now] if has_stamp else []),
        json.dumps(list(record_ids)),
        *([gone_at] if has_stamp else []),
    )
    for child in CHILDREN.get(known.name, ()):
        kind = standard_types()[child.object_name]
        ids = children_of(store, kind, child, record_ids, deleted=True)
        if ids:
            _revive(store, kind, ids, now, gone_at)


def purge(store: Store, known: ObjectType, record_ids: Sequence[str]) -> int:
    """Take deleted records and what was deleted with them out of the recycle bin, for good.

    Returns:
        How many of the records, given by their 18-character ids, were in the bin.
    """
    among = "IsDeleted and Id in (select value from json_each(?))"
    binned = f"select Id from {known.table} where {among}"  # noqa: S608 - a name of our schema
    record_ids = [row["Id"] for row in store.rows(binned, json.dumps(list(record_ids)))]
    for child in CHILDREN.get(known.name, ()):
        kind = standard_types()[child.object_name]
        ids = children_of(store, kind, child, record_ids, deleted=True)
        if ids:
            purge(store, kind, ids)
    wanted = json.dumps(record_ids)
    gone_at = deletion_moment(known, "gone") or "CreatedDate"
    log = f"select ?, Id, {gone_at} from {known.table} as gone where {among}"  # noqa: S608 - names of our schema
    store.run(f"insert or replace into salesforce_deletions {log}", known.name, wanted)
    return store.run(f"delete from {known.table} where {among}", wanted)  # noqa: S608 - a name of our schema


def empty_bin(store: Store, before: str) -> None:
    """Purge what has been in the recycle bin since before a moment, given as a kept stamp."""
    for known in object_types(store).values():
        if {"IsDeleted", "SystemModstamp"} <= known.fields.keys():
            sql = f"select Id from {known.table} where IsDeleted and SystemModstamp < ?"  # noqa: S608 - names of our schema
            ids = [row["Id"] for row in store.rows(sql, before)]
            if ids:
                purge(store, known, ids)
