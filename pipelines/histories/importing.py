"""Files into the lake: what is news is kept as the next loads, what can't be used is set aside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from connectors.records import ARROW_TYPES, IS_DELETED, MODIFIED_AT, RECORD_ID
from pipelines.histories.files import FileForm, read_rows, undecoded
from pipelines.histories.instants import misread_unit
from pipelines.histories.replacing import Said
from pipelines.histories.setting_aside import FileRead, reasons, set_aside, unusable_rows
from pipelines.histories.streams import STREAMS, SYSTEM, schema_of
from pipelines.lake import Lake
from pipelines.lake_files import number_of
from pipelines.sync.engine import utc_now

BATCH_ROWS = 100_000
_WIDTH = 24
"""Digits of a number as text: so long that numbers are in order as texts, too."""
_TURN = 8
"""The first of them, of a place by rows, are the file's turn."""
_SAME_ID = "another row has the same id"


@dataclass(frozen=True)
class FileAccount:
    """What became of a file's rows; they add up."""

    file_name: str
    rows: int
    """All of them."""
    new: int
    """Kept: the lake lacked them, or had them otherwise."""
    known: int
    """The lake had them as they are."""
    repeated: int
    """More than once in the file: the same event, or older states of a case's record."""
    set_aside: Mapping[str, int] = field(default_factory=dict)
    """Rows that nothing can be made of, by reason."""
    examples: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """By reason, the first few of them: places after the header."""
    undecoded: int = 0
    """Rows, among those set aside, whose bytes are no text of the encoding."""
    likely_time_format: str | None = None
    """The unit that times which can't be read seem to be told in, where it is not the one given."""


def import_events(
    lake: Lake, path: Path, form: FileForm, spill: Path, said: Said | None = None
) -> FileAccount:
    """Keep a file's events that are news; raises HistoryFileError, and nothing is kept then.

    Args:
        lake: The history's.
        path: The file.
        form: How it tells its rows.
        spill: As of `read_rows`.
        said: Takes the keys of what the file says where it replaces all that its source has said;
            events are then in the order of its rows alone.
    """
    with read_rows(path, form, spill) as db:
        known, turn = (None, 0) if said else _known_places(lake)
        db.register("known_places", known or pa.table(_NO_PLACES))
        by_id = form.ties == "id" and form.id is not None
        db.execute(_EVENT_KEYS, [form.source, by_id, turn])
        return _keep(lake, db, "events", path, form, said=said)


def import_records(
    lake: Lake, path: Path, form: FileForm, spill: Path, said: Said | None = None
) -> FileAccount:
    """Keep what a file says of cases now; arguments and errors are those of `import_events`.

    Of several rows of a case the one that changed last counts, then the last one of the file.
    """
    with read_rows(path, form, spill) as db:
        db.execute(_RECORD_KEYS, [form.source])
        return _keep(lake, db, "records", path, form, said=said)


def _known_places(lake: Lake) -> tuple[pa.Table | None, int]:
    """Return where known events stand, and the turn of the next: files follow one another."""
    rows = lake.current(SYSTEM, "events", ["place"])
    rows = rows.filter(pc.invert(rows[IS_DELETED]))
    if not rows.num_rows:
        return None, 0
    return rows.select([RECORD_ID, "place"]), number_of(lake.paths(SYSTEM, "events")[-1])


_NO_PLACES = {RECORD_ID: pa.array([], pa.string()), "place": pa.array([], pa.string())}


def begin(lake: Lake) -> None:
    """Give each stream its first load, which may be empty: base reads them all."""
    for stream in STREAMS:
        if not lake.paths(SYSTEM, stream):
            lake.append(SYSTEM, stream, schema_of(stream).empty_table(), None, utc_now())


_EVENT_KEYS = f"""
    create temp table keyed as
    with named as (
        select *,
            case when event_id is not null then 'id:' || event_id
                else 'row:' || md5(concat_ws(chr(31), case_id, stage, happened_at, resource))
            end as named_by,
            case when $2 and regexp_full_match(event_id, '[0-9]{{1,{_WIDTH}}}')
                    then lpad(event_id, {_WIDTH}, '0')
                when $2 and event_id is not null then event_id
                else lpad(cast($3 as varchar), {_TURN}, '0')
                    || lpad(cast(row_number as varchar), {_WIDTH - _TURN}, '0')
            end as row_place
        from judged where reason is null
    ),
    counted as (
        select *,
            row_number() over (partition by named_by order by row_number desc) as from_last,
            row_number() over (partition by named_by order by row_number) as from_first,
            hash(case_id, stage, happened_at, resource) = last_value(
                hash(case_id, stage, happened_at, resource)
            ) over (
                partition by named_by order by row_number
                rows between unbounded preceding and unbounded following
            ) as is_as_last
        from named
    )
    select row_number, $1 || ':' || named_by
            || case when event_id is null then ':' || from_first else '' end as record_key,
        coalesce((select place from known_places where {RECORD_ID} = record_key), row_place)
            as place,
        case_id, stage as activity, happened_at as occurred_at, event_id, resource, $1 as source,
        stage, case_text, stage_text, time_text,
        case when event_id is null or from_last = 1 then null
            when is_as_last then 'repeated'
            else '{_SAME_ID}'
        end as reason
    from counted
"""  # noqa: S608 - constants of ours
"""An event that is known keeps its place: a longer file tells it in another row.

Rows without an id are told apart by what they say and how many say the same: each is an event.

Places are texts of one length for numbers, so that 9 comes before 10.
"""

_RECORD_KEYS = """
    create temp table keyed as
    with placed as (
        select *, row_number() over (
            partition by case_id order by happened_at desc, row_number desc
        ) as from_last
        from judged where reason is null
    )
    select row_number, $1 || ':' || case_id as record_key, case_id, stage,
        happened_at as changed_at, $1 as source, case_text, stage_text, time_text,
        case when from_last > 1 then 'repeated' end as reason
    from placed
"""


def _keep(
    lake: Lake,
    db: duckdb.DuckDBPyConnection,
    stream: str,
    path: Path,
    form: FileForm,
    *,
    said: Said | None,
) -> FileAccount:
    kept = _append(lake, db, stream)
    reading = FileRead(stream, path, form.source)
    unusable = unusable_rows(db, reading)
    rows_aside = _as_rows(unusable, schema_of("unusable_rows"), utc_now())
    set_aside(lake, reading, rows_aside, unusable)
    if said:
        keys = db.sql("select record_key from keyed where reason is null").to_arrow_table()
        said.add(stream, keys.column(0))
        said.add("unusable_rows", unusable.column("record_key"))
    counts, examples = reasons(db)
    usable = _count(db, "select count(*) from keyed where reason is null")
    repeated = _count(db, "select count(*) from keyed where reason = 'repeated'")
    rows = usable + repeated + sum(counts.values())
    return FileAccount(
        path.name, rows, kept, usable - kept, repeated, counts, examples,
        undecoded(db), misread_unit(db, form.time_format),
    )  # fmt: skip


def _append(lake: Lake, db: duckdb.DuckDBPyConnection, stream: str) -> int:
    """Append the usable rows that are news, in batches; return how many were."""
    schema, now = schema_of(stream), utc_now()
    columns = ", ".join(STREAMS[stream])
    query = f"select record_key, {columns} from keyed where reason is null order by row_number"  # noqa: S608
    # One epoch for all batches: the writer reads the lake's last states once.
    writer = lake.writer(SYSTEM, stream, lake.claim(SYSTEM))
    kept = 0
    for batch in db.sql(query).to_arrow_reader(BATCH_ROWS):
        table = _as_rows(pa.Table.from_batches([batch]), schema, now)
        load = writer.append(table, None, now, "states")
        kept += load.rows if load else 0
    return kept


def _as_rows(table: pa.Table, schema: pa.Schema, now: object) -> pa.Table:
    """Return rows of a stream: a state that bears the time of its reading."""
    stamp = pa.repeat(pa.scalar(now, ARROW_TYPES["datetime"]), table.num_rows)
    living = pa.repeat(pa.scalar(False), table.num_rows)
    lead = {RECORD_ID: table.column("record_key"), MODIFIED_AT: stamp, IS_DELETED: living}
    rest = {name: table.column(name) for name in schema.names if name not in lead}
    return pa.table(list((lead | rest).values()), schema.names).cast(schema)


def _count(db: duckdb.DuckDBPyConnection, query: str) -> int:
    row = db.execute(query).fetchone()
    return int(row[0]) if row else 0
