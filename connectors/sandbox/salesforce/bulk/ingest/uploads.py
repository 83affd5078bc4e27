"""The CSV that a client uploads: its header, its rows, and what is left of it.

Source: Bulk API 2.0 Developer Guide, "Prepare CSV Files"; texts of failed jobs from error reports.
"""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.sandbox.salesforce.bulk.dialect import LINE_ENDINGS, CsvFormat

FIELD_LIMIT = 131_072
"""Characters of one cell."""


class BadUploadError(Exception):
    """An upload that can't be read on; the text is what the job says of it."""


@dataclass
class Upload:
    """An upload being read, row by row.

    Attributes:
        header: Names of the columns.
        lines: How many lines of the file have been read, so that the rest can be told.
    """

    header: list[str]
    rows: Iterator[list[str]]
    lines: int = 0

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
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True, **dialect)
        upload = Upload([], iter(()))
        cells = _cells(reader, upload)
        upload.header = next(cells, [])
        upload.rows = _of_same_width(cells, upload)
        yield upload


def rest_of(path: Path, lines: int) -> Iterator[bytes]:
    """Yield the header line of an upload, and the lines behind so many."""
    with path.open("rb") as file:
        for number, line in enumerate(file):
            if number == 0 or number >= lines:
                yield line


def _cells(reader: Any, upload: Upload) -> Iterator[list[str]]:
    # The limit is the module's own, so it is set where it is needed.
    csv.field_size_limit(FIELD_LIMIT)
    try:
        for row in reader:
            upload.lines = reader.line_num
            if row:
                yield row
    except csv.Error as error:
        raise BadUploadError(f"ClientInputError : Failed to parse CSV: {error}") from None
    except UnicodeDecodeError:
        message = "ClientInputError : Failed to parse CSV: the data is not UTF-8"
        raise BadUploadError(message) from None


def _of_same_width(cells: Iterator[list[str]], upload: Upload) -> Iterator[list[str]]:
    for row in cells:
        if len(row) != len(upload.header):
            raise BadUploadError(
                f"ClientInputError : Failed to parse CSV: line {upload.lines} has {len(row)} "
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
