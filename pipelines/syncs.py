"""The syncs of `revops/syncs.yml`, checked against what is read of each CRM."""

from collections.abc import Collection, Mapping

from connectors.records import Crm
from pipelines.crms import STREAMS
from pipelines.settings import Settings
from pipelines.sync.config import Sync, SyncConfigError, load_syncs

OURS = "leadcycle_"
"""How the names of our own CRM fields begin, in lower case."""


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
            f"syncs.yml writes fields that are not ours ({'; '.join(foreign)}): Leadcycle writes "
            f"only fields whose names begin with {OURS}"
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
    """Return the sync's CRM fields that `provision` did not make."""
    names = [*(field.field for field in sync.fields), sync.stamp.field]
    return [name for name in names if not name.lower().startswith(OURS)]


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

    A field that base lacks has no column in the answer: planning says what to do about it. The
    record's `parent` is there where writes lock it, and `owner_id` where records have
    owners.

    Args:
        sync: The sync and its mapping.
        columns: The columns of its table of `base`; CRMs take no notice of case.
    """
    kept = {name.lower(): name for name in columns}
    wanted = {field.field: field.column for field in sync.fields} | {sync.stamp.field: "synced_at"}
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
    selected = ", ".join(["_record_id as record_id", "_modified_at as modified_at", *picked])
    return f"select {selected} from base.{_quoted(base_table(sync))} order by _record_id"  # noqa: S608 - quoted names


def current_table(sync: Sync) -> str:
    """Return the name under which `current_query`'s answer is published."""
    return f"current.{sync.name}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
