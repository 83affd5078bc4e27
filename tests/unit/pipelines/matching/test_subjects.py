"""How names of people are compared: in any order, and only where both are known."""

import duckdb
import pytest

from pipelines.matching.subjects import any_order


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("ann", "lee", "ann lee"),
        ("lee", "ann", "ann lee"),
        ("ann", None, None),
        (None, "lee", None),
        (None, None, None),
    ],
)
def test_one_name_alone_is_no_full_name(
    one: str | None, other: str | None, expected: str | None
) -> None:
    query = f"select {any_order('one', 'other')} from (select ?::text as one, ?::text as other)"

    assert duckdb.execute(query, [one, other]).fetchall() == [(expected,)]
