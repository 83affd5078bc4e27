"""Deliveries: one round at a time, on request or in the background."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager


class Courier:
    """Sees to it that two rounds never carry the same thing, and that none outlives the store."""

    def __init__(self) -> None:
        self._round = threading.Lock()
        self._guard = threading.Lock()
        self._background = ThreadPoolExecutor(1, "courier")
        self._is_due = False
        self.is_stopped = False
        """Whether a round that is under way should come to its end."""

    @contextmanager
    def round(self) -> Iterator[None]:
        """Wait until no other round is under way, and keep others waiting meanwhile."""
        with self._round:
            yield

    def send(self, go_round: Callable[[], object]) -> None:
        """Go round in the background; whoever asks during a round gets another one behind it."""
        with self._guard:
            if self._is_due or self.is_stopped:
                return
            self._is_due = True
            done = self._background.submit(self._go, go_round)
        done.add_done_callback(Future.result)  # so that what goes wrong is logged

    def _go(self, go_round: Callable[[], object]) -> None:
        with self._guard:
            self._is_due = False
        go_round()

    def stop(self) -> None:
        """Wait for the end of what is under way, and begin nothing any more."""
        with self._guard:
            self.is_stopped = True
        self._background.shutdown()
        with self.round():
            pass
