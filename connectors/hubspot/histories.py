"""Property histories, as rows of their own."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from connectors.arrow import assemble
from connectors.hubspot.answers import HistoryEntry
from connectors.hubspot.shapes import Records, ShapedRecord
from connectors.hubspot.stamps import read_stamps
from connectors.hubspot.streams.shape import ObjectStream


def history_table(known: ObjectStream, records: Records) -> pa.Table:
    """Return one row for each entry of the records' histories, oldest first within a property.

    `_modified_at` is when the value was set. No field counts entries: HubSpot shows the newest ones
    of a property only, so that a place among them would change with every change. A record that
    came several times, as one does that others were just merged into, has its entries once.
    """
    owners: list[str] = []
    names: list[str] = []
    entries: list[HistoryEntry] = []
    for record in _each_once(records):
        for name, newest_first in record.properties_with_history.items():
            count = len(newest_first)
            owners += repeat(record.id, count)
            names += repeat(name, count)
            entries += reversed(newest_first)
    stamps = [entry.timestamp for entry in entries]
    changed_at = read_stamps(stamps, f"the histories of {known.name}")
    columns = {
        f"{known.singular}_id": owners,
        "property": names,
        "value": [entry.value for entry in entries],
        "changed_at": stamps,
        "source_type": [entry.source_type for entry in entries],
        "source_id": [entry.source_id for entry in entries],
    }
    ids = _entry_ids(owners, names, changed_at)
    kept = pa.repeat(pa.scalar(False), len(entries))
    return assemble(known.history_fields, ids, changed_at, kept, columns)


def _each_once(records: Records) -> Records:
    """Return of each record the answer that tells most: a change, or a merge, only adds to it."""
    fullest: dict[str, ShapedRecord[Any]] = {}
    for record in records:
        other = fullest.get(record.id)
        if other is None or _told(record) >= _told(other):
            fullest[record.id] = record
    return list(fullest.values())


def _told(record: ShapedRecord[Any]) -> int:
    return sum(map(len, record.properties_with_history.values()))


def _entry_ids(owners: Sequence[str], names: Sequence[str], changed_at: pa.Array) -> pa.Array:
    """Return "owner:property:epoch ms:n" for each entry.

    Two changes may share a millisecond: n counts them from the oldest, which keeps ids stable.
    """
    instants = pc.divide(changed_at.cast(pa.int64()), 1000).cast(pa.string())
    parts = (pa.array(owners, pa.string()), pa.array(names, pa.string()), instants)
    keys = pc.binary_join_element_wise(*parts, ":")
    if pc.count_distinct(keys).as_py() == len(keys):
        return pc.binary_join_element_wise(keys, "0", ":")
    return pa.array(_numbered(keys.to_pylist()), pa.string())


def _numbered(keys: Sequence[str]) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for key in keys:
        yield f"{key}:{seen[key]}"
        seen[key] += 1
