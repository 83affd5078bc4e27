"""A file's rows, read by DuckDB in bounded memory: which can be used, and why the others can't."""

import csv
import gzip
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from pipelines.duckdb_paths import exactly
from pipelines.histories.errors import HistoryFileError
from pipelines.rules.problems import nearest

MEMORY = "512MB"
"""What reading a file may hold: a million rows with their ids are ordered in 200 MB, and what is
more lies on the disk."""
_DELIMITERS = ",;\t|"
_BELIEVED = (
    "coalesce({0} >= timestamptz '1900-01-01 00:00:00Z'"
    " and {0} < timestamptz '2200-01-01 00:00:00Z', false)"
)
"""What lies outside is told in another unit or form: milliseconds read as seconds are of the year
50000, which Python's dates can't hold."""
_VALUE = re.compile(r"@|^[-+(]?\d")
_NAME = re.compile(r"[^\W\d]\w{0,29}(?:[ .:-]\w{1,30}){0,3}")
_PYTHON_NAMES = {"utf-8": "utf-8-sig", "utf-16": "utf-16", "latin-1": "latin-1"}
Ties = Literal["id", "row"]
_EPOCHS = {"epoch": 1, "epoch_ms": 1_000}
"""Units since 1970, by how many of them are a second."""


@dataclass(frozen=True)
class FileForm:
    """How a file tells its rows: names of columns, and how times are written."""

    case: str
    stage: str
    at: str
    id: str | None = None
    resource: str | None = None
    ties: Ties = "id"
    """What orders events of the same instant: their ids (where there are any), or their rows."""
    source: str = "file"
    time_zone: str = "UTC"
    """Of times that name none; dates begin at midnight in it."""
    time_format: str | None = None
    """As of strftime, or epoch, epoch_ms; None for ISO 8601."""
    delimiter: str | None = None
    encoding: str = "utf-8"

    def columns(self) -> dict[str, str]:
        """Return the file's columns by what they are to us."""
        named = {
            "case": self.case,
            "stage": self.stage,
            "at": self.at,
            "id": self.id,
            "resource": self.resource,
        }
        return {ours: theirs for ours, theirs in named.items() if theirs is not None}


@contextmanager
def read_rows(path: Path, form: FileForm, spill: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database whose table `judged` has the file's rows, each with its reason or none.

    Columns of `judged`: row_number (from 1 after the header; among all lines for one that is no
    row, among the rows for the others), case_id, stage, happened_at (UTC), event_id, resource,
    case_text, stage_text, time_text, and reason (NULL for a row that can be used).

    Args:
        path: CSV with a header; gzip where its name ends so.
        form: Its columns and times.
        spill: Folder for what is more than memory is to hold; it may name people.

    Raises:
        HistoryFileError: no such file or column, no header, or no such time zone.
    """
    _check_zone(form)
    if not path.is_file():
        raise HistoryFileError(f"{path}: there is no such file")
    spill.mkdir(parents=True, exist_ok=True)
    config: dict[str, str | bool | int | float | list[str]]
    config = {"memory_limit": MEMORY, "temp_directory": str(spill), "threads": 2}
    names, delimiter = _read_header(path, form)
    _check_columns(path, form, names)
    with duckdb.connect(config=config) as db:
        db.execute(f"set TimeZone = {_quoted(form.time_zone)}")
        try:
            db.execute(_told(path, form, names, delimiter))
            db.execute(_judged(form))
        except (duckdb.InvalidInputException, duckdb.BinderException, duckdb.IOException) as error:
            raise HistoryFileError(f"{path}: {_first_line(error)}") from error
        db.execute("set TimeZone = 'UTC'")
        yield db


def _check_zone(form: FileForm) -> None:
    try:
        ZoneInfo(form.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise HistoryFileError(
            f"time zone {form.time_zone!r} is not known: give a name such as Europe/Berlin"
        ) from error


def _check_columns(path: Path, form: FileForm, known: Sequence[str]) -> None:
    for theirs in form.columns().values():
        if theirs not in known:
            near = nearest(theirs, _quotable(known))
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            count = f"Its first line, which must name them, has {len(known)}."
            raise HistoryFileError(f"{path}: it has no column {theirs!r}. {count}{hint}")
    twice = [name for name in form.columns().values() if known.count(name) > 1]
    if twice:
        raise HistoryFileError(f"{path}: it has several columns {twice[0]!r}. Rename one of them.")


def _quotable(known: Sequence[str]) -> list[str]:
    """Return the columns whose names an error may quote.

    A file without a header has a row in its place, which tells of people: then there are none.
    """
    if any(_VALUE.search(name) for name in known):
        return []
    return [name for name in known if _NAME.fullmatch(name)]


def _read_header(path: Path, form: FileForm) -> tuple[list[str], str]:
    """Return the names of the columns, and what stands between them.

    DuckDB's own sniffer takes another line for the header where a row is broken.
    """
    opened = gzip.open if path.name.endswith(".gz") else Path.open
    try:
        # What is no text is the matter of its row, which may stand beside the header.
        encoding = _PYTHON_NAMES.get(form.encoding, form.encoding)
        with opened(path, "rt", encoding=encoding, errors="replace") as file:
            line = file.readline().rstrip("\r\n")
    except (UnicodeError, EOFError, gzip.BadGzipFile) as error:
        raise HistoryFileError(f"{path}: it can't be read as {form.encoding}: {error}") from error
    delimiter = form.delimiter or max(_DELIMITERS, key=line.count)
    names = [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
    if not any(names):
        raise HistoryFileError(f"{path}: its first line must name its columns")
    return names, delimiter


def _scan(path: Path, form: FileForm, names: Sequence[str], delimiter: str) -> str:
    # Names of our own: the file's may be empty or there twice.
    columns = ", ".join(f"'c{number}': 'varchar'" for number in range(len(names)))
    options = {
        "columns": f"{{{columns}}}",
        "delim": _quoted(delimiter),
        "encoding": _quoted(form.encoding),
        "auto_detect": "false",
        "header": "true",
        "quote": "'\"'",
        "escape": "'\"'",
        "ignore_errors": "true",
        "store_rejects": "true",
        "rejects_limit": "0",
    }
    told = ", ".join(f"{name} = {value}" for name, value in options.items())
    return f"read_csv({_quoted(exactly(path))}, {told})"


def _told(path: Path, form: FileForm, names: Sequence[str], delimiter: str) -> str:
    """Return a statement that keeps what the rows say, as texts without blanks around them.

    Rows that are no rows (too few columns, a text that does not end) are counted by DuckDB.
    """
    columns = form.columns()
    texts = ", ".join(
        f"nullif(trim(c{names.index(columns[ours])}), '') as {ours}_text"
        if ours in columns
        else f"cast(null as varchar) as {ours}_text"
        for ours in ("case", "stage", "at", "id", "resource")
    )
    return f"""
        create temp table told as
        select row_number() over () as row_number, {texts}
        from {_scan(path, form, names, delimiter)}
    """  # noqa: S608 - names of ours, and what is quoted


def _judged(form: FileForm) -> str:
    return f"""
        create temp table judged as
        with timed as (select *, {_instant(form)} as happened_at from told),
        weighed as (
            select *, case
                when case_text is null then 'no case'
                when stage_text is null then 'no stage'
                when at_text is null then 'no time'
                -- DuckDB takes words for instants, too: infinity, epoch, and years before Christ
                when happened_at is null or not {_BELIEVED.format("happened_at")}
                    or not regexp_matches(at_text, '[0-9]') then 'unreadable time'
            end as reason
            from timed
        )
        select row_number, case_text as case_id, stage_text as stage, happened_at,
            id_text as event_id, resource_text as resource, case_text, stage_text,
            at_text as time_text, reason
        from weighed
        union all
        select distinct line - 1, null, null, null, null, null, null, null, null, 'unreadable row'
        from reject_errors
    """  # noqa: S608 - no text of the file's


def _instant(form: FileForm) -> str:
    """Return SQL for the instant that `at_text` tells, NULL where it tells none."""
    if form.time_format in _EPOCHS:
        return _since_1970("at_text", form.time_format)
    if form.time_format:
        parsed = f"try_strptime(at_text, {_quoted(form.time_format)})"
        return f"cast({parsed} as timestamptz)"
    return "try_cast(at_text as timestamptz)"


def _since_1970(text: str, unit: str) -> str:
    return f"try(to_timestamp(try_cast({text} as double) / {_EPOCHS[unit]}))"


def misread_unit(db: duckdb.DuckDBPyConnection, form: FileForm) -> str | None:
    """Return the unit that times since 1970 are in, where it is the other one; None if not.

    Args:
        db: As `read_rows` opened it.
        form: What the file was read as.
    """
    others = [unit for unit in _EPOCHS if unit != form.time_format]
    if form.time_format not in _EPOCHS:
        return None
    instant = _since_1970("time_text", others[0])
    row = db.execute(f"""
        select bool_or({_BELIEVED.format(instant)}) from judged where reason = 'unreadable time'
    """).fetchone()  # noqa: S608 - names of ours
    return others[0] if row and row[0] else None


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _first_line(error: Exception) -> str:
    """Return what went wrong without the rows that DuckDB quotes."""
    return str(error).split("\n", 1)[0]
