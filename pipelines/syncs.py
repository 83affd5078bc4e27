"""The syncs of `revops/syncs.yml`, checked against what is read of each CRM."""

from pipelines.crms import STREAMS
from pipelines.settings import Settings
from pipelines.sync.config import Sync, SyncConfigError, load_syncs


def configured_syncs(settings: Settings) -> tuple[Sync, ...]:
    """Return the syncs.

    Raises:
        SyncConfigError: the file is wrong, or a field is written that is never read: its value now
            would be unknown, and every plan would want to write it again.
    """
    syncs = load_syncs(settings.revops_dir)
    unread = [f"{sync.name}: {name}" for sync in syncs for name in unread_fields(sync)]
    if unread:
        raise SyncConfigError(
            f"syncs.yml writes fields that are not read ({'; '.join(unread)}): name them in the "
            "stream and in the current model first, see CONTRIBUTING.md, 'Add a field to a sync'"
        )
    return syncs


def unread_fields(sync: Sync) -> list[str]:
    """Return the sync's CRM fields that the stream of its object does not always read."""
    streams = (stream for stream in STREAMS[sync.crm] if stream.object_name == sync.object)
    read = {name.lower() for stream in streams for name in stream.required_fields}
    return [field.field for field in sync.fields if field.field.lower() not in read]
