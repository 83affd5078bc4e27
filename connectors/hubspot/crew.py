"""Several questions to HubSpot at once, in a bounded number of threads.

One caller directs them and alone holds what they have found so far: no lock is needed, and what
waits to be taken is never more than what is under way.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

HANDS = 8
"""Requests under way at once. 2 to 4 reach the window of 190 calls in 10 s; more read an account
without limits faster: 100,000 contacts at 50 ms in 53 s by one, in 7.7 s by eight (2026-11)."""

Given = ParamSpec("Given")
Found = TypeVar("Found")
Item = TypeVar("Item")


class Crew:
    """Threads that work off tasks, each in a copy of its caller's context.

    The copy lets a request be counted for the stream that it is made for.
    """

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self._threads = threads

    def start(
        self, task: Callable[Given, Found], *given: Given.args, **named: Given.kwargs
    ) -> "Future[Found]":
        """Begin a task."""
        return self._threads.submit(copy_context().run, partial(task, *given, **named))

    def each(self, task: Callable[[Item], Found], items: Iterable[Item]) -> Iterator[Found]:
        """Yield what the task makes of each item, in their order, working a few items ahead."""
        under_way: deque[Future[Found]] = deque()
        for item in items:
            under_way.append(self.start(task, item))
            if len(under_way) > HANDS:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


@contextmanager
def working_crew(hands: int = HANDS) -> Iterator[Crew]:
    """Let a crew work until its caller is done with it; what nobody waits for is not begun."""
    threads = ThreadPoolExecutor(hands, thread_name_prefix="hubspot")
    try:
        yield Crew(threads)
    finally:
        threads.shutdown(cancel_futures=True)
