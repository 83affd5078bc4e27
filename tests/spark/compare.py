"""Whether two warehouses hold the same tables: every row, each as often, and columns alike."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

SCHEMAS = ("marts", "sync")
CLOSE = 1e-9
"""How far two floating-point numbers may be apart, absolutely or as a part of the greater one: sums
of logarithms and powers are not rounded alike everywhere. All else is the same or it is not."""

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Compared:
    """One table on both sides."""

    table: str
    rows: int
    """On the first side."""
    only_first: int
    only_second: int
    columns_differ: bool
    example: tuple[Row | None, Row | None]
    """A row that only the first side has, and one that only the second has: for who looks."""

    @property
    def is_same(self) -> bool:
        """Tell whether no row and no column differs."""
        return not (self.only_first or self.only_second or self.columns_differ)


def compare_warehouses(
    first: Path, second: Path, schemas: Sequence[str] = SCHEMAS
) -> list[Compared]:
    """Compare every table of the schemas, also one that only one side has."""
    with duckdb.connect() as db:
        db.execute("set TimeZone = 'UTC'")
        for name, path in (("one", first), ("two", second)):
            db.execute(f"attach '{path}' as {name} (read_only)")
        tables = sorted({*_tables(db, "one", schemas), *_tables(db, "two", schemas)})
        return [_compare(db, table) for table in tables]


def compare_rows(first: Sequence[Row], second: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Return the rows that only one side has, each as often as it is there more often."""
    groups: dict[Row, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((first, second)):
        for row in rows:
            groups[_exact(row)][side].append(row)
    lonely: tuple[list[Row], list[Row]] = ([], [])
    for ones, others in groups.values():
        for side, rows in enumerate(_unpaired(ones, others)):
            lonely[side].extend(rows)
    return lonely


def report(compared: Sequence[Compared]) -> Iterator[str]:
    """Yield the lines of a table: name, rows, and rows that only one side has."""
    yield f"{'table':<34}{'rows':>9}{'only first':>12}{'only second':>13}"
    for one in compared:
        note = "  columns differ" if one.columns_differ else ""
        yield f"{one.table:<34}{one.rows:>9}{one.only_first:>12}{one.only_second:>13}{note}"


def _tables(db: duckdb.DuckDBPyConnection, side: str, schemas: Sequence[str]) -> list[str]:
    query = """
        select table_schema || '.' || table_name from information_schema.tables
        where table_catalog = ? and list_contains(?, table_schema)
    """
    return [row[0] for row in db.execute(query, [side, list(schemas)]).fetchall()]


def _compare(db: duckdb.DuckDBPyConnection, table: str) -> Compared:
    sides = [_read(db, side, table) for side in ("one", "two")]
    (columns, rows), (other_columns, other_rows) = sides
    only_first, only_second = compare_rows(rows, other_rows)
    example = (next(iter(only_first), None), next(iter(only_second), None))
    return Compared(
        table, len(rows), len(only_first), len(only_second), columns != other_columns, example
    )


def _read(
    db: duckdb.DuckDBPyConnection, side: str, table: str
) -> tuple[list[tuple[str, str]], list[Row]]:
    """Return a table's columns with their types and its rows; none of either if it is not there."""
    schema, name = table.split(".")
    if table not in _tables(db, side, [schema]):
        return [], []
    found = db.execute(f'describe {side}."{schema}"."{name}"').fetchall()
    return [(row[0], row[1]) for row in found], db.execute(f"from {side}.{table}").fetchall()


def _exact(row: Row) -> Row:
    """Return what must be the same; a floating-point number only that it is one."""
    return tuple("~" if isinstance(value, float) else value for value in map(_kept, row))


def _kept(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _unpaired(ones: list[Row], others: list[Row]) -> tuple[list[Row], list[Row]]:
    """Pair rows that differ in floating-point numbers at most; return those without a partner."""
    if not any(isinstance(value, float) for value in (ones or others)[0]):
        more, fewer = Counter(map(_exact, ones)), Counter(map(_exact, others))
        return list((more - fewer).elements()), list((fewer - more).elements())
    left = sorted(others, key=_floats)
    lonely: list[Row] = []
    for one in sorted(ones, key=_floats):
        partner = next((at for at, other in enumerate(left) if _is_close(one, other)), None)
        if partner is None:
            lonely.append(one)
        else:
            left.pop(partner)
    return lonely, left


def _floats(row: Row) -> tuple[float, ...]:
    return tuple(value for value in row if isinstance(value, float))


def _is_close(one: Row, other: Row) -> bool:
    pairs = zip(_floats(one), _floats(other), strict=True)
    return all(math.isclose(a, b, rel_tol=CLOSE, abs_tol=CLOSE) for a, b in pairs)
