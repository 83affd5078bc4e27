"""Likely pairs: what becomes of each, and how the lake keeps those that a run found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

import pyarrow as pa

from connectors.records import ARROW_TYPES, IS_DELETED, MODIFIED_AT, RECORD_ID, Cursor
from pipelines.lake import Lake, empty_table
from pipelines.lake_writer import Load
from pipelines.rules.identity_models import LikelyMatches

CRM, STREAM = "leadcycle", "likely_matches"
Band = Literal["accepted", "review", "unlikely"]
_TYPES = {
    "record_key": ARROW_TYPES["string"],
    "other_record_key": ARROW_TYPES["string"],
    "probability": ARROW_TYPES["decimal"],
    "agrees_on": ARROW_TYPES["string"],
}


@dataclass(frozen=True, order=True)
class LikelyPair:
    """Two people who may be one, each by the key of their first record."""

    record_key: str
    other_record_key: str
    probability: Decimal
    agrees_on: str

    @property
    def pair_id(self) -> str:
        """What names the pair in the lake."""
        return f"{self.record_key}|{self.other_record_key}"


def band_of(probability: Decimal, rules: LikelyMatches) -> Band:
    """Return what rules make of a probability; a build asks about more, see `int_likely_groups`."""
    if probability >= Decimal(str(rules.accept_from)):
        return "accepted"
    return "review" if probability >= Decimal(str(rules.review_from)) else "unlikely"


def begin_matches(lake: Lake, read_at: datetime) -> Load | None:
    """Let the stream be there before anybody has matched: with no pair."""
    if lake.paths(CRM, STREAM):
        return None
    return lake.append(CRM, STREAM, empty_table(_TYPES), None, read_at)


def keep_pairs(lake: Lake, pairs: Sequence[LikelyPair], found_at: datetime) -> Load | None:
    """Keep what this run found and the last one did not, and that what it found no more is gone.

    Args:
        lake: The lake.
        pairs: All that the run found.
        found_at: When it ran, UTC.
    """
    before = lake.current(CRM, STREAM, list(_TYPES)).to_pylist()
    rows = [_row(pair, found_at) for pair in pairs]
    rows += _gone(before, {pair.pair_id for pair in pairs}, found_at)
    if not rows:
        return begin_matches(lake, found_at)
    table = pa.Table.from_pylist(rows, schema=empty_table(_TYPES).schema)
    cursor = Cursor(found_at, "")
    return lake.append(CRM, STREAM, table, cursor, found_at, look="states")


def _row(pair: LikelyPair, found_at: datetime) -> dict[str, object]:
    said = {name: getattr(pair, name) for name in _TYPES}
    return {RECORD_ID: pair.pair_id, MODIFIED_AT: found_at, IS_DELETED: False, **said}


def _gone(
    before: Iterable[Mapping[str, object]], found: set[str], found_at: datetime
) -> list[dict[str, object]]:
    return [
        {**row, MODIFIED_AT: found_at, IS_DELETED: True}
        for row in before
        if row[RECORD_ID] not in found and not row[IS_DELETED]
    ]
