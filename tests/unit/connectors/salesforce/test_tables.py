"""Cells of a Bulk result as typed columns."""

from decimal import Decimal

import pyarrow as pa
import pytest

from connectors.records import Field
from connectors.salesforce.tables import from_cells

FIELDS = (Field("Id", "string"), Field("SystemModstamp", "datetime"), Field("Amount", "decimal"))


def amounts(*cells: str | None) -> list[Decimal | None]:
    count = len(cells)
    columns = {
        "Id": [f"00Q{at}" for at in range(count)],
        "SystemModstamp": ["2026-06-30T12:00:00.000Z"] * count,
        "Amount": list(cells),
    }
    table = from_cells(FIELDS, "SystemModstamp", pa.table(columns))
    found: list[Decimal | None] = table["Amount"].to_pylist()
    return found


@pytest.mark.parametrize(
    "cells",
    [
        ("1.0E7", "-1.9999E7", "9.999999999999999E18", None, "12.5"),
        ("1.2345678901234567E7", "1.0E7"),
        ("1.0E7", "1.5E20", "2.5E-3"),
    ],
    ids=["as Java writes them", "all its digits", "otherwise"],
)
def test_numbers_with_exponents_are_read_exactly(cells: tuple[str | None, ...]) -> None:
    assert amounts(*cells) == [None if cell is None else Decimal(cell) for cell in cells]
