from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa

from connectors.arrow import Row, assemble, build_table
from connectors.records import ARROW_TYPES, Field

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
FIELDS = (
    Field("Name", "string"),
    Field("Size", "integer"),
    Field("Gone__c", "decimal", exists=False),
)


def row(record_id: str, **values: object) -> Row:
    return Row(record_id, NOW, is_deleted=False, values=values)


def test_a_table_begins_with_the_record_and_has_every_field() -> None:
    table = build_table(FIELDS, [row("1", Name="Ada", Size="7", Gone__c=Decimal(2))])
    assert table.to_pylist() == [
        {
            "_record_id": "1",
            "_modified_at": NOW,
            "_is_deleted": False,
            "Name": "Ada",
            "Size": 7,
            "Gone__c": Decimal(2),
            "_unreadable": None,
        }
    ]


def test_a_bad_value_costs_neither_its_row_nor_its_neighbours() -> None:
    table = build_table(FIELDS, [row("1", Name="Ada", Size="many"), row("2", Name="Bob", Size=2)])
    assert table.select(["Name", "Size", "_unreadable"]).to_pylist() == [
        {"Name": "Ada", "Size": None, "_unreadable": '{"Size": "not of type integer"}'},
        {"Name": "Bob", "Size": 2, "_unreadable": None},
    ]


def test_columns_have_their_types_even_without_rows() -> None:
    assert build_table(FIELDS, []).schema == pa.schema(
        {
            "_record_id": pa.string(),
            "_modified_at": ARROW_TYPES["datetime"],
            "_is_deleted": pa.bool_(),
            "Name": pa.string(),
            "Size": pa.int64(),
            "Gone__c": ARROW_TYPES["decimal"],
            "_unreadable": pa.string(),
        }
    )


def test_columns_are_put_together_by_their_fields() -> None:
    columns = {"Size": pa.array(["7", "many"]), "Name": ["Ada\0", "Bob"], "Unasked": ["x", "y"]}
    stamps = pa.array([NOW, NOW], ARROW_TYPES["datetime"])

    table = assemble(FIELDS, pa.array(["1", "2"]), stamps, [False, True], columns)

    told = ['{"Name": "held NUL characters"}', '{"Size": "not of type integer"}']
    assert table.to_pydict() == {
        "_record_id": ["1", "2"],
        "_modified_at": [NOW, NOW],
        "_is_deleted": [False, True],
        "Name": ["Ada", "Bob"],
        "Size": [7, None],
        "Gone__c": [None, None],
        "_unreadable": told,
    }


def test_a_field_that_is_absent_has_its_type() -> None:
    table = assemble(FIELDS, ["1"], [NOW], [False], {})

    assert table.schema == build_table(FIELDS, []).schema


def test_a_field_of_many_choices_is_a_list() -> None:
    table = build_table([Field("Colours", "list")], [row("1", Colours="red;blue"), row("2")])

    assert table.column("Colours").to_pylist() == [["red", "blue"], None]
