"""What the lake says of its records: the versions that base takes, whatever the loads."""

from decimal import Decimal

import pyarrow as pa
import pytest

from connectors.arrow import Row, build_table
from connectors.records import Field, FieldType
from pipelines import lake_reading
from pipelines.lake import Lake, empty_table
from tests.unit.pipelines.builders import AS_OF, FIELDS, lead, lead_table, utc

DAY, NEXT_DAY = "2026-11-20", "2026-11-21"


def append(lake: Lake, *rows: Row, fields: tuple[Field, ...] = FIELDS) -> None:
    lake.append("salesforce", "leads", build_table(fields, rows), None, AS_OF)


def current(lake: Lake, *columns: str) -> dict[str, tuple[object, ...]]:
    """Return stamp, deletion and columns of each record's current version."""
    rows = lake.current("salesforce", "leads", columns).to_pylist()
    return {row.pop("_record_id"): tuple(row.values()) for row in rows}


def test_an_unknown_stream_has_no_records(lake: Lake) -> None:
    assert lake.current("salesforce", "leads", ["Email"]) == empty_table({})
    assert lake.latest_rows("salesforce", "leads", ["1"]) == empty_table({})
    assert lake.living("salesforce", "leads") == 0


def test_the_current_version_is_the_latest_stamp_then_the_latest_load(lake: Lake) -> None:
    append(lake, lead("1", NEXT_DAY, "new"), lead("2", DAY, "new"))
    append(lake, lead("1", DAY, "late"), lead("2", DAY, "tied"))

    assert current(lake, "Status") == {
        "1": (utc(NEXT_DAY), False, "new"),
        "2": (utc(DAY), False, "tied"),
    }


def test_columns_that_no_load_has_are_left_out(lake: Lake) -> None:
    append(lake, lead("1", DAY, "new"))
    append(lake, Row("2", utc(DAY), False, {"Size": "7"}), fields=(Field("Size", "integer"),))

    assert lake.current("salesforce", "leads", ["Size", "Status", "Absent"]).to_pydict() == {
        "_record_id": ["2", "1"],
        "_modified_at": [utc(DAY), utc(DAY)],
        "_is_deleted": [False, False],
        "Size": [7, None],
        "Status": [None, "new"],
    }


def test_a_part_ends_where_it_is_wide_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lake_reading, "PART_BYTES", 2 * 2**20)
    wide = pa.table({"Text": ["x" * 2**10] * 2**10})

    parts = [*lake_reading.in_parts([wide] * 5, wide.schema)]

    assert [len(part) for part in parts] == [2 * 2**10, 2 * 2**10, 2**10]


def test_the_deleted_are_not_living(lake: Lake) -> None:
    append(lake, lead("1", DAY), lead("2", DAY), lead("3", DAY))
    append(lake, lead("1", NEXT_DAY, is_deleted=True))

    assert lake.living("salesforce", "leads") == 2


def test_the_latest_rows_are_whole_and_without_the_lakes_own_columns(lake: Lake) -> None:
    append(lake, lead("1", DAY), lead("2", DAY), lead("3", DAY))
    append(lake, lead("2", NEXT_DAY, "late"))

    rows = lake.latest_rows("salesforce", "leads", ["3", "2", "unknown"])

    assert rows.sort_by("_record_id") == lead_table(lead("2", NEXT_DAY, "late"), lead("3", DAY))


def test_the_latest_rows_cost_one_opening_of_each_load(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in ("2026-11-20", "2026-11-22", "2026-11-21"):
        append(lake, lead("1", day, day), lead(day, day))
    opened: list[str] = []
    open_load = lake._files.open
    monkeypatch.setattr(lake._files, "open", lambda path: opened.append(path) or open_load(path))

    (row,) = lake.latest_rows("salesforce", "leads", ["1"]).to_pylist()

    assert (row["Status"], [path[-9:-8] for path in opened]) == ("2026-11-22", ["3", "2", "1"])


@pytest.mark.parametrize(
    ("was", "then", "kind", "now"),
    [
        ("string", "12.5", "decimal", Decimal("12.5")),
        ("string", "many", "decimal", None),
        ("integer", 7, "string", "7"),
        ("list", "a;b", "string", None),
    ],
)
def test_a_column_has_its_newest_type(
    lake: Lake, was: FieldType, then: object, kind: FieldType, now: object
) -> None:
    old, new = (Field("Size", was),), (Field("Size", kind),)
    append(lake, Row("1", utc(DAY), False, {"Size": then}), fields=old)
    append(lake, Row("2", utc(DAY), False, {}), fields=new)

    assert current(lake, "Size")["1"][-1] == now
    (row,) = lake.latest_rows("salesforce", "leads", ["1"]).to_pylist()
    assert row["Size"] == now


def test_a_column_that_is_gone_is_kept_in_the_latest_rows(lake: Lake) -> None:
    append(lake, lead("1", DAY, "new"))
    append(lake, Row("2", utc(DAY), False, {}), fields=FIELDS[:1])

    (row,) = lake.latest_rows("salesforce", "leads", ["1"]).to_pylist()

    assert row["Status"] == "new"


def test_memory_grows_with_the_records_and_not_with_their_versions(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lake_reading, "FOLD_ROWS", 5)
    for day in range(10, 30):
        append(lake, lead("1", f"2026-11-{day}", str(day)), lead("2", DAY, str(day)))
    held: list[int] = []
    query = lake_reading.query

    def counted(sql: str, **tables: pa.Table) -> pa.Table:
        held.append(tables["held"].num_rows)
        return query(sql, **tables)

    monkeypatch.setattr(lake_reading, "query", counted)

    status = {key: row[-1] for key, row in current(lake, "Status").items()}

    assert status == {"1": "29", "2": "29"}
    assert max(held) <= 5 + 3 * 2 + 2
