"""Records that were merged into others: no list and no search shows them any more.

The record that is left names them, chains included, whether it has an id of its own or has kept
that of the first one. Its stamp is no earlier than the merge.
Source: HubSpot's changelog, "Updated merge functionality for contacts and companies".
"""

from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from connectors.hubspot.lookups import MERGED_IDS, split_ids
from connectors.hubspot.shapes import Records, Shape


@dataclass
class Graves:
    """Ids of merged records, and when the record that is left of each was last modified (UTC)."""

    ids: list[str] = field(default_factory=list)
    stamps: list[datetime] = field(default_factory=list)


def find_merged(
    shape: Shape, records: Records, stamps: pa.Array, since: datetime | None = None
) -> Graves:
    """Return what was merged into the records.

    Never one of the records themselves: what has just been given out as living is in no grave.

    Args:
        shape: How the records are shaped.
        records: Those that are left, living or archived.
        stamps: When each of them was last modified, or archived.
        since: Passes over records that were last modified before (UTC): their merges are older.
    """
    graves = Graves()
    if MERGED_IDS not in shape.names:
        return graves
    living = {record.id for record in records}
    for at, merged in enumerate(shape.column(MERGED_IDS, records)):
        gone = [one for one in split_ids(merged) if one not in living] if merged else []
        stamp = stamps[at].as_py() if gone else None
        if stamp is None or (since is not None and stamp < since):
            continue
        graves.ids += gone
        graves.stamps += [stamp] * len(gone)
    return graves
