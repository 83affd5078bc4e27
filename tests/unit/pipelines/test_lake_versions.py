"""Which versions of a record the lake keeps."""

from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.arrow import Row, build_table
from connectors.records import Cursor, Field, FieldType, Value
from pipelines.lake import Lake
from tests.unit.pipelines.builders import AS_OF, FIELDS, lead, lead_table, utc

DAY = "2026-11-20"
CURSOR = Cursor(utc(DAY))


def append(lake: Lake, *rows: Row) -> int:
    """Append leads and return how many were kept."""
    return append_table(lake, lead_table(*rows))


def append_table(lake: Lake, table: pa.Table) -> int:
    load = lake.append("salesforce", "leads", table, CURSOR, AS_OF)
    return load.rows if load else 0


def current_status(lake: Lake) -> str:
    """Return the status of the greatest (_modified_at, _load_id)."""
    rows = [
        row for path in lake.paths("salesforce", "leads") for row in pq.read_table(path).to_pylist()
    ]
    return str(max(rows, key=lambda row: (row["_modified_at"], row["_load_id"]))["Status"])


def test_a_newer_version_is_kept_beside_the_older(lake: Lake) -> None:
    kept = [append(lake, lead("1", DAY)), append(lake, lead("1", "2026-11-21", "Working"))]

    assert (kept, current_status(lake)) == ([1, 1], "Working")


def test_only_the_news_of_a_batch_are_kept(lake: Lake) -> None:
    append(lake, lead("1", DAY), lead("2", DAY))

    assert append(lake, lead("1", DAY), lead("2", DAY, "Working"), lead("3", DAY)) == 2


def test_two_versions_with_one_stamp_are_both_kept(lake: Lake) -> None:
    kept = [append(lake, lead("1", DAY, status)) for status in ("New", "Working")]

    assert (kept, current_status(lake)) == ([1, 1], "Working")


def test_a_value_put_back_within_one_stamp_is_the_current_one(lake: Lake) -> None:
    kept = [append(lake, lead("1", DAY, status)) for status in ("New", "Working", "New", "New")]

    assert (kept, current_status(lake)) == ([1, 1, 1, 0], "New")


def test_an_old_version_that_comes_again_is_not_kept_again(lake: Lake) -> None:
    append(lake, lead("1", DAY))
    append(lake, lead("1", "2026-11-21", "Working"))

    assert append(lake, lead("1", DAY), lead("1", "2026-11-21", "Working")) == 0


def test_an_old_version_that_comes_late_does_not_become_current(lake: Lake) -> None:
    append(lake, lead("1", "2026-11-21", "Working"))

    assert append(lake, lead("1", DAY)) == 1
    assert current_status(lake) == "Working"


def test_a_version_that_comes_twice_in_one_batch_is_kept_once(lake: Lake) -> None:
    assert append(lake, lead("1", DAY), lead("1", DAY)) == 1


def test_a_delete_with_the_records_own_stamp_is_a_new_version(lake: Lake) -> None:
    append(lake, lead("1", DAY))

    assert append(lake, lead("1", DAY, is_deleted=True)) == 1


def test_records_with_the_same_values_are_not_mixed_up(lake: Lake) -> None:
    append(lake, Row("1", utc(DAY), False, {"Email": "same@example.com"}))

    assert append(lake, Row("2", utc(DAY), False, {"Email": "same@example.com"})) == 1


def test_a_new_field_without_values_makes_no_new_versions(lake: Lake) -> None:
    append(lake, lead("1", DAY))

    assert (
        append_table(lake, build_table((*FIELDS, Field("Rating", "string")), [lead("1", DAY)])) == 0
    )


def test_fields_in_another_order_make_no_new_versions(lake: Lake) -> None:
    append(lake, lead("1", DAY))

    assert append_table(lake, build_table(FIELDS[::-1], [lead("1", DAY)])) == 0


def test_a_new_fields_value_is_a_new_version(lake: Lake) -> None:
    append(lake, lead("1", DAY))
    rated = Row("1", utc(DAY), False, {**lead("1", DAY).values, "Rating": "Hot"})

    assert append_table(lake, build_table((*FIELDS, Field("Rating", "string")), [rated])) == 1


@pytest.mark.parametrize(
    ("kind", "nothing"),
    [("integer", 0), ("decimal", Decimal(0)), ("boolean", False), ("datetime", utc("1970-01-01"))],
)
def test_a_value_that_is_zero_is_more_than_none(
    lake: Lake, kind: FieldType, nothing: Value
) -> None:
    fields = (*FIELDS, Field("Score", kind))
    for value in (None, nothing, None):
        scored = Row("1", utc(DAY), False, {**lead("1", DAY).values, "Score": value})
        assert append_table(lake, build_table(fields, [scored])) == 1


def test_a_value_that_moves_to_another_field_is_a_new_version(lake: Lake) -> None:
    append(lake, Row("1", utc(DAY), False, {"Email": "x"}))

    assert append(lake, Row("1", utc(DAY), False, {"Status": "x"})) == 1


def test_two_values_that_change_places_are_a_new_version(lake: Lake) -> None:
    append(lake, Row("1", utc(DAY), False, {"Email": "x", "Status": "y"}))

    assert append(lake, Row("1", utc(DAY), False, {"Email": "y", "Status": "x"})) == 1


def test_a_field_that_changes_its_type_leaves_older_loads_readable(lake: Lake) -> None:
    texts, numbers = (Field("Size", "string"),), (Field("Size", "integer"),)
    append_table(lake, build_table(texts, [Row("1", utc(DAY), False, {"Size": "many"})]))

    assert append_table(lake, build_table(numbers, [Row("1", utc(DAY), False, {"Size": 7})])) == 1
    sizes = [
        pq.read_table(path).column("Size").to_pylist() for path in lake.paths("salesforce", "leads")
    ]
    assert sizes == [["many"], [7]]
