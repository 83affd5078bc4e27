"""The result of a query job: one CSV file, and where in it each row begins.

Rows go from SQLite through csv to the file in blocks, so that memory stays the same whatever the
size, and a page is a run of bytes that need not be parsed again.
"""

import csv
import struct
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate, chain
from pathlib import Path
from typing import Any, BinaryIO

from connectors.sandbox.salesforce.bulk.dialect import CsvFormat
from connectors.sandbox.salesforce.bulk.files import draft_of
from connectors.sandbox.web import FilePart

_BLOCK = 5_000
_PLACE = struct.Struct("=Q")


@dataclass(frozen=True)
class ResultFile:
    """A table of results in a file, with the places of its rows in another."""

    path: Path
    places: Path
    """The file of places: where each row begins, and where the last one ends."""

    def page(self, first: int, end: int, repeats_header: bool) -> FilePart:
        """Return the rows from `first` up to `end`, with the header."""
        with self.places.open("rb") as places:
            header, start, stop = (_place(places, row) for row in (0, first, end))
        with self.path.open("rb") as file:
            names = file.read(header) if first == 0 or repeats_header else b""
        return FilePart(self.path, start, stop - start, names)

    def rename(self, other: "ResultFile") -> None:
        """Make both files those of another result."""
        self.path.replace(other.path)
        self.places.replace(other.places)


@contextmanager
def drafted(result: ResultFile) -> Iterator[ResultFile]:
    """Give a result to be written and renamed; what is not renamed is thrown away."""
    with draft_of(result.path) as path, draft_of(result.places) as places:
        yield ResultFile(path, places)


def write_result(
    result: ResultFile,
    names: Sequence[str],
    blocks: Iterator[Sequence[Sequence[str]]],
    dialect: CsvFormat,
) -> int:
    """Write blocks of rows under a header, all cells quoted, and return how many rows there are."""
    rows, at = -1, 0
    with result.path.open("wb") as file, result.places.open("wb") as places:
        for block in chain([[names]], blocks):
            encoded = [line.encode() for line in _lines(block, dialect)]
            ends = array("Q", accumulate(map(len, encoded), initial=at))
            file.writelines(encoded)
            rows, at = rows + len(encoded), ends[-1]
            ends[1:].tofile(places)
    return rows


def _lines(block: Sequence[Sequence[str]], dialect: CsvFormat) -> Sequence[str]:
    """Return rows as lines with all cells quoted."""
    between, end = f'"{dialect["delimiter"]}"', f'"{dialect["lineterminator"]}'
    lines = [f'"{between.join(row)}{end}' for row in block]
    # Twice as fast as csv for rows without quotes, which nearly all are.
    if sum(line.count('"') for line in lines) == 2 * sum(map(len, block)):
        return lines
    written = _Lines()
    csv.writer(written, quoting=csv.QUOTE_ALL, **dialect).writerows(block)
    return written


class _Lines(list[str]):
    """Lines in the order that csv writes them."""

    write = list.append


def blocks_of(cursor: Any) -> Iterator[Sequence[Sequence[str]]]:
    """Yield the rows of a cursor in blocks."""
    while block := cursor.fetchmany(_BLOCK):
        yield block


def _place(places: BinaryIO, row: int) -> int:
    places.seek(row * _PLACE.size)
    place: int = _PLACE.unpack(places.read(_PLACE.size))[0]
    return place
