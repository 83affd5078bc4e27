"""A few tables in SQLite that processes share for the moment, and that nobody misses afterwards.

Whatever becomes of their file, a call goes on: a broken one is begun anew, and one that can't be
used (locked, on a full disk, read-only) is replaced by tables of this process alone.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock

Found = TypeVar("Found")
_LOG = logging.getLogger(__name__)
_BROKEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


@dataclass(frozen=True)
class Layout:
    """Which tables there are, and what they begin with."""

    version: int
    """From 1. Tables of another version are dropped."""
    tables: str
    """SQL that makes them."""
    begin: Callable[[], None]
    """Called within a transaction, whenever the file has been opened."""


class Scratch:
    """Tables in a file, or in memory where there is none; for many threads."""

    def __init__(self, file: Path | None, layout: Layout) -> None:
        """Prepare; the file is opened when it is first needed."""
        self._file = file
        self._layout = layout
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None
        self._was_renewed = False

    def within(self, work: Callable[[], Found]) -> Found:
        """Return what work returns, while nobody else reads or changes the tables.

        Should the file fail half-way, work is done once more.
        """
        with self._lock:
            while True:
                try:
                    return self._commit(self._open(), work)
                except (sqlite3.Error, OSError) as fault:
                    if self._file is None:
                        raise
                    self._leave(self._file, fault)

    def rows(self, query: str, *values: object) -> list[Any]:
        """Return what a query finds, inside `within`."""
        return self._open().execute(query, values).fetchall()

    def change(self, statement: str, *values: object) -> None:
        """Change the tables, inside `within`."""
        self._open().execute(statement, values)

    def _commit(self, db: sqlite3.Connection, work: Callable[[], Found]) -> Found:
        db.execute("begin immediate")
        try:
            return work()
        finally:
            db.execute("commit")

    def _open(self) -> sqlite3.Connection:
        if self._db is None:
            if self._file is None:
                self._db = self._connect(":memory:")
            else:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                # Two processes that change a new file's journal at once lock each other out.
                with FileLock(self._file.with_suffix(".lock")):
                    self._db = self._connect(str(self._file))
            self._commit(self._db, self._layout.begin)
        return self._db

    def _connect(self, address: str) -> sqlite3.Connection:
        db = sqlite3.connect(address, timeout=30.0, isolation_level=None, check_same_thread=False)
        db.execute("pragma journal_mode = wal")
        # What a power cut loses is stale by the time of the next call, but it breaks nothing.
        db.execute("pragma synchronous = normal")
        if db.execute("pragma user_version").fetchone() != (self._layout.version,):
            version = f"pragma user_version = {self._layout.version};"
            db.executescript(self._layout.tables + version)
        return db

    def _leave(self, file: Path, fault: sqlite3.Error | OSError) -> None:
        """Close the file, and go on with a new one or with none."""
        if self._db is not None:
            self._db.close()
            self._db = None
        renews = getattr(fault, "sqlite_errorcode", 0) in _BROKEN and not self._was_renewed
        self._was_renewed = True
        if renews:
            _LOG.warning("%s is broken and is begun anew: %s", file, fault)
            for suffix in ("", "-wal", "-shm"):
                file.with_name(file.name + suffix).unlink(missing_ok=True)
        else:
            _LOG.warning("%s can't be used, this process goes on without it: %s", file, fault)
            self._file = None
