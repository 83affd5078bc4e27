"""The instants that a file's texts tell, in SQL: in which unit or form, and which are believed."""

import duckdb

_EPOCHS = {"epoch": 1, "epoch_ms": 1_000}
"""Units since 1970, by how many of them are a second."""
BELIEVED = (
    "coalesce({0} >= timestamptz '1900-01-01 00:00:00Z'"
    " and {0} < timestamptz '2200-01-01 00:00:00Z', false)"
)
"""What lies outside is told in another unit or form: milliseconds read as seconds are of the year
50000, which Python's dates can't hold."""


def instant_sql(time_format: str | None) -> str:
    """Return SQL for the instant that `at_text` tells, NULL where it tells none."""
    if time_format in _EPOCHS:
        return _since_1970("at_text", time_format)
    if time_format:
        parsed = f"try_strptime(at_text, {quoted(time_format)})"
        return f"cast({parsed} as timestamptz)"
    return "try_cast(at_text as timestamptz)"


def _since_1970(text: str, unit: str) -> str:
    return f"try(to_timestamp(try_cast({text} as double) / {_EPOCHS[unit]}))"


def misread_unit(db: duckdb.DuckDBPyConnection, time_format: str | None) -> str | None:
    """Return the unit that times since 1970 are in, where it is the other one; None if not.

    Args:
        db: As `read_rows` opened it.
        time_format: What they were read as.
    """
    others = [unit for unit in _EPOCHS if unit != time_format]
    if time_format not in _EPOCHS:
        return None
    instant = _since_1970("time_text", others[0])
    row = db.execute(f"""
        select bool_or({BELIEVED.format(instant)}) from judged where reason = 'unreadable time'
    """).fetchone()  # noqa: S608 - names of ours
    return others[0] if row and row[0] else None


def quoted(text: str) -> str:
    """Return a text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"
