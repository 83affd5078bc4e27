"""Counting requests from several threads: for a whole transport, and for a stretch of work."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

Counted = Literal["read", "write", "retried", "limited", "waited_seconds"]


@dataclass
class CallCounts:
    """HTTP requests made so far, by purpose. Retries are requests too and also counted apart."""

    read: int = 0
    write: int = 0
    retried: int = 0
    waited_seconds: float = 0.0
    limited: int = 0
    """Answers that said we were too fast (429 and its like)."""

    def since(self, before: "CallCounts") -> "CallCounts":
        """Return what was counted after a copy was taken."""
        return CallCounts(
            self.read - before.read,
            self.write - before.write,
            self.retried - before.retried,
            self.waited_seconds - before.waited_seconds,
            self.limited - before.limited,
        )


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
