"""Values that the CRM's own list of choices does not have."""

from connectors.arrow import Row, build_table
from connectors.records import Field, Stream
from pipelines.lake import Lake
from pipelines.reading.choices import choices_of, count_unknown_choices
from pipelines.reading.results import StreamResult
from tests.unit.pipelines.builders import AS_OF, utc
from tests.unit.pipelines.reading.desk import Desk

DAY = utc("2026-11-20")
LISTED = (
    Field("object_name", "string"),
    Field("property_name", "string"),
    Field("options", "list"),
)


def list_choices(lake: Lake, **choices: str) -> None:
    rows = [
        Row(name, DAY, False, {"object_name": "contacts", "property_name": name, "options": values})
        for name, values in choices.items()
    ]
    lake.append("hubspot", "properties", build_table(LISTED, rows), None, AS_OF)


def kept(desk: Desk, **columns: list[str | None]) -> StreamResult:
    """Keep contacts with these values; return the result of a reading that kept them."""
    fields = [Field(name, "list" if name == "topics" else "string") for name in columns]
    rows = [
        Row(str(at), DAY, False, dict(zip(columns, values, strict=True)))
        for at, values in enumerate(zip(*columns.values(), strict=True))
    ]
    load = desk.lake.append("hubspot", "contacts", build_table(fields, rows), None, AS_OF)
    assert load is not None
    return StreamResult("contacts", 3, 3, 1, (), kept_loads=(load.path,))


def test_values_that_are_not_listed_are_counted_by_field(desk: Desk) -> None:
    list_choices(desk.lake, phase="new;old", topics="a;b", city="")
    result = kept(
        desk, phase=["new", "odd", None], topics=["a;b", "c;a", None], city=["x", "y", "z"]
    )

    [counted] = count_unknown_choices(desk.run(), [desk.stream], [result])

    assert counted.unknown_choices == {"phase": 1, "topics": 1}


def test_without_lists_nothing_is_unknown(desk: Desk) -> None:
    result = kept(desk, phase=["new", "odd", None])

    assert count_unknown_choices(desk.run(), [desk.stream], [result]) == (result,)


def test_where_nothing_was_kept_nothing_is_looked_up(desk: Desk) -> None:
    list_choices(desk.lake, phase="new")
    nothing = StreamResult("contacts", 3, 0, 0, ())

    assert count_unknown_choices(desk.run(), [desk.stream], [nothing]) == (nothing,)


def test_only_fields_with_choices_have_some(desk: Desk) -> None:
    list_choices(desk.lake, phase="new;old", city="")

    found = choices_of(desk.lake, "hubspot")

    assert {name: options.to_pylist() for name, options in found["contacts"].items()} == {
        "phase": ["new", "old"]
    }
    assert choices_of(desk.lake, "salesforce") == {}
    assert isinstance(desk.stream, Stream)
