"""A page of a Bulk result: CSV that is read while it arrives, every cell as text.

Salesforce quotes every cell and writes no value as an empty one; "NA" and "null" are texts. Some
pages repeat the names of the columns and some don't. Arrow's own reader of streams fetches 32
blocks ahead, and takes a body that ends within a quoted cell for complete (pyarrow 26, seen
2026-11-22): so we cut the body into whole rows ourselves, where the quotes before a line break are
even in number.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
from pyarrow import csv as arrow_csv

from connectors.errors import UnreadableAnswerError

BLOCK = 1 << 17
"""Bytes that are fetched at once: some 150 rows of fifty fields. Larger pieces come from the
system's heap and stay with the thread that fetched them: 25 MB more by 512 KB (2026-11-22)."""
PARSED = 1 << 21
"""Bytes that are parsed at once. Of 1 to 8 MB, 2 cost least CPU (2026-11-22)."""
LONGEST_ROW = 1 << 26
"""Bytes; four hundred long texts of 131,072 characters have room."""


def whole_rows(body: io.RawIOBase, block: int = BLOCK) -> Iterator[bytes]:
    """Yield a body in pieces that end where a row does.

    Raises:
        UnreadableAnswerError: it ends within a row, or a row does not end.
    """
    rest = b""
    while more := body.read(block):
        content = rest + more
        end = _end_of_rows(content)
        rest = content[end:]
        if end:
            yield content[:end]
        elif len(rest) > LONGEST_ROW:
            raise _unreadable(f"a row is longer than {LONGEST_ROW} bytes")
    if rest:
        raise _unreadable("the last row is torn")


def parse_rows(
    pieces: Iterable[bytes], names: Sequence[str], size: int = PARSED
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a page's pieces; the columns are named as asked.

    Raises:
        UnreadableAnswerError: HTML, or other columns than were asked for.
    """
    for number, rows in enumerate(_gathered(pieces, size)):
        start = 0 if number else _end_of_header(rows, names)
        if start < len(rows):
            yield _parse(memoryview(rows)[start:], names)


def _gathered(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Yield the same bytes in pieces of about this size."""
    waiting: list[bytes] = []
    for piece in pieces:
        waiting.append(piece)
        if sum(map(len, waiting)) >= size:
            yield b"".join(waiting)
            waiting = []
    if waiting:
        yield b"".join(waiting)


def _end_of_rows(content: bytes) -> int:
    """Return where the last whole row ends: behind a line break that is in no cell."""
    is_within_cell = content.count(b'"') % 2 == 1
    end = len(content)
    while (found := content.rfind(b"\n", 0, end)) >= 0:
        is_within_cell ^= content.count(b'"', found, end) % 2 == 1
        if not is_within_cell:
            return found + 1
        end = found
    return 0


def _end_of_header(rows: bytes, names: Sequence[str]) -> int:
    """Return where the names of the columns end, 0 where a page does not repeat them.

    Raises:
        UnreadableAnswerError: where the first line is neither that nor a row.
    """
    line, _, _ = rows.partition(b"\n")
    found = [cell.lower() for cell in next(csv.reader([line.decode("utf-8", "replace")]), [])]
    wanted = [name.lower() for name in names]
    if found == wanted:
        return len(line) + 1
    if rows[:1] != b'"' or set(found) & set(wanted):
        raise _unreadable("the page begins with neither the columns asked for nor a row")
    return 0


def _parse(rows: memoryview, names: Sequence[str]) -> pa.RecordBatch:
    # One block of whole rows: Arrow need not look for row ends outside cells, at half its cost.
    try:
        table = arrow_csv.read_csv(
            pa.py_buffer(rows),
            read_options=arrow_csv.ReadOptions(
                use_threads=False, block_size=len(rows) + 1, column_names=list(names)
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid:
        # Not chained: its text quotes the row.
        raise _unreadable("the rows don't have the cells that were asked for") from None
    return table.combine_chunks().to_batches()[0]


def _unreadable(what: str) -> UnreadableAnswerError:
    return UnreadableAnswerError("salesforce", "jobs/query/results", what)
