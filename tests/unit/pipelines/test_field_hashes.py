"""What many fields hold, as one number: whatever differs in a value differs in it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import combinations

import pyarrow as pa
import pytest

from connectors.records import ARROW_TYPES, Field, FieldType
from pipelines.arrow_sql import query
from pipelines.field_hashes import fields_hash, numbered

VALUES: dict[FieldType, list[object]] = {
    "string": [None, "a", "b", "0", "NA"],
    "integer": [None, 0, 1, -1],
    "decimal": [None, Decimal(0), Decimal("-0.000000001"), Decimal("1.5"), Decimal("-1.5")],
    "boolean": [None, False, True],
    "date": [None, date(1970, 1, 1), date(2026, 11, 20)],
    "datetime": [None, datetime(1970, 1, 1, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)],
    "list": [None, [], ["a"], ["a", "b"], ["b", "a"], ["a, b"], [None], ["a", None]],
}


def hashes(fields: list[Field], table: pa.Table) -> list[int]:
    hashed = fields_hash(fields, table.column_names)
    found = query(f"select {hashed} as hash from rows", rows=numbered(fields, table))
    return [row["hash"] for row in found.to_pylist()]


@pytest.mark.parametrize("kind", VALUES)
def test_values_that_differ_have_other_hashes(kind: FieldType) -> None:
    values = pa.array(VALUES[kind], ARROW_TYPES[kind])
    found = hashes([Field("a", kind)], pa.table({"a": values}))

    assert len(set(found)) == len(found)


def test_a_value_tells_which_field_has_it() -> None:
    pairs = [*combinations([None, "a", "b", "c"], 2)]
    pairs += [(right, left) for left, right in pairs]
    table = pa.table({"a": [left for left, _ in pairs], "b": [right for _, right in pairs]})

    assert len(set(hashes([Field("a", "string"), Field("b", "string")], table))) == 12


def test_zero_and_false_are_not_null_beside_others() -> None:
    fields = [Field("a", "integer"), Field("b", "boolean"), Field("c", "integer")]
    numbers = [None, 0, None, 0, None, 0, None, 0]
    others = [None, None, False, False, None, None, False, False]
    third = [None] * 4 + [0] * 4
    kinds = [ARROW_TYPES[field.type] for field in fields]
    columns = [*map(pa.array, (numbers, others, third), kinds)]

    assert len(set(hashes(fields, pa.table(columns, names=["a", "b", "c"])))) == 8


def test_a_column_of_another_type_counts_as_what_the_field_is() -> None:
    fields = [Field("a", "integer"), Field("b", "string")]
    texts = pa.table({"a": ["1", "x", None], "b": [1, 2, None]})
    typed = pa.table({"a": pa.array([1, None, None]), "b": ["1", "2", None]})

    assert hashes(fields, texts) == hashes(fields, typed)


def test_a_field_that_the_table_lacks_is_null() -> None:
    fields = [Field("a", "list"), Field("b", "string")]
    table = pa.table({"a": pa.nulls(1, ARROW_TYPES["list"]), "b": ["x"]})

    assert hashes(fields, table) == hashes(fields, table.drop_columns(["a"]))
