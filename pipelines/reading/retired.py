"""Fields that a CRM has no longer: what they held of a version stays with that version."""

from collections.abc import Collection, Iterator

import pyarrow as pa

from connectors.records import MODIFIED_AT, RECORD_ID, Stream
from pipelines.lake import Lake


class RetiredFields:
    """Fills what a version, read once more, can't say any longer.

    Without it a second look at a record that nobody has changed would bring a version that lacks
    the field, and its last values would be lost with the field.
    """

    def __init__(self, lake: Lake, stream: Stream, names: Collection[str]) -> None:
        self._lake = lake
        self._stream = stream
        self._names = frozenset(names)

    def fill(self, table: pa.Table) -> pa.Table:
        """Return the rows, those of the lake's latest version with the values that it has."""
        if not self._names or not table.num_rows:
            return table
        ids = table[RECORD_ID].to_pylist()
        last = self._lake.latest_rows(self._stream.crm, self._stream.name, ids)
        places = {version: place for place, version in enumerate(_versions(last))}
        taken = pa.array([places.get(version) for version in _versions(table)], pa.int64())
        for name in sorted(self._names.intersection(last.column_names)):
            table = _with_column(table, name, last[name].take(taken))
        return table


def _versions(table: pa.Table) -> Iterator[tuple[object, object]]:
    return zip(table[RECORD_ID].to_pylist(), table[MODIFIED_AT].to_pylist(), strict=True)


def _with_column(table: pa.Table, name: str, values: pa.ChunkedArray) -> pa.Table:
    """Put the column in; one that the models need is there already, all NULL."""
    if name in table.column_names:
        return table.set_column(table.column_names.index(name), name, values)
    return table.append_column(name, values)
