"""Which records a sync has to do with, and what they hold now. Pure."""

from collections.abc import Mapping, Sequence

from pipelines.sync.config import Sync
from pipelines.sync.memory import Ledger, Row


def overlay(
    sync: Sync, current: Mapping[str, Row], written: Ledger
) -> dict[str, Mapping[str, object]]:
    """Return current values with what we wrote since they were read, records we made included."""
    columns = {field.field: field.column for field in sync.fields}
    later: dict[str, dict[str, object]] = {}
    for (record_id, name), value in written.items():
        later.setdefault(record_id, {})[columns[name]] = value
    empty: Row = dict.fromkeys(columns.values())
    made = later if sync.match is not None else {}
    return {
        key: {**current.get(key, empty), **later.get(key, {})}
        for key in dict.fromkeys((*current, *made))
    }


def leavers(
    sync: Sync, wanted: Sequence[Row], current: Mapping[str, Row], ledger: Ledger
) -> Sequence[Row]:
    """Return a row without values for each record that holds ours and is wanted no longer.

    None where the sync keeps what it wrote.
    """
    if sync.on_leave == "keep":
        return []
    staying = {str(row["record_id"]) for row in wanted}
    ours = {record_id for (record_id, _), value in ledger.items() if value is not None}
    empty = dict.fromkeys(field.column for field in sync.fields)
    return [
        {"record_id": key, "person_id": "", HAS_LEFT: True, **empty}
        for key in sorted(ours - staying)
        if key in current
    ]


HAS_LEFT = "has_left"
"""The column that tells of a row that its record is no longer in the sync model."""
