"""Rows that nothing can be made of: kept with their reason, and gone once they are mended."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from connectors.records import IS_DELETED, RECORD_ID
from pipelines.histories.replacing import deleted, standing
from pipelines.histories.streams import SYSTEM, schema_of
from pipelines.lake import Lake
from pipelines.sync.engine import utc_now


@dataclass(frozen=True)
class FileRead:
    """A file in its part: the same file may be read as history and as records."""

    stream: str
    path: Path
    source: str

    def values(self) -> list[str]:
        """Return what tells it from any other reading, and its file's name."""
        return [self.source, self.path.name, self.stream, str(self.path.resolve())]


_UNUSABLE = """
    select concat_ws(':', $1, $3, $4, reason, row_number) as record_key, $1 as source,
        $2 as file_name, $3 as stream, $4 as file_path, row_number, reason, case_text, stage_text,
        time_text
    from (
        select row_number, reason, case_text, stage_text, time_text from judged
        where reason is not null
        union all
        select row_number, reason, case_text, stage_text, time_text from keyed
        where reason is not null and reason <> 'repeated'
    )
"""


def unusable_rows(db: duckdb.DuckDBPyConnection, reading: FileRead) -> pa.Table:
    """Return the reading's unusable rows, as the stream has them but for the lake's columns."""
    return db.sql(_UNUSABLE, params=reading.values()).to_arrow_table()


def forget_mended(lake: Lake, reading: FileRead, unusable: pa.Table) -> pa.Table:
    """Return as deleted what the lake has of the reading and what is no longer unusable."""
    schema = schema_of("unusable_rows")
    known = standing(lake, "unusable_rows")
    with duckdb.connect() as db:
        db.execute("set TimeZone = 'UTC'")
        db.register("known", known)
        db.register("unusable", unusable)
        mended = db.sql(
            f"select known.* from known anti join unusable on {RECORD_ID} = record_key"  # noqa: S608
            " where source = $1 and file_name = $2 and coalesce(stream, $3) = $3"
            " and coalesce(file_path, $4) = $4"
            f" and not {IS_DELETED}",
            params=reading.values(),
        ).to_arrow_table()
    return deleted(mended, schema)


def set_aside(lake: Lake, reading: FileRead, rows: pa.Table, unusable: pa.Table) -> None:
    """Keep a reading's unusable rows, and let go of those that are mended since.

    Args:
        lake: The history's.
        reading: Of which file, in which part.
        rows: The unusable rows as the lake takes them.
        unusable: The same, as `unusable_rows` found them.
    """
    told = pa.concat_tables([rows, forget_mended(lake, reading, unusable)])
    lake.append(SYSTEM, "unusable_rows", told, None, utc_now(), look="states")


def reasons(db: duckdb.DuckDBPyConnection) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Return how many rows are set aside, and the places of the first few, by reason."""
    found = db.execute("""
        select reason, count(*), list_slice(list(row_number order by row_number), 1, 3)
        from (
            select reason, row_number from judged where reason is not null
            union all
            select reason, row_number from keyed where reason is not null and reason <> 'repeated'
        )
        group by reason order by reason
    """).fetchall()
    counts = Counter({str(reason): int(count) for reason, count, _ in found})
    return dict(counts), {str(reason): list(rows) for reason, _, rows in found}
