"""Fields that come, go, change their type, or change their values without a stamp."""

import pytest

from pipelines.reading.extraction import Orders
from tests.unit.pipelines.builders import utc
from tests.unit.pipelines.fakes import Killed
from tests.unit.pipelines.reading.desk import Desk, contact


def test_a_calculated_value_that_moved_no_stamp_is_found(desk: Desk) -> None:
    desk.source.described = {"score": "integer"}
    desk.source.calculated = frozenset({"score"})
    desk.put(contact("a", score=1), contact("b", score=2))
    desk.read()
    desk.put(contact("a", score=7))
    desk.later()
    result = desk.read(calculated=0)

    assert desk.current("score") == {"a": (7,), "b": (2,)}
    assert (desk.asked("survey"), desk.asked("read_records")) == ([("score",)], [("a",)])
    assert result.audit is not None
    assert (result.audit.stale, result.audit.left) == (1, 0)


def test_a_field_that_is_new_is_filled_of_every_record_once(desk: Desk) -> None:
    desk.put(contact("a"), contact("b"))
    desk.read()
    desk.source.described = {"phase": "string"}
    desk.put(contact("a", phase="old"))
    result = desk.read()

    assert desk.current("phase") == {"a": ("old",), "b": (None,)}
    assert result.drift.new == ("phase",)
    assert (desk.asked("read_records"), desk.read().drift.new) == ([("a",)], ())
    assert desk.asked("survey") == []


def test_a_field_that_was_gone_for_a_while_is_filled_again(desk: Desk) -> None:
    desk.source.described = {"phase": "string"}
    desk.put(contact("a", phase="old"))
    desk.read()
    desk.source.described = {}
    assert desk.read().drift.gone == ("phase",)
    desk.source.described = {"phase": "string"}
    desk.put(contact("a", phase="new"))
    desk.read()

    assert desk.current("phase") == {"a": ("new",)}


def test_a_field_that_was_gone_while_a_reading_broke_off_is_filled_again(desk: Desk) -> None:
    desk.source.described = {"phase": "string"}
    desk.put(contact("a", phase="old"))
    desk.read()
    desk.source.described = {}
    desk.put(contact("a", 23), contact("b", 24), contact("c", 25))
    desk.later(96)
    desk.source.fails_before_page = 2
    with pytest.raises(Killed):
        desk.read()
    desk.source.fails_before_page = None
    desk.source.described = {"phase": "string"}
    desk.put(contact("a", 23, phase="new"))
    desk.read()

    assert desk.current("phase")["a"] == ("new",)


def test_a_field_that_is_gone_leaves_its_values_with_the_versions_it_was_read_with(
    desk: Desk,
) -> None:
    desk.source.described = {"phase": "string"}
    desk.put(contact("a", phase="old"), contact("b", phase="old"))
    desk.read()
    desk.source.described = {}
    desk.put(contact("b", 23))
    for _ in range(2):
        desk.later()
        desk.read(Orders(since=utc("2026-11-01")))

    assert desk.current("phase") == {"a": ("old",), "b": (None,)}
    assert desk.ids() == ["a", "b", "b"]


def test_a_field_of_another_type_is_told(desk: Desk) -> None:
    desk.source.described = {"size": "string"}
    desk.put(contact("a", size="7"))
    desk.read()
    desk.source.described = {"size": "integer"}

    assert desk.read().drift.retyped == ("size",)
    assert desk.read().drift.retyped == ()
