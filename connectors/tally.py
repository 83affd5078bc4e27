"""Counting requests from several threads: for a whole transport, and for a stretch of work."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

from connectors.records import CallCounts

Counted = Literal["read", "write", "retried", "limited", "waited_seconds"]


class Account:
    """Counts that several threads add to."""

    def __init__(self) -> None:
        self.counts = CallCounts()
        self._lock = threading.Lock()

    def add(self, name: Counted, amount: float = 1) -> None:
        """Add to one of the counts; `amount` is a whole number for all but the seconds."""
        with self._lock:
            setattr(self.counts, name, getattr(self.counts, name) + amount)


_OPEN: ContextVar[tuple[Account, ...]] = ContextVar("open_accounts", default=())


@contextmanager
def counting() -> Iterator[CallCounts]:
    """Yield the counts of what is sent within this context and within copies of it.

    Streams are read side by side over one transport, whose own account can't tell them apart. A
    thread begins without its parent's context: start it by `contextvars.copy_context().run`.
    """
    account = Account()
    token = _OPEN.set((*_OPEN.get(), account))
    try:
        yield account.counts
    finally:
        _OPEN.reset(token)


def add_everywhere(account: Account, name: Counted, amount: float = 1) -> None:
    """Add to an account and to every count that is open in this context."""
    account.add(name, amount)
    for other in _OPEN.get():
        other.add(name, amount)
