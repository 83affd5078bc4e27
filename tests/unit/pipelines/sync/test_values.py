"""Equal values compare equal, whichever side they come from."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.records import FieldType, Value
from pipelines.sync.values import from_text, normalise, to_text
from tests.unit.pipelines.builders import utc

# Beyond these a CRM holds no value: Salesforce dates begin in 1700, our decimals have 18 digits.
INSTANTS = st.datetimes(datetime(1700, 1, 1), datetime(4000, 12, 31), timezones=st.timezones())  # noqa: DTZ001 - hypothesis adds the zones
DECIMALS = st.decimals(Decimal(-(10**16)), Decimal(10**16), allow_nan=False)
TYPED: st.SearchStrategy[tuple[FieldType, object]] = st.one_of(
    st.tuples(st.just("string"), st.text()),
    st.tuples(st.just("integer"), st.integers(-(2**63), 2**63 - 1)),
    st.tuples(st.just("decimal"), DECIMALS),
    st.tuples(st.just("boolean"), st.booleans()),
    st.tuples(st.just("date"), st.dates(date(1700, 1, 1), date(4000, 12, 31))),
    st.tuples(st.just("datetime"), INSTANTS),
)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("string", "  Sales Lead \n", "Sales Lead"),
        ("string", "", None),
        ("string", "   ", None),
        ("decimal", "40", Decimal("40.00")),
        ("decimal", 40, Decimal("40.00")),
        ("decimal", Decimal("0.125"), Decimal("0.13")),
        ("decimal", Decimal("-0.125"), Decimal("-0.13")),
        ("decimal", 0.1 + 0.2, Decimal("0.30")),
        ("datetime", "2026-11-22T10:00:00.999Z", utc("2026-11-22T10:00:00")),
        ("datetime", "2026-11-22T12:00:00+02:00", utc("2026-11-22T10:00:00")),
        ("date", date(2026, 11, 22), date(2026, 11, 22)),
        ("integer", 7, 7),
        ("integer", 0, 0),
        ("boolean", False, False),
        ("datetime", None, None),
    ],
)
def test_a_value_is_what_the_crm_gives_back(
    kind: FieldType, value: object, expected: Value
) -> None:
    assert normalise(value, kind) == expected


def test_an_instant_in_another_zone_is_the_same_instant() -> None:
    local = datetime(2026, 11, 22, 15, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))

    assert normalise(local, "datetime") == utc("2026-11-22T10:00:00")


@pytest.mark.parametrize("value", [datetime(2026, 11, 22), "2026-11-22T10:00:00"])  # noqa: DTZ001 - the point
def test_an_instant_without_a_zone_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="without a time zone"):
        normalise(value, "datetime")


@pytest.mark.parametrize("kind", ["integer", "boolean", "date"])
def test_text_is_no_number_and_the_error_does_not_show_it(kind: FieldType) -> None:
    with pytest.raises(TypeError) as refused:
        normalise("ada@example.com", kind)

    assert str(refused.value) == f"a str can't be a {kind}"


def test_an_instant_in_a_date_field_is_the_date_the_crm_keeps() -> None:
    assert normalise(utc("2026-11-22T10:00:00"), "date") == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("New", "New"),
        (True, "true"),
        (7, "7"),
        (Decimal("40.00"), "40.00"),
        (date(2026, 11, 22), "2026-11-22"),
        (datetime(2026, 11, 22, 10, tzinfo=UTC), "2026-11-22T10:00:00Z"),
    ],
)
def test_plans_keep_values_as_plain_text(value: Value, text: str | None) -> None:
    assert to_text(value) == text


@given(TYPED)
def test_a_value_comes_back_from_its_text(typed: tuple[FieldType, object]) -> None:
    kind, value = typed
    normal = normalise(value, kind)

    assert from_text(to_text(normal), kind) == normal


@given(TYPED)
def test_normalising_twice_changes_nothing(typed: tuple[FieldType, object]) -> None:
    kind, value = typed
    once = normalise(value, kind)

    assert normalise(once, kind) == once


@given(DECIMALS, st.integers(0, 6))
def test_equal_numbers_have_one_text_whatever_their_places(number: Decimal, places: int) -> None:
    longer = Decimal(f"{number:f}" + ("" if "." in f"{number:f}" else ".") + "0" * places)

    assert to_text(normalise(number, "decimal")) == to_text(normalise(longer, "decimal"))


def test_nothing_has_one_text_however_it_was_rounded() -> None:
    texts = {to_text(normalise(Decimal(text), "decimal")) for text in ("0", "-0.001", "0.004")}

    assert texts == {"0.00"}
