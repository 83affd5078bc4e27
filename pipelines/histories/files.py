"""A file's rows, read by DuckDB in bounded memory: which can be used, and why the others can't."""

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from pipelines.duckdb_paths import exactly
from pipelines.histories.encodings import ADVICE, as_duckdb_reads, first_line, is_gzip
from pipelines.histories.errors import HistoryFileError
from pipelines.histories.instants import BELIEVED, instant_sql, quoted
from pipelines.rules.problems import nearest

MEMORY = "512MB"
"""What reading a file may hold: a million rows with their ids are ordered in 200 MB, and what is
more lies on the disk."""
_DELIMITERS = ",;\t|"
_BLANKS = " || ".join(f"chr({ord(blank)})" for blank in " \t\r\n\xa0\u3000")
_QUOTED = re.compile(r'"[^"]*"')
_VALUE = re.compile(r"@|^[-+(]?\d")
_NAME = re.compile(r"[^\W\d]\w{0,29}(?:[ .:-]\w{1,30}){0,3}")
Ties = Literal["id", "row"]


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
    """As of strftime, or epoch, epoch_ms; None for days, with or without time and zone, that begin
    with the year (of ISO 8601: no weeks, and no days counted from New Year)."""
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

    Columns of `judged`: row_number (from 1 after the header, broken rows included), case_id, stage,
    happened_at (UTC), event_id, resource, case_text, stage_text, time_text, and reason (NULL for a
    row that can be used).

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
    with (
        as_duckdb_reads(path, form.encoding, spill) as (text, encoding),
        duckdb.connect(config=config) as db,
    ):
        db.execute(f"set TimeZone = {quoted(form.time_zone)}")
        try:
            db.execute(_told(text, replace(form, encoding=encoding), names, delimiter))
            db.execute(_PLACES)
            db.execute(_judged(form))
        except (duckdb.InvalidInputException, duckdb.BinderException, duckdb.IOException) as error:
            why = _first_line(error)
            advice = f": {ADVICE}" if "encoded" in why.lower() else ""
            raise HistoryFileError(f"{path}: {why}{advice}") from error
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
    line = first_line(path, form.encoding)
    if "\r" in line:
        raise HistoryFileError(f"{path}: its lines end in CR alone: save it with line feeds")
    delimiter = _delimiter(form) or max(_DELIMITERS, key=_QUOTED.sub("", line).count)
    names = [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
    if not any(names):
        raise HistoryFileError(f"{path}: its first line must name its columns")
    return names, delimiter


def _delimiter(form: FileForm) -> str | None:
    r"""Return what stands between columns if it was told; a shell gives a tab as \t."""
    told = "\t" if form.delimiter == r"\t" else form.delimiter
    if told is not None and (len(told) != 1 or told in '"\r\n'):
        raise HistoryFileError(
            f"delimiter {told!r} can't stand between columns: give one character, or \\t for a tab"
        )
    return told


def _scan(path: Path, form: FileForm, names: Sequence[str], delimiter: str) -> str:
    # Names of our own: the file's may be empty or there twice.
    columns = ", ".join(f"'c{number}': 'varchar'" for number in range(len(names)))
    options = {
        "columns": f"{{{columns}}}",
        "delim": quoted(delimiter),
        "encoding": quoted(form.encoding),
        "compression": quoted("gzip" if is_gzip(path) else "none"),
        "auto_detect": "false",
        "header": "true",
        "quote": "'\"'",
        "escape": "'\"'",
        "ignore_errors": "true",
        "store_rejects": "true",
        "rejects_limit": "0",
    }
    told = ", ".join(f"{name} = {value}" for name, value in options.items())
    return f"read_csv({quoted(exactly(path))}, {told})"


def _told(path: Path, form: FileForm, names: Sequence[str], delimiter: str) -> str:
    """Return a statement that keeps what the rows say, as texts without blanks around them.

    Rows that are no rows (too few columns, a text that does not end) are counted by DuckDB.
    """
    columns = form.columns()
    texts = ", ".join(
        f"nullif(trim(c{names.index(columns[ours])}, {_BLANKS}), '') as {ours}_text"
        if ours in columns
        else f"cast(null as varchar) as {ours}_text"
        for ours in ("case", "stage", "at", "id", "resource")
    )
    return f"""
        create temp table told as
        select row_number() over () as number_among_good, {texts}
        from {_scan(path, form, names, delimiter)}
    """  # noqa: S608 - names of ours, and what is quoted


def _judged(form: FileForm) -> str:
    return f"""
        create temp table judged as
        with placed as (
            select told.*, told.number_among_good + coalesce(broken_before, 0) as row_number
            from told asof left join places on told.number_among_good >= places.from_number
        ),
        timed as (select *, {instant_sql(form.time_format)} as happened_at from placed),
        weighed as (
            select *, case
                when case_text is null then 'no case'
                when stage_text is null then 'no stage'
                when at_text is null then 'no time'
                -- DuckDB takes words for instants, too: infinity, epoch, and years before Christ
                when happened_at is null or not {BELIEVED.format("happened_at")}
                    or not regexp_matches(at_text, '[0-9]') then 'unreadable time'
            end as reason
            from timed
        )
        select row_number, case_text as case_id, stage_text as stage, happened_at,
            id_text as event_id, resource_text as resource, case_text, stage_text,
            at_text as time_text, reason
        from weighed
        union all
        select row_number, null, null, null, null, null, null, null, null, 'unreadable row'
        from broken
    """  # noqa: S608 - no text of the file's


_PLACES = """
    create temp table broken as select distinct line - 1 as row_number from reject_errors;
    create temp table places as
    with counted as (
        select row_number, row_number() over (order by row_number) as number from broken
    )
    select row_number - number + 1 as from_number, max(number) as broken_before
    from counted group by all
"""
"""DuckDB numbers the rows that it could read, and tells the lines of the others: of two broken rows
1 and 2, the first good one is the third."""


def undecoded(db: duckdb.DuckDBPyConnection) -> int:
    """Return how many rows have bytes that are no text of the encoding."""
    row = db.execute("""
        select count(distinct line) from reject_errors where error_type = 'INVALID ENCODING'
    """).fetchone()
    return int(row[0]) if row else 0


def _first_line(error: Exception) -> str:
    """Return what went wrong without the rows that DuckDB quotes."""
    return str(error).split("\n", 1)[0]
