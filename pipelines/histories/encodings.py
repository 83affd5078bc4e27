"""What a file's bytes are texts of: DuckDB reads few encodings, Python knows the others."""

import codecs
import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import IO

from pipelines.histories.errors import HistoryFileError

ADVICE = "name its encoding by --encoding, e.g. gb18030 or cp1252"
_BY_DUCKDB = {"utf-8": "utf-8", "utf-8-sig": "utf-8", "iso8859-1": "latin-1"}
"""Not UTF-16: of big-endian files it made no row, and none of characters beyond the first plane
(DuckDB 2.0, 2026-11-23). Its Latin-1 refuses what Windows writes; Python does not."""
_MARK = "\ufeff"
"""Where a byte order mark is no part of the encoding, it is the text's first character."""


def codec_of(encoding: str) -> str:
    """Return Python's name of an encoding; raises HistoryFileError where it knows none."""
    try:
        name = codecs.lookup(encoding).name
        "a".encode(name)
    except LookupError as error:
        raise HistoryFileError(
            f"encoding {encoding!r} is not known: give a name such as utf-8, gb18030 or cp1252"
        ) from error
    return name


@contextmanager
def as_duckdb_reads(path: Path, encoding: str, spill: Path) -> Iterator[tuple[Path, str]]:
    """Yield a file with the same text, and its encoding, which DuckDB reads.

    Args:
        path: The file; gzip where its name ends so.
        encoding: As Python names it.
        spill: Folder for a copy, which is gone afterwards.

    Raises:
        HistoryFileError: the file is of another encoding.
    """
    codec = codec_of(encoding)
    if codec in _BY_DUCKDB:
        yield path, _BY_DUCKDB[codec]
        return
    with TemporaryDirectory(dir=spill) as folder:
        copy = Path(folder) / "text.csv"
        try:
            with (
                _opened(path, codec) as text,
                copy.open("w", encoding="utf-8", newline="") as written,
            ):
                written.write(text.read(1).removeprefix(_MARK))
                copyfileobj(text, written, 2**20)
        except UnicodeError as error:
            raise HistoryFileError(f"{path}: it does not read as {encoding}: {ADVICE}") from error
        except (EOFError, gzip.BadGzipFile) as error:
            raise HistoryFileError(f"{path}: it can't be read as gzip: {error}") from error
        yield copy, "utf-8"


def first_line(path: Path, encoding: str) -> str:
    """Return a file's first line; raises HistoryFileError where it is of another encoding."""
    codec = codec_of(encoding)
    try:
        if codec.startswith(("utf-16", "utf-32")):
            with _opened(path, codec) as text:
                return text.readline().removeprefix(_MARK).rstrip("\r\n")
        # Its bytes alone: what is no text in a row beside the header is the matter of that row.
        opened = gzip.open if is_gzip(path) else Path.open
        with opened(path, "rb") as file:
            line: bytes = file.readline()
        return line.decode("utf-8-sig" if codec == "utf-8" else codec).rstrip("\r\n")
    except UnicodeError as error:
        raise HistoryFileError(
            f"{path}: it does not read as {encoding.upper()}: {ADVICE}"
        ) from error
    except (EOFError, gzip.BadGzipFile) as error:
        raise HistoryFileError(f"{path}: it can't be read as {encoding}: {error}") from error


def _opened(path: Path, codec: str) -> IO[str]:
    if is_gzip(path):
        return gzip.open(path, "rt", encoding=codec, newline="")
    return path.open(encoding=codec, newline="")


def is_gzip(path: Path) -> bool:
    """Tell by a file's name whether it is compressed."""
    return path.suffix.lower() == ".gz"
