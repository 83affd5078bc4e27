from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.records import FieldType
from connectors.values import format_datetime, parse, parse_or_keep, to_epoch_ms

KINDS: list[FieldType] = ["string", "integer", "decimal", "boolean", "date", "datetime", "list"]
TYPES = dict(zip(KINDS, (str, int, Decimal, bool, date, datetime, list), strict=True))
INSTANTS = st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda instant: instant.replace(microsecond=instant.microsecond // 1000 * 1000)
)
ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("nothing", [None, ""])
def test_null_and_the_empty_string_are_no_value(kind: FieldType, nothing: object) -> None:
    assert parse(kind, nothing) is None


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("string", 12, "12"),
        ("string", True, "true"),
        ("string", {"a": [1]}, '{"a": [1]}'),
        ("string", "Zoë \ud800", "Zoë \ufffd"),
        ("integer", "12", 12),
        ("integer", 12.0, 12),
        ("integer", Decimal("1E+2"), 100),
        ("decimal", "12.50", Decimal("12.5")),
        ("decimal", 0.1, Decimal("0.1")),
        ("decimal", "-1e-3", Decimal("-0.001")),
        ("boolean", "TRUE", True),
        ("boolean", False, False),
        ("date", "2026-11-22", date(2026, 11, 22)),
        ("date", "1795305600000", date(2026, 11, 22)),
        ("datetime", "2026-05-01T07:25:37.000+0000", datetime(2026, 5, 1, 7, 25, 37, tzinfo=UTC)),
        ("datetime", "2026-05-01T09:25:37+02:00", datetime(2026, 5, 1, 7, 25, 37, tzinfo=UTC)),
        ("datetime", "2021-02-10 21:38:58", datetime(2021, 2, 10, 21, 38, 58, tzinfo=UTC)),
        ("datetime", "0", datetime(1970, 1, 1, tzinfo=UTC)),
        ("decimal", "9" * 29, Decimal("9" * 29)),
        ("list", "a;b", ["a", "b"]),
        ("list", ";a;;b;", ["a", "b"]),
        ("list", ["a", "Zoë"], ["a", "Zoë"]),
        ("datetime", 1500.0, datetime(1970, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)),
    ],
)
def test_a_value_is_read_as_its_fields_type(kind: FieldType, raw: object, value: object) -> None:
    assert parse(kind, raw) == value


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("integer", "12.5"),
        ("integer", "many"),
        ("integer", True),
        ("integer", str(2**63)),
        ("decimal", "NaN"),
        ("decimal", "1e30"),
        ("decimal", []),
        ("boolean", "yes"),
        ("boolean", 1),
        ("date", "22/11/2026"),
        ("list", 7),
        ("list", ["a", 7]),
        ("datetime", "soon"),
        ("datetime", "99999999999999999"),
    ],
)
def test_another_value_is_refused_without_being_quoted(kind: FieldType, raw: object) -> None:
    with pytest.raises(ValueError, match=f"^not of type {kind}$"):
        parse(kind, raw)


def test_a_value_of_another_type_can_be_kept_as_text() -> None:
    assert parse_or_keep("decimal", "12.5") == Decimal("12.5")
    assert parse_or_keep("decimal", "N/A") == "N/A"


@given(st.sampled_from(KINDS), ANYTHING)
def test_parsing_ends_in_a_value_or_a_plain_refusal(kind: FieldType, raw: object) -> None:
    try:
        value = parse(kind, raw)
    except ValueError as refusal:
        value = str(refusal)
    assert value is None or value == f"not of type {kind}" or isinstance(value, TYPES[kind])


@given(INSTANTS)
def test_an_instant_survives_its_two_spellings(instant: datetime) -> None:
    assert parse("datetime", format_datetime(instant)) == instant
    assert parse("datetime", str(to_epoch_ms(instant))) == instant


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=9))
def test_a_decimal_keeps_nine_places(number: Decimal) -> None:
    assert parse("decimal", str(number)) == number


@given(st.text())
def test_any_text_can_be_kept_as_utf8(text: str) -> None:
    kept = parse("string", text)
    assert kept is None or str(kept).encode()
