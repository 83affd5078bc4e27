"""A whole column is typed at once, and says what each of its values would say by itself."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connectors.columns import type_column
from connectors.records import ARROW_TYPES, FieldType
from connectors.values import parse

KINDS: list[FieldType] = ["string", "integer", "decimal", "boolean", "date", "datetime", "list"]
SPELLINGS: dict[FieldType, st.SearchStrategy[object]] = {
    "string": st.text() | st.integers() | st.booleans(),
    "integer": st.from_regex(r"\A ?[-+]?(0x)?[0-9]{1,20}(\.0)?\Z") | st.integers() | st.floats(),
    "decimal": st.from_regex(r"\A[-+]?[0-9_]{0,30}\.?[0-9]{0,22}(e-?[0-9]{1,2})?\Z") | st.floats(),
    "boolean": st.sampled_from(["true", "FALSE", "True", "0", "1", "yes", True, False, 1]),
    "date": st.from_regex(r"\A(0000|9999|2026)-(02|12)-(28|29|3[01])(T10:00:00Z)?\Z")
    | st.dates().map(str)
    | st.integers(-(10**15), 10**15).map(str),
    "datetime": st.from_regex(
        r"\A(0000|2026|9999)-12-31[T ](00|23|24):59(:[56]9(\.[0-9]{1,9})?)?(Z|[-+]\d\d(:?\d\d)?)?\Z"
    )
    | st.integers(-(10**15), 10**15)
    | st.datetimes().map(str),
    "list": st.from_regex(r"\A;?[ab]{0,2}(;[ab]{0,2}){0,3}\Z") | st.lists(st.text()),
}
NEAR_LIMITS: dict[FieldType, st.SearchStrategy[object]] = {
    "integer": st.integers(-3, 3).flatmap(
        lambda off: st.sampled_from([str(2**63 + off), str(off - 2**63), 2**63 + off, off - 2**63])
    ),
    "decimal": st.builds(
        "{}{}{}.{}".format,
        st.sampled_from(["", "-"]),
        st.sampled_from(["9" * 28, "9" * 29, "1" + "0" * 28, "1" + "0" * 29]),
        st.sampled_from(["", "0"]),
        st.from_regex(r"\A(0{8}|9{8})[0-9]{1,14}\Z"),
    ),
}
"""Numbers that round, or fit, to one side of what a column holds or to the other."""


@st.composite
def columns(draw: st.DrawFn) -> tuple[FieldType, list[object]]:
    kind = draw(st.sampled_from(KINDS))
    one_spelling = st.lists(SPELLINGS[kind] | st.sampled_from([None, ""]), max_size=4)
    anything = st.sampled_from([None, "", "NA", 7, 1.5, True, "\ud800", {"a": 1}, ["b"]])
    return kind, draw(one_spelling | st.lists(SPELLINGS[kind] | anything, max_size=4))


@st.composite
def columns_near_limits(draw: st.DrawFn) -> tuple[FieldType, list[object]]:
    kind = draw(st.sampled_from(sorted(NEAR_LIMITS)))
    return kind, draw(st.lists(NEAR_LIMITS[kind], min_size=1, max_size=3))


def parsed(kind: FieldType, raw: object) -> object:
    """Return what the value is by itself: typed, or the reason why it is not."""
    text = raw.replace("\0", "") if isinstance(raw, str) else raw
    try:
        return parse(kind, text)
    except ValueError as refusal:
        return str(refusal)


@given(columns() | columns_near_limits())
@example(("integer", ["0x1F", "7"]))
@example(("boolean", ["1", "0"]))
@example(("decimal", ["0.1234567895", "1e28"]))
@example(("decimal", [123456789012345.67]))
@example(("date", ["0000-01-01"]))
@example(("datetime", ["253402300800000"]))
@example(("decimal", ["9" * 29 + "." + "9" * 10]))
@example(("integer", [str(-(2**63))]))
def test_a_column_is_what_its_values_are(column: tuple[FieldType, list[object]]) -> None:
    kind, raw = column
    typed, faults = type_column(kind, raw)
    refusals = {at: why for at, why in faults.items() if why.startswith("not of")}
    found = [refusals.get(at, value) for at, value in enumerate(typed.to_pylist())]
    assert typed.type == ARROW_TYPES[kind]
    assert found == [parsed(kind, value) for value in raw]


TEXTS = ["12.50", None, "7", ""]


@pytest.mark.parametrize(
    "raw",
    [
        TEXTS,
        pa.array(TEXTS),
        pa.array(TEXTS, pa.large_string()),
        pa.chunked_array([TEXTS[:1], TEXTS[1:]]),
        pa.array(["no number", *TEXTS])[1:],
        pa.array([Decimal("12.5"), None, Decimal(7), None], pa.decimal128(38, 9)),
    ],
    ids=["list", "array", "large", "chunks", "slice", "typed"],
)
def test_a_column_comes_in_any_shape(raw: object) -> None:
    typed, faults = type_column("decimal", raw)

    assert (typed.to_pylist(), faults) == ([Decimal("12.5"), None, Decimal(7), None], {})


@pytest.mark.parametrize("raw", [["a\0b", "c"], ["a\0b", "c", 7]], ids=["texts", "mixed"])
def test_nul_characters_are_dropped_and_told(raw: list[object]) -> None:
    typed, faults = type_column("string", raw)

    assert typed.to_pylist()[:2] == ["ab", "c"]
    assert faults == {0: "held NUL characters"}


def test_a_number_with_nul_characters_is_still_one() -> None:
    typed, faults = type_column("integer", ["\0", "1\x002", "many\0"])

    assert typed.to_pylist() == [None, 12, None]
    assert faults == {
        0: "held NUL characters",
        1: "held NUL characters",
        2: "not of type integer",
    }


def test_the_text_na_stays_a_text() -> None:
    assert type_column("string", pa.array(["NA", "null", "NaN"]))[0].to_pylist() == [
        "NA",
        "null",
        "NaN",
    ]


def test_a_number_too_far_for_its_type_is_told_and_never_another() -> None:
    typed, faults = type_column("decimal", ["6504001327145585087091841340534"])

    assert (typed.to_pylist(), faults) == ([None], {0: "not of type decimal"})
