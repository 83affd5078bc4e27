"""Whole columns of raw values, typed at once.

The result is what `values.parse` makes of each value. A column whose values are all spelled as
Arrow reads them is cast in one go; any other is read value by value.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from connectors.records import ARROW_TYPES, FieldType, Value
from connectors.values import parse

RawColumn: TypeAlias = Sequence[Any] | pa.Array | pa.ChunkedArray
"""A field's raw values: as decoded from JSON, or an Arrow column of text or of the field's type."""

Faults = dict[int, str]
"""By position: what was wrong with a value; holds no part of it."""

_NOTHING = pa.nulls(0, pa.struct([]))
_SAFE_DIGITS = 29
_HELD_NUL = "held NUL characters"
_YEARS = {
    "date": (date.min, date.max),
    "datetime": (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
}
"""What Python can tell of time: Arrow also takes the year 0 and the year 200000."""


def type_column(kind: FieldType, raw: RawColumn) -> tuple[pa.Array, Faults]:
    """Return the values as the kind's Arrow type, and what was wrong with some of them.

    A value that is not of its kind becomes NULL. NUL characters are dropped from a text, which
    keeps the rest: neither PostgreSQL nor a spreadsheet takes them.
    """
    if isinstance(raw, pa.ChunkedArray):
        raw = raw.combine_chunks()
    if isinstance(raw, pa.Array) and raw.type == ARROW_TYPES[kind] != pa.string():
        return raw, {}
    texts = _as_texts(kind, raw)
    if texts is None:
        return _read_each(kind, raw)
    faults: Faults = {}
    if b"\0" in _bytes_of(texts):
        faults = dict.fromkeys(_positions(pc.match_substring(texts, "\0")), _HELD_NUL)
        texts = pc.replace_substring(texts, "\0", "")
    typed = _cast(kind, _without_empty(texts))
    if typed is None:
        typed, misread = _read_each(kind, texts)
        faults |= misread
    return typed, faults


def _as_texts(kind: FieldType, raw: RawColumn) -> pa.Array | None:
    """Return the values as text, None where text would not say of them what `parse` reads."""
    try:
        found = raw if isinstance(raw, pa.Array) else pa.array(raw, pa.string())
    except UnicodeEncodeError:
        return None
    except pa.ArrowTypeError:
        found = _inferred(raw)
    if pa.types.is_string(found.type):
        return found
    return pc.cast(found, pa.string()) if _is_said_by_text(kind, found.type) else None


def _is_said_by_text(kind: FieldType, found: pa.DataType) -> bool:
    if pa.types.is_floating(found):
        return kind == "decimal"
    if pa.types.is_integer(found) or pa.types.is_boolean(found):
        return kind != "list"
    return any(is_so(found) for is_so in (pa.types.is_null, pa.types.is_large_string))


def _inferred(raw: Sequence[Any]) -> pa.Array:
    """Return the values as the type that Arrow finds for them; of no type where it finds none."""
    try:
        found = pa.array(raw)
    except (pa.ArrowException, UnicodeEncodeError, OverflowError):
        return _NOTHING
    # Among floats Arrow (26.0) takes True for 1.0.
    is_mixed = pa.types.is_floating(found.type) and any(isinstance(one, bool) for one in raw)
    return _NOTHING if is_mixed else found


def _bytes_of(texts: pa.Array) -> bytes:
    """Return the texts' UTF-8, one after the other: a search in it costs 0.1 ns for each byte."""
    _, offsets, content = texts.buffers()
    if content is None or not len(texts):
        return b""
    ends = memoryview(offsets).cast("i")
    start, end = ends[texts.offset], ends[texts.offset + len(texts)]
    return bytes(memoryview(content)[start:end])


def _without_empty(texts: pa.Array) -> pa.Array:
    lengths = pc.binary_length(texts)
    return pc.if_else(pc.equal(lengths, 0), None, texts) if pc.min(lengths).as_py() == 0 else texts


def _positions(found: pa.Array) -> list[int]:
    positions: list[int] = pc.indices_nonzero(pc.fill_null(found, False)).to_pylist()
    return positions


def _cast(kind: FieldType, texts: pa.Array) -> pa.Array | None:
    """Return the texts cast by the first way that takes them all, None where none does."""
    for way in _WAYS[kind]:
        try:
            typed = way(texts)
        except pa.ArrowInvalid:
            continue
        if kind not in _YEARS or _is_within_years(kind, typed):
            return typed
    return None


def _is_within_years(kind: FieldType, typed: pa.Array) -> bool:
    first, last = (pa.scalar(end, typed.type) for end in _YEARS[kind])
    span = pc.min_max(typed)
    outside = (pc.less(span["min"], first), pc.greater(span["max"], last))
    return not any(is_outside.as_py() for is_outside in outside)


def _read_each(kind: FieldType, raw: RawColumn) -> tuple[pa.Array, Faults]:
    faults: Faults = {}
    values = list(_parsed(kind, raw.to_pylist() if isinstance(raw, pa.Array) else raw, faults))
    return pa.array(values, ARROW_TYPES[kind]), faults


def _parsed(kind: FieldType, raw: Sequence[Any], faults: Faults) -> Iterator[Value]:
    for at, value in enumerate(raw):
        if isinstance(value, str) and "\0" in value:
            faults[at] = _HELD_NUL
            value = value.replace("\0", "")  # noqa: PLW2901 - only without them is it a value
        try:
            yield parse(kind, value)
        except ValueError as fault:
            faults[at] = str(fault)
            yield None


def _to_integers(texts: pa.Array) -> pa.Array:
    _refuse(texts, b"x", b"X")  # Arrow takes 0x1F for a number.
    return pc.cast(texts, pa.int64())


def _to_booleans(texts: pa.Array) -> pa.Array:
    _refuse(texts, b"0", b"1")  # Arrow takes digits for booleans.
    return pc.cast(texts, pa.bool_())


def _refuse(texts: pa.Array, *marks: bytes) -> None:
    content = _bytes_of(texts)
    if any(mark in content for mark in marks):
        raise pa.ArrowInvalid


def _to_decimals(texts: pa.Array) -> pa.Array:
    _refuse_far_numbers(texts)
    return pc.cast(texts, ARROW_TYPES["decimal"])


def _to_rounded_decimals(texts: pa.Array) -> pa.Array:
    _refuse_far_numbers(texts)
    exact = pc.cast(texts, pa.decimal256(76, _SAFE_DIGITS))
    return pc.cast(pc.round(exact, 9, round_mode="half_to_even"), ARROW_TYPES["decimal"])


def _refuse_far_numbers(texts: pa.Array) -> None:
    """Refuse numbers that Arrow (26.0) may cast to others without a word: 31 digits overflow."""
    _refuse(texts, b"e", b"E")
    if (pc.max(pc.binary_length(texts)).as_py() or 0) > _SAFE_DIGITS:
        raise pa.ArrowInvalid


def _from_epoch_ms(kind: FieldType) -> Callable[[pa.Array], pa.Array]:
    def read(texts: pa.Array) -> pa.Array:
        instants = pc.cast(_to_integers(texts), pa.timestamp("ms", tz="UTC"))
        days = pc.floor_temporal(instants, unit="day") if kind == "date" else instants
        return pc.cast(days, ARROW_TYPES[kind])

    return read


def _to_lists(texts: pa.Array) -> pa.Array:
    edges = pc.match_substring_regex(texts, "^;|;;|;$")
    if pc.any(edges).as_py():
        raise pa.ArrowInvalid  # An empty choice is none.
    return pc.split_pattern(texts, ";")


def _casting(kind: pa.DataType, then: pa.DataType | None = None) -> Callable[[pa.Array], pa.Array]:
    def cast(texts: pa.Array) -> pa.Array:
        typed = pc.cast(texts, kind)
        return pc.cast(typed, then) if then is not None else typed

    return cast


_WAYS: Mapping[FieldType, tuple[Callable[[pa.Array], pa.Array], ...]] = {
    "string": (lambda texts: texts,),
    "integer": (_to_integers,),
    "decimal": (_to_decimals, _to_rounded_decimals),
    "boolean": (_to_booleans,),
    "date": (_casting(ARROW_TYPES["date"]), _from_epoch_ms("date")),
    "datetime": (
        _casting(ARROW_TYPES["datetime"]),
        # Without a zone: UTC, as `parse` takes it.
        _casting(pa.timestamp("us"), ARROW_TYPES["datetime"]),
        _from_epoch_ms("datetime"),
    ),
    "list": (_to_lists,),
}
"""How a column of each kind may be spelled, the usual way first."""
