"""Removed records: tombstones say what was last known, and never hide a record that lives."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from connectors.arrow import UNREADABLE
from connectors.records import (
    ARROW_TYPES,
    IS_DELETED,
    MODIFIED_AT,
    RECORD_COLUMNS,
    RECORD_ID,
    Stream,
)
from pipelines.lake import Lake
from pipelines.lake_reading import retyped
from pipelines.lake_writer import Look

_STAMP = ARROW_TYPES["datetime"]


class Removals:
    """What the lake holds as removed of one stream; the lake is asked only where rows need it."""

    def __init__(self, lake: Lake, stream: Stream) -> None:
        self._lake = lake
        self._stream = stream
        self._buried: dict[str, datetime] = {}
        """Removed in this run."""

    def fit(self, table: pa.Table, look: Look) -> pa.Table:
        """Return the rows as they are to be kept.

        A removal without values gets those last known, and is dropped where the lake holds the
        record as removed already, or has never held it. A record that lives, though the lake holds
        it as removed, gets at least the tombstone's stamp. The first read of an empty lake
        (`look` "none") can't meet a tombstone.
        """
        table = self._fill(table)
        if look == "versions":
            table = self._lift(table)
        self._remember(table)
        return table

    def lift_to(self, stamps: Mapping[str, datetime]) -> None:
        """Give living rows of these records at least the stamp that the lake has of them."""
        self._buried |= stamps

    def tombstones(self, record_ids: Sequence[str], at: datetime) -> pa.Table | None:
        """Return a removal for each record that the lake has living; None where there is none.

        Args:
            record_ids: Records that the CRM has no longer.
            at: The CRM's time when that was seen (UTC); a later stamp of the record goes before.
        """
        if not record_ids:
            return None
        last = self._lake.latest_rows(self._stream.crm, self._stream.name, record_ids)
        living = last.filter(pc.invert(last[IS_DELETED]))
        if living.num_rows == 0:
            return None
        seen, stamps = pa.scalar(at, _STAMP), living[MODIFIED_AT]
        stamps = pc.if_else(pc.greater(stamps, seen), stamps, seen)
        removed = _replace(living, MODIFIED_AT, stamps)
        removed = _replace(removed, IS_DELETED, pa.array([True] * living.num_rows))
        self._remember(removed)
        return removed

    def _fill(self, table: pa.Table) -> pa.Table:
        empty = _without_values(table)
        if not pc.any(empty).as_py():
            return table
        bare = table.filter(empty)
        stamps = dict(zip(bare[RECORD_ID].to_pylist(), bare[MODIFIED_AT].to_pylist(), strict=True))
        crm, name = self._stream.crm, self._stream.name
        last = self._lake.latest_rows(crm, name, list(stamps))
        living = last.filter(pc.invert(last[IS_DELETED]))
        at = [stamps[record_id] for record_id in living[RECORD_ID].to_pylist()]
        filled = _replace(living, MODIFIED_AT, pa.array(at, _STAMP))
        filled = _replace(filled, IS_DELETED, pa.array([True] * living.num_rows, pa.bool_()))
        kept = table.filter(pc.invert(empty))
        return pa.concat_tables([kept, _typed_as(kept, filled)], promote_options="permissive")

    def _lift(self, table: pa.Table) -> pa.Table:
        living = table.filter(pc.invert(table[IS_DELETED]))[RECORD_ID].unique()
        tombstones = self._tombstones_of(living)
        if not tombstones:
            return table
        columns = (table[name].to_pylist() for name in RECORD_COLUMNS)
        lifted = [
            stamp if gone else max(stamp, tombstones.get(record_id, stamp))
            for record_id, stamp, gone in zip(*columns, strict=True)
        ]
        return _replace(table, MODIFIED_AT, pa.array(lifted, _STAMP))

    def _tombstones_of(self, record_ids: pa.Array) -> dict[str, datetime]:
        """Return the stamps of those that the lake holds as removed, or that this run has seen."""
        held = self._lake.standing(self._stream.crm, self._stream.name, record_ids)
        gone = held.filter(held[IS_DELETED])
        stamps = zip(gone[RECORD_ID].to_pylist(), gone[MODIFIED_AT].to_pylist(), strict=True)
        return dict(stamps) | self._buried

    def _remember(self, table: pa.Table) -> None:
        gone = table.filter(table[IS_DELETED])
        stamps = zip(gone[RECORD_ID].to_pylist(), gone[MODIFIED_AT].to_pylist(), strict=True)
        self._buried |= dict(stamps)


def _without_values(table: pa.Table) -> pa.ChunkedArray:
    """Tell of each row whether it is a removal that says nothing but the record's id."""
    names = set(table.column_names) - {*RECORD_COLUMNS, UNREADABLE}
    nulls = (pc.is_null(table[name]) for name in names)
    return reduce(pc.and_, nulls, table[IS_DELETED])


def _typed_as(wanted: pa.Table, table: pa.Table) -> pa.Table:
    """Return a table whose columns have the types of another's: one may be retyped since."""
    for name in set(table.column_names) & set(wanted.column_names):
        kind = wanted.schema.field(name).type
        if table.schema.field(name).type != kind:
            table = _replace(table, name, retyped(table[name], kind))
    return table


def _replace(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, values)
