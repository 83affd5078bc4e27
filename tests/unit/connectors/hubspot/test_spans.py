import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.hubspot.spans import Place, Span, divide, read_place, subtract


@pytest.mark.parametrize(
    ("read", "left"),
    [
        (Span(0, 10), [Span(10, 20), Span(30)]),
        (Span(12, 15), [Span(0, 12), Span(15, 20), Span(30)]),
        (Span(15, 35), [Span(0, 15), Span(35)]),
        (Span(30), [Span(0, 20)]),
        (Span(20, 30), [Span(0, 20), Span(30)]),
        (Span(5, 5), [Span(0, 20), Span(30)]),
        (Span(0), []),
    ],
)
def test_what_was_read_is_taken_off_what_is_left(read: Span, left: list[Span]) -> None:
    assert subtract([Span(0, 20), Span(30)], read) == left


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 9), st.booleans())
def test_the_parts_of_a_span_are_the_span(start: int, width: int, parts: int, ends: bool) -> None:
    span = Span(start, start + width if ends else None)
    found = divide(span, start + width, parts)
    assert len(found) <= parts
    assert (found[0].start, found[-1].end) == (span.start, span.end)
    assert [part.end for part in found[:-1]] == [part.start for part in found[1:]]


@pytest.mark.parametrize("place", [Place((Span(3, 9), Span(20))), Place(after="c2Vjb25k")])
def test_a_place_is_read_as_it_was_written(place: Place) -> None:
    assert read_place(place.to_json()) == place


@pytest.mark.parametrize("text", ["", "7", "{}", '{"spans": []}', '{"spans": [["a", 1]]}', "?"])
def test_what_is_no_place_is_none(text: str) -> None:
    assert read_place(text) is None
