from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from connectors.errors import UnreadableAnswerError
from connectors.records import Field
from connectors.salesforce.tables import from_cells, from_records

FIELDS = (Field("Id", "string"), Field("Stamp", "datetime"), Field("Amount", "decimal"))
NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)


def cells(*amounts: str | None, **more: list[str]) -> pa.RecordBatch:
    columns = {
        "Id": [str(number) for number in range(len(amounts))],
        "Stamp": ["2026-11-22T09:00:00.000Z"] * len(amounts),
        "Amount": list(amounts),
        **more,
    }
    return pa.record_batch({name: pa.array(cell, pa.string()) for name, cell in columns.items()})


def test_numbers_that_bulk_writes_with_an_exponent_are_the_same_numbers() -> None:
    table = from_cells(FIELDS, "Stamp", cells("1.25E7", "12.5", None, "1.2345678901E10", "N/A E"))
    assert table["Amount"].to_pylist() == [
        Decimal("12500000"),
        Decimal("12.5"),
        None,
        Decimal("12345678901"),
        None,
    ]
    assert table["_unreadable"].to_pylist()[3:] == [None, '{"Amount": "not of type decimal"}']


def test_rows_of_a_result_bear_their_stamps_and_say_whether_they_are_deleted() -> None:
    table = from_cells(FIELDS, "Stamp", cells("1", "2", IsDeleted=["true", "false"]))
    assert table.select(["_record_id", "_modified_at", "_is_deleted"]).to_pylist() == [
        {"_record_id": "0", "_modified_at": NINE, "_is_deleted": True},
        {"_record_id": "1", "_modified_at": NINE, "_is_deleted": False},
    ]


def test_an_object_without_a_recycle_bin_has_no_deleted_rows() -> None:
    assert from_cells(FIELDS, "Stamp", cells("1"))["_is_deleted"].to_pylist() == [False]


def test_json_keeps_every_digit_of_a_number() -> None:
    record = {"Id": "1", "Stamp": "2026-11-22T09:00:00.000+0000", "Amount": "1234567890123456.789"}
    [amount] = from_records(FIELDS, "Stamp", [record])["Amount"].to_pylist()
    assert amount == Decimal("1234567890123456.789")


@pytest.mark.parametrize("column", ["Id", "Stamp"])
def test_a_row_of_a_result_without_id_or_stamp_is_unreadable(column: str) -> None:
    row: dict[str, str | None] = {"Id": "1", "Stamp": "2026-11-22T09:00:00.000Z", column: None}
    batch = pa.record_batch({name: pa.array([cell], pa.string()) for name, cell in row.items()})
    with pytest.raises(UnreadableAnswerError, match="Id or Stamp"):
        from_cells(FIELDS, "Stamp", batch)
