import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar

import pytest

from connectors.side_by_side import read_ahead, read_side_by_side

WHOSE: ContextVar[str] = ContextVar("whose")


def source_of(*items: object) -> Callable[[], Iterator[object]]:
    def read() -> Iterator[object]:
        for item in items:
            if isinstance(item, Exception):
                raise item
            yield item() if callable(item) else item

    return read


def all_of(sources: Iterator[Callable[[], Iterator[object]]], readers: int = 3) -> list[object]:
    return [item for items in read_side_by_side(sources, readers, room=1) for item in items]


def test_items_come_in_the_order_of_their_sources() -> None:
    sources = (source_of(number, -number) for number in range(1, 20))
    expected = [sign * number for number in range(1, 20) for sign in (1, -1)]
    assert all_of(sources, readers=4) == expected


def test_sources_are_read_at_the_same_time() -> None:
    meeting = threading.Barrier(3, timeout=5)
    sources = iter([source_of(meeting.wait) for _ in range(3)])
    assert set(all_of(sources)) == {0, 1, 2}


def test_a_failure_is_raised_in_its_place_and_the_others_go_on() -> None:
    sources = iter([source_of(1), source_of(2, ValueError("broken")), source_of(3)])
    lanes = read_side_by_side(sources, readers=3, room=1)
    assert list(next(lanes)) == [1]
    with pytest.raises(ValueError, match="broken"):
        list(next(lanes))
    assert list(next(lanes)) == [3]
    lanes.close()


def test_a_source_that_nobody_reads_to_its_end_holds_nobody_up() -> None:
    lanes = read_side_by_side(iter([source_of(*range(100)), source_of(1)]), readers=1, room=1)
    assert next(next(lanes)) == 0
    assert [list(items) for items in lanes] == [[1]]


def test_readers_end_when_nobody_listens_any_more() -> None:
    lanes = read_side_by_side(iter([source_of(*range(100))] * 4), readers=4, room=1)
    next(next(lanes))
    lanes.close()
    names = [thread.name for thread in threading.enumerate()]
    assert [name for name in names if name.startswith("ahead")] == []


def test_readers_know_whose_work_they_do() -> None:
    WHOSE.set("leads")
    assert all_of(iter([source_of(WHOSE.get)])) == ["leads"]


def test_a_source_goes_on_while_its_taker_is_busy() -> None:
    arrived = threading.Event()
    items = read_ahead(source_of(1, arrived.set, 2), room=2)
    assert next(items) == 1
    assert arrived.wait(5)  # Nobody has asked for it yet.
    assert list(items) == [None, 2]


def test_what_a_source_gave_comes_before_its_failure() -> None:
    items = read_ahead(source_of(1, 2, ValueError("broken")), room=5)
    assert [next(items), next(items)] == [1, 2]
    with pytest.raises(ValueError, match="broken"):
        next(items)
