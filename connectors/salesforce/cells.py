"""A page of a Bulk result: CSV that is read while it arrives, every cell as text.

Salesforce quotes every cell and writes no value as an empty one; "NA" and "null" are texts. Some
pages repeat the names of the columns and some don't. Arrow's reader takes a body that ends within
a quoted cell for complete (pyarrow 26, seen 2026-11-22), so we look at the last byte ourselves.
"""

import csv
import io
from collections.abc import Iterator, Sequence

import pyarrow as pa
from pyarrow import csv as arrow_csv

from connectors.errors import UnreadableAnswerError

BLOCK = 1 << 22
"""Bytes that are parsed at once: some 8,000 rows of fifty fields."""
LONGEST_BLOCK = 1 << 26
"""Room for a row whose fifty long texts are full."""
_PEEK = 1 << 16


class RowTooLongError(Exception):
    """A row is longer than the block it was parsed in."""


class _Watched(io.RawIOBase):
    """A body whose beginning has been looked at, and that remembers how it ended."""

    def __init__(self, start: bytes, body: io.RawIOBase) -> None:
        self._start = start
        self._body = body
        self.last = start[-1:]

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        content = self._start or self._body.read(size) or b""
        self._start = b""
        self.last = content[-1:] or self.last
        return content


def read_cells(
    body: io.RawIOBase, names: Sequence[str], block: int = BLOCK
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a page as they arrive; the columns are named as asked.

    Raises:
        UnreadableAnswerError: HTML, other columns than were asked for, a body that is torn.
        RowTooLongError: a row needs a larger block.
    """
    start = _beginning(body)
    if not start:
        return
    watched = _Watched(start, body)
    try:
        reader = arrow_csv.open_csv(
            watched,
            read_options=arrow_csv.ReadOptions(
                use_threads=False,
                block_size=block,
                column_names=list(names),
                skip_rows=int(_has_header(start, names)),
            ),
            parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
            convert_options=_as_text(names),
        )
        yield from reader
    except pa.ArrowInvalid as fault:
        # Its text quotes the row.
        if "straddling" in str(fault):
            raise RowTooLongError from None
        raise _unreadable("the rows don't have as many cells as were asked for") from None
    if watched.last != b"\n":
        raise _unreadable("the last row is torn")


def _as_text(names: Sequence[str]) -> arrow_csv.ConvertOptions:
    return arrow_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
    )


def _beginning(body: io.RawIOBase) -> bytes:
    """Return the first line at least, or all that there is."""
    start = b""
    while b"\n" not in start and (more := body.read(_PEEK)):
        start += more
    return start


def _has_header(start: bytes, names: Sequence[str]) -> bool:
    """Tell whether the page begins with the names of its columns.

    Raises:
        UnreadableAnswerError: where its first line is neither that nor a row.
    """
    line = start.partition(b"\n")[0].decode("utf-8", "replace")
    found = [cell.lower() for cell in next(csv.reader([line]), [])]
    if found == [name.lower() for name in names]:
        return True
    if start[:1] != b'"' or set(found) & {name.lower() for name in names}:
        raise _unreadable("the page begins with neither the columns asked for nor a row")
    return False


def _unreadable(what: str) -> UnreadableAnswerError:
    return UnreadableAnswerError("salesforce", "jobs/query/results", what)
