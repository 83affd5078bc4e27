"""Reading ahead: several things at once, given out in order, or one while its taker is busy."""

import contextvars
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from queue import Full, Queue
from threading import Event
from typing import Generic, TypeVar

Item = TypeVar("Item")
_PATIENCE = 0.1
"""Seconds after which a reader that nobody listens to looks whether it is still wanted."""


class _End:
    """Nothing more comes; or why."""

    def __init__(self, fault: BaseException | None = None) -> None:
        self.fault = fault


class _Lane(Generic[Item]):
    """What one reader has read and nobody has taken yet."""

    def __init__(self, room: int) -> None:
        self.is_over = Event()
        self._queue: Queue[Item | _End] = Queue(room)

    def fill(self, source: Callable[[], Iterator[Item]]) -> None:
        try:
            for item in source():
                if not self._put(item):
                    return
        except BaseException as fault:  # noqa: BLE001 - raised again by whoever drains the lane
            self._put(_End(fault))
        else:
            self._put(_End())

    def drain(self) -> Iterator[Item]:
        try:
            while not isinstance(item := self._queue.get(), _End):
                yield item
            if item.fault is not None:
                raise item.fault
        finally:
            self.is_over.set()

    def _put(self, item: Item | _End) -> bool:
        while not self.is_over.is_set():
            try:
                self._queue.put(item, timeout=_PATIENCE)
            except Full:
                continue
            return True
        return False


def read_side_by_side(
    sources: Iterator[Callable[[], Iterator[Item]]], readers: int, room: int
) -> Generator[Iterator[Item], None, None]:
    """Yield what each source gives, in their order, while the next are being read.

    Args:
        sources: Asked for lazily, in the caller's thread.
        readers: Sources that are read at once, each in a thread with a copy of this context.
        room: Items that a reader may be ahead: memory is bounded by readers * room items.
    """
    lanes: deque[_Lane[Item]] = deque()
    with ThreadPoolExecutor(readers, "ahead") as pool:
        try:
            while True:
                while len(lanes) < readers and (source := next(sources, None)) is not None:
                    lane = _Lane[Item](room)
                    pool.submit(contextvars.copy_context().run, lane.fill, source)
                    lanes.append(lane)
                if not lanes:
                    return
                yield lanes[0].drain()
                lanes.popleft().is_over.set()
        finally:
            for lane in lanes:
                lane.is_over.set()


def read_ahead(source: Callable[[], Iterator[Item]], room: int) -> Generator[Item, None, None]:
    """Yield what a source gives, which goes on meanwhile; close it to end the source.

    Args:
        source: Called in a thread with a copy of this context; what it raises is raised here,
            behind all that it gave before.
        room: Items that it may be ahead.
    """
    with closing(read_side_by_side(iter([source]), 1, room)) as lanes:
        for items in lanes:
            yield from items
