"""The syncs of `revops/syncs.yml`, checked against what is read of each CRM."""

from pipelines.crms import STREAMS
from pipelines.settings import Settings
from pipelines.sync.config import Sync, SyncConfigError, load_syncs

OURS = "leadcycle_"
"""How the names of our own CRM fields begin, in lower case."""


def configured_syncs(settings: Settings) -> tuple[Sync, ...]:
    """Return the syncs.

    Raises:
        SyncConfigError: the file is wrong; a field is written that is not ours; or one that is
            never read: every plan would want to write it again.
    """
    syncs = load_syncs(settings.revops_dir)
    foreign = [f"{sync.name}: {name}" for sync in syncs for name in foreign_fields(sync)]
    if foreign:
        raise SyncConfigError(
            f"syncs.yml writes fields that are not ours ({'; '.join(foreign)}): Leadcycle writes "
            f"only fields whose names begin with {OURS}"
        )
    unread = [f"{sync.name}: {name}" for sync in syncs for name in unread_fields(sync)]
    if unread:
        raise SyncConfigError(
            f"syncs.yml writes fields that are not read ({'; '.join(unread)}): name them in the "
            "stream and in the current model first, see CONTRIBUTING.md, 'Add a field to a sync'"
        )
    return syncs


def foreign_fields(sync: Sync) -> list[str]:
    """Return the sync's CRM fields that `provision` did not make."""
    names = [*(field.field for field in sync.fields), sync.stamp.field]
    return [name for name in names if not name.lower().startswith(OURS)]


def unread_fields(sync: Sync) -> list[str]:
    """Return the sync's CRM fields that the stream of its object does not always read."""
    streams = (stream for stream in STREAMS[sync.crm] if stream.object_name == sync.object)
    read = {name.lower() for stream in streams for name in stream.required_fields}
    return [field.field for field in sync.fields if field.field.lower() not in read]
