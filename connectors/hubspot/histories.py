"""Property histories, as rows of their own."""

from collections import Counter
from collections.abc import Iterator, Sequence

from connectors.arrow import Row
from connectors.hubspot.answers import HistoryEntry, Record
from connectors.hubspot.stamps import read_stamp
from connectors.values import to_epoch_ms


def history_rows(singular: str, record: Record) -> Iterator[Row]:
    """Yield one row for each entry of a record's histories, oldest first within a property."""
    for property_name, newest_first in record.properties_with_history.items():
        yield from _rows_of(f"{singular}_id", record.id, property_name, newest_first[::-1])


def _rows_of(
    id_column: str, owner_id: str, property_name: str, oldest_first: Sequence[HistoryEntry]
) -> Iterator[Row]:
    seen: Counter[int] = Counter()
    for position, entry in enumerate(oldest_first):
        changed_at = read_stamp(entry.timestamp, "a history entry")
        instant = to_epoch_ms(changed_at)
        # Two changes may share a millisecond; counting from the oldest keeps their ids stable.
        record_id = f"{owner_id}:{property_name}:{instant}:{seen[instant]}"
        seen[instant] += 1
        values = {
            id_column: owner_id,
            "property": property_name,
            "value": entry.value,
            "changed_at": entry.timestamp,
            "source_type": entry.source_type,
            "source_id": entry.source_id,
            "position": position,
        }
        yield Row(record_id, changed_at, is_deleted=False, values=values)
