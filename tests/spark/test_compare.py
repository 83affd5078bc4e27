"""The comparison finds what differs: it needs no Spark to be tested."""

from decimal import Decimal
from pathlib import Path

import duckdb

from tests.spark.compare import compare_rows, compare_warehouses, report


def test_the_same_rows_in_another_order_are_the_same() -> None:
    assert compare_rows([("a", 1), ("b", None)], [("b", None), ("a", 1)]) == ([], [])


def test_a_row_that_is_there_more_often_is_found() -> None:
    assert compare_rows([("a",), ("a",)], [("a",)]) == ([("a",)], [])


def test_floating_point_numbers_may_differ_in_the_tenth_place() -> None:
    assert compare_rows([("a", 1.0), ("a", 2.0)], [("a", 2.0 + 1e-12), ("a", 1.0)]) == ([], [])
    assert compare_rows([("a", 1.0)], [("a", 1.0 + 1e-6)]) == ([("a", 1.0)], [("a", 1.0 + 1e-6)])
    assert compare_rows([("a", 1.0)], [("a", None)]) == ([("a", 1.0)], [("a", None)])


def test_decimals_must_be_the_same_to_the_last_place() -> None:
    one, other = (Decimal("0.01"),), (Decimal("0.02"),)
    assert compare_rows([one], [other]) == ([one], [other])


def warehouse(path: Path, *statements: str) -> Path:
    with duckdb.connect(str(path)) as db:
        db.execute("create schema marts")
        for statement in statements:
            db.execute(statement)
    return path


def test_missing_tables_and_other_types_are_found(tmp_path: Path) -> None:
    first = warehouse(
        tmp_path / "one.duckdb",
        "create table marts.people as select 1::bigint as n",
        "create table marts.only_here as select 1 as n",
        "create table marts.same as select ['x'] as names",
    )
    second = warehouse(
        tmp_path / "two.duckdb",
        "create table marts.people as select 1::integer as n",
        "create table marts.same as select ['x'] as names",
    )

    compared = compare_warehouses(first, second)

    assert {one.table: one.is_same for one in compared} == {
        "marts.only_here": False,
        "marts.people": False,
        "marts.same": True,
    }
    assert "marts.people" in "\n".join(report(compared))
