"""How long a query may be, learnt from refusals: a proxy may take less than Salesforce does.

Many threads ask at once, and several of their queries may meet one limit: what is left afterwards
goes by the shortest that was refused, not by how many were.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from threading import Lock
from typing import TypeVar

from connectors.errors import TooLongError

LONGEST_QUERY = 15_000
"""Salesforce refuses an address with headers above 16,384 bytes."""
_SHORTEST = 1_000
"""Bytes below which no query is cut: it is not its length that is refused."""

Answer = TypeVar("Answer")


class Room:
    """Bytes of an encoded query that are taken, as far as we know; for many threads."""

    def __init__(self, size: int = LONGEST_QUERY) -> None:
        self.size = size
        self._lock = Lock()

    def shrink(self, refused: int) -> None:
        """Leave half of what was refused (bytes)."""
        with self._lock:
            if refused > _SHORTEST:
                self.size = min(self.size, max(_SHORTEST, refused // 2))

    def fit(self, ask: Callable[[int], Answer]) -> Answer:
        """Return what `ask` makes of the room, asked again while a refusal has left less of it.

        Raises:
            TooLongError: it is refused, however short.
        """
        while True:
            room = self.size
            try:
                return ask(room)
            except TooLongError:
                if self.size >= room:
                    raise

    def in_pieces(
        self, items: Sequence[str], ask: Callable[[Sequence[str], int], tuple[int, Answer]]
    ) -> Iterator[Answer]:
        """Yield what `ask` makes of the first of the items, as many as fit, until none is left.

        Args:
            items: Such as ids; what comes behind those that were asked for is asked for next.
            ask: Takes items and the room there is, and returns how many it took of them, too.
        """
        while items:
            taken, answer = self.fit(partial(ask, items))
            yield answer
            items = items[taken:]
