"""The syncs of `revops/syncs.yml`, checked against what is read of each CRM."""

from collections.abc import Collection, Mapping, Sequence

from connectors.records import Crm
from pipelines.crms import STREAMS
from pipelines.settings import Settings
from pipelines.sync.config import OURS, Sync, SyncConfigError, SyncField, is_ours, load_syncs


def configured_syncs(settings: Settings) -> tuple[Sync, ...]:
    """Return the syncs.

    Raises:
        SyncConfigError: the file is wrong; a field is written that is not ours; or an object is
            written that is not read.
    """
    syncs = load_syncs(settings.revops_dir)
    foreign = [f"{sync.name}: {name}" for sync in syncs for name in foreign_fields(sync)]
    if foreign:
        raise SyncConfigError(
            f"syncs.yml writes fields that are not ours ({'; '.join(foreign)}): names of ours "
            f"begin with {OURS}; a field of the CRM's own is written where its entry says "
            "`native: true`"
        )
    for sync in syncs:
        base_table(sync)
    return syncs


def check_name(settings: Settings, name: str) -> None:
    """Check that a sync is configured under a name.

    Raises:
        SyncConfigError: it is not; those that are stand in the message.
    """
    names = [sync.name for sync in configured_syncs(settings)]
    if name not in names:
        raise SyncConfigError(f"syncs.yml has no sync {name}; it has {', '.join(names)}")


def foreign_fields(sync: Sync) -> list[str]:
    """Return the sync's CRM fields that `provision` does not make, and that nobody opted in to."""
    names = [*(field.field for field in sync.fields if not field.native), sync.stamp.field]
    return [name for name in names if not is_ours(name)]


def base_table(sync: Sync) -> str:
    """Return the table of `base` that holds the sync's object as last read.

    Raises:
        SyncConfigError: no stream reads this object.
    """
    for stream in STREAMS[sync.crm]:
        if stream.object_name == sync.object:
            return f"{stream.crm}__{stream.name}"
    names = ", ".join(sorted(stream.object_name for stream in STREAMS[sync.crm]))
    raise SyncConfigError(
        f"syncs.yml: {sync.name} writes {sync.object}, which is not read of {sync.crm}; "
        f"it is one of {names}"
    )


PARENTS = {
    "Contact": "AccountId",
    "Opportunity": "AccountId",
    "CampaignMember": "CampaignId",
    "Task": "AccountId",
}
"""By object of Salesforce: the record that it locks as well while one of them is written.

Source: "Record-Level Locking" in Salesforce's "Designing Record Access for Enterprise Scale".
"""

OWNERS: Mapping[Crm, str] = {"salesforce": "OwnerId", "hubspot": "hubspot_owner_id"}
"""By CRM, the field that says whose a record is."""


def current_query(sync: Sync, columns: Collection[str]) -> str:
    """Return the query for what each record holds in the sync's fields, as last read.

    A field that base lacks has no column in the answer: planning says what to do about it. So has
    the `record_id`, where the sync's `match` is such a field. The record's `parent` is there where
    writes lock it, and `owner_id` where records have owners.

    Args:
        sync: The sync and its mapping.
        columns: The columns of its table of `base`; CRMs take no notice of case.
    """
    kept = {name.lower(): name for name in columns}
    wanted = {field.field: field.column for field in compared(sync)}
    wanted |= {sync.stamp.field: "synced_at"}
    picked = [
        f"{_quoted(kept[field.lower()])} as {_quoted(column)}"
        for field, column in wanted.items()
        if field.lower() in kept
    ]
    parent = PARENTS.get(sync.object, "") if sync.crm == "salesforce" else ""
    beside = {parent: "parent", OWNERS[sync.crm]: "owner_id"}
    picked += [
        f"{_quoted(kept[field.lower()])} as {name}"
        for field, name in beside.items()
        if field.lower() in kept
    ]
    table = f"base.{_quoted(base_table(sync))}"
    if sync.match is None:
        selected = ", ".join(["_record_id as record_id", "_modified_at as modified_at", *picked])
        return f"select {selected} from {table} order by _record_id"  # noqa: S608 - quoted names
    found = kept.get(sync.match.lower())
    key = [f"{_quoted(found)} as record_id"] if found else []
    deleted = "_is_deleted as is_deleted"
    selected = ", ".join([*key, "_modified_at as modified_at", deleted, *picked])
    only = f"where {_quoted(found)} is not null" if found else "where false"
    return f"select {selected} from {table} {only} order by _record_id"  # noqa: S608 - quoted names


def compared(sync: Sync) -> Sequence[SyncField]:
    """Return the fields that every plan compares: all but those that only new records get."""
    return [field for field in sync.fields if not field.once]


def current_table(sync: Sync) -> str:
    """Return the name under which `current_query`'s answer is published."""
    return f"current.{sync.name}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
