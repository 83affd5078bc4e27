"""Gathering what comes in small portions into batches."""

from collections.abc import Iterable, Iterator
from typing import Any

from connectors.hubspot.shapes import Records, ShapedRecord


def piled(parts: Iterable[Records], most: int) -> Iterator[Records]:
    """Yield the records in portions of `most`, the last one with what is left."""
    pile: list[ShapedRecord[Any]] = []
    for records in parts:
        pile += records
        while len(pile) > most:
            yield pile[:most]
            pile = pile[most:]
    if pile:
        yield pile
