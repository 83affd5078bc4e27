"""The result of a query job: one CSV file, and where in it each row begins.

Rows go from SQLite through csv to the file in blocks, so that memory stays the same whatever the
size, and a page is a run of bytes that need not be parsed again.
"""

import csv
import os
import struct
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from pathlib import Path
from typing import Any, BinaryIO

from connectors.sandbox.salesforce.bulk.dialect import CsvFormat
from connectors.sandbox.web import FilePart

_BLOCK = 5_000
_PLACE = struct.Struct("=Q")


class _Lines(list[str]):
    """Lines in the order that csv writes them."""

    write = list.append


@dataclass(frozen=True)
class ResultFile:
    """A table of results in a file, with the places of its rows in another."""

    path: Path

    @property
    def places(self) -> Path:
        """The file of places: where each row begins, and where the last one ends."""
        return self.path.with_suffix(".places")

    def page(self, first: int, end: int, repeats_header: bool) -> FilePart:
        """Return the rows from `first` up to `end`, with the header."""
        with self.places.open("rb") as places:
            header, start, stop = (_place(places, row) for row in (0, first, end))
        with self.path.open("rb") as file:
            names = file.read(header) if first == 0 or repeats_header else b""
        return FilePart(self.path, start, stop - start, names)


def write_result(
    result: ResultFile, names: Sequence[str], blocks: Iterator[Sequence[Any]], dialect: CsvFormat
) -> int:
    """Write blocks of rows under a header, all cells quoted, and return how many rows there are."""
    unfinished = result.path.with_name(f"{result.path.name}.{os.getpid()}.{id(blocks)}")
    unfinished_places = unfinished.with_name(f"{unfinished.name}.places")
    rows, at = -1, 0
    with unfinished.open("wb") as file, unfinished_places.open("wb") as places:
        for block in chain([[names]], blocks):
            lines = _Lines()
            csv.writer(lines, quoting=csv.QUOTE_ALL, **dialect).writerows(block)
            encoded = [line.encode() for line in lines]
            ends = array("Q", accumulate(map(len, encoded), initial=at))
            file.writelines(encoded)
            rows, at = rows + len(encoded), ends[-1]
            ends[1:].tofile(places)
    unfinished.replace(result.path)
    unfinished_places.replace(result.places)
    return rows


def blocks_of(cursor: Any) -> Iterator[Sequence[Any]]:
    """Yield the rows of a cursor in blocks."""
    while block := cursor.fetchmany(_BLOCK):
        yield block


def _place(places: BinaryIO, row: int) -> int:
    places.seek(row * _PLACE.size)
    place: int = _PLACE.unpack(places.read(_PLACE.size))[0]
    return place
