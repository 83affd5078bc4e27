"""Ending what a CRM is being read by, whatever ends the reading."""

from collections.abc import Iterator
from contextlib import contextmanager

from connectors.records import Batch


@contextmanager
def ended(batches: Iterator[Batch]) -> Iterator[Iterator[Batch]]:
    """Give batches to read, and end their source in this thread when the reading is over.

    A source that is dropped half read is ended by the garbage collector, in whatever thread that
    runs: in one that the source waits for, both wait for ever. Seen 2026-11-23, in a run that had
    been fenced off.
    """
    try:
        yield batches
    finally:
        close = getattr(batches, "close", None)
        if close is not None:
            close()
