"""The CSV that a client uploads: its header, its rows, and what is left of it.

Source: Bulk API 2.0 Developer Guide, "Prepare CSV Files"; texts of failed jobs from error reports.
"""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from connectors.sandbox.salesforce.bulk.dialect import LINE_ENDINGS, CsvFormat

_ANY_LENGTH = 2**31 - 1
"""What the csv module takes on every platform; how long a cell may be, its row says."""


class BadUploadError(Exception):
    """An upload that can't be read on; the text is what the job says of it."""


@dataclass
class Upload:
    """An upload being read, row by row.

    Attributes:
        header: Names of the columns.
        first: The byte behind the header.
        end: The byte behind what has been read.
    """

    header: list[str]
    rows: Iterator[list[str]]
    first: int = 0
    end: int = 0

    def __iter__(self) -> Iterator[list[str]]:
        """Yield the cells of each row.

        Raises:
            BadUploadError: quotes that don't match, rows of another width, other text than UTF-8.
        """
        return self.rows


@contextmanager
def open_upload(path: Path, dialect: CsvFormat) -> Iterator[Upload]:
    """Open an upload behind its header.

    Raises:
        BadUploadError: the lines end otherwise than the job says, or there is no header.
    """
    _check_line_ending(path, dialect["lineterminator"])
    with path.open("rb") as file:
        lines = _Lines(file)
        upload = Upload([], iter(()))
        cells = _cells(reader_of(lines, dialect), lines, upload)
        upload.header = next(cells, [])
        upload.first = upload.end
        upload.rows = _of_same_width(cells, lines, upload)
        yield upload


class _Lines:
    """The lines of a file, which end with LF only, and how many bytes and lines have gone by."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.bytes = 0
        self.count = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._file:
            self.bytes += len(line)
            self.count += 1
            yield line.decode()


def reader_of(lines: Iterable[str], dialect: CsvFormat) -> Any:
    """Return a reader of CSV, which refuses quotes that don't match but no length of a cell."""
    # The limit is the module's own, so it is set where it is needed.
    csv.field_size_limit(_ANY_LENGTH)
    return csv.reader(lines, strict=True, **dialect)


def _cells(reader: Any, lines: _Lines, upload: Upload) -> Iterator[list[str]]:
    try:
        for row in reader:
            upload.end = lines.bytes
            if row:
                yield row
    except csv.Error as error:
        raise BadUploadError(f"ClientInputError : Failed to parse CSV: {error}") from None
    except UnicodeDecodeError:
        message = "ClientInputError : Failed to parse CSV: the data is not UTF-8"
        raise BadUploadError(message) from None


def _of_same_width(
    cells: Iterator[list[str]], lines: _Lines, upload: Upload
) -> Iterator[list[str]]:
    for row in cells:
        if len(row) != len(upload.header):
            raise BadUploadError(
                f"ClientInputError : Failed to parse CSV: line {lines.count} has {len(row)} "
                f"columns, but the header has {len(upload.header)}"
            )
        yield row


def _check_line_ending(path: Path, expected: str) -> None:
    with path.open("rb") as file:
        first = file.readline()
    found = "\r\n" if first.endswith(b"\r\n") else "\n"
    if first.endswith(b"\n") and found != expected:
        name = next(name for name, ending in LINE_ENDINGS.items() if ending == expected)
        raise BadUploadError(
            "ClientInputError : LineEnding is invalid on user data. "
            f"Current LineEnding setting is {name}"
        )
