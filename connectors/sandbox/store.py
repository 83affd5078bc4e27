"""The sandbox's state: one SQLite file that outlives the process."""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import BaseFileLock

_SHARED_TABLES = """
create table if not exists state (name text primary key, value text not null);
create table if not exists sequences (name text primary key, last integer not null);
"""
_SETTINGS = """
pragma journal_mode = wal;
-- Enough to survive a killed process; only a power cut could undo a commit.
pragma synchronous = normal;
"""
_DRAFT_SETTINGS = """
pragma journal_mode = off;
pragma synchronous = off;
pragma locking_mode = exclusive;
pragma temp_store = file;
-- 8 MB of pages, so that memory stays the same however much is written.
pragma cache_size = -8192;
"""
_TOO_COMPLEX = (
    "parser stack overflow",
    "Expression tree is too large",
    "at most 64 tables in a join",
    "too many columns in result set",
    "LIKE or GLOB pattern too complex",
)
"""What SQLite says of a statement with more in it than it can read."""


def is_too_complex(error: sqlite3.OperationalError) -> bool:
    """Tell whether a statement failed for having too much in it, or within one another."""
    return str(error).startswith(_TOO_COMPLEX)


class Store:
    """One connection, one lock: what happens in a `transaction` happens alone and as a whole.

    A draft is quick to write, and nothing can be undone in it: it is whole when it has been closed.
    """

    def __init__(
        self, path: Path, *, is_draft: bool = False, held: BaseFileLock | None = None
    ) -> None:
        """Open the file, creating it when it is new; `held` is let go when it is closed."""
        self.folder = path.parent
        self._path = path
        self._held = held
        self._lock = threading.RLock()
        self._undoing: list[Callable[[], None]] = []
        self._following: list[Callable[[], None]] = []
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript(_DRAFT_SETTINGS if is_draft else _SETTINGS)
        self.create_tables(_SHARED_TABLES)

    def create_tables(self, script: str) -> None:
        """Run a script of `create table if not exists` statements."""
        self._connection.executescript(script)

    def columns(self) -> dict[str, set[str]]:
        """Return the names of the columns of every table."""
        listed = self.rows(
            "select t.name, c.name as column from sqlite_master t, pragma_table_info(t.name) c "
            "where t.type = 'table'"
        )
        tables: dict[str, set[str]] = {}
        for row in listed:
            tables.setdefault(row["name"], set()).add(row["column"])
        return tables

    def indexes(self) -> dict[str, str]:
        """Return the definition of every index that isn't part of a table's own."""
        listed = self.rows("select name, sql from sqlite_master where type = 'index' and sql <> ''")
        return {row["name"]: row["sql"] for row in listed}

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what is done inside when it ends well, undo it when it raises."""
        with self._lock:
            self._connection.execute("begin immediate")
            self._undoing, self._following = [], []
            try:
                yield
                self._connection.execute("commit")
            except BaseException:
                self._undo()
                raise
            for follow in self._following:
                follow()

    def on_commit(self, follow: Callable[[], None]) -> None:
        """Do something once the transaction under way is committed, before another one begins."""
        self._following.append(follow)

    def on_rollback(self, undo: Callable[[], None]) -> None:
        """Put back what is kept in memory, should the transaction under way be undone."""
        self._undoing.append(undo)

    def _undo(self) -> None:
        # SQLite itself has undone a transaction that met certain errors, such as a full disk.
        if self._connection.in_transaction:
            self._connection.execute("rollback")
        for undo in reversed(self._undoing):
            undo()

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that reads what is committed by now, and neither waits nor blocks."""
        address = f"{self._path.absolute().as_uri()}?mode=ro"
        connection = sqlite3.connect(address, uri=True, isolation_level=None)
        try:
            connection.execute("begin")
            yield connection
        finally:
            connection.close()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what is done inside when it raises, and leave the rest of the transaction alone."""
        self._connection.execute("savepoint inner_step")
        following = len(self._following)
        try:
            yield
        except BaseException:
            self._connection.execute("rollback to inner_step")
            del self._following[following:]
            raise
        finally:
            self._connection.execute("release inner_step")

    @contextmanager
    def without_indexes(self) -> Iterator[None]:
        """Keep no index up inside, but build them anew at the end, which is quicker for a load."""
        listed = self.indexes()
        for name in listed:
            self.run(f"drop index {quoted(name)}")
        yield
        for sql in listed.values():
            self.run(sql)

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Return every row of a query."""
        return self._connection.execute(sql, values).fetchall()

    def each(self, sql: str, *values: Any) -> Iterator[sqlite3.Row]:
        """Yield the rows of a query one by one: to be read to the end inside a transaction."""
        return iter(self._connection.execute(sql, values))

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """Return the first row of a query, or None."""
        found: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return found

    def value(self, sql: str, *values: Any) -> Any:
        """Return the first column of the first row, or None."""
        found = self.row(sql, *values)
        return None if found is None else found[0]

    def run(self, sql: str, *values: Any) -> int:
        """Run one statement and return how many rows it touched."""
        return self._connection.execute(sql, values).rowcount

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for every row."""
        self._connection.executemany(sql, rows)

    def next_number(self, sequence: str) -> int:
        """Return the next number of a named sequence, from 1."""
        number: int = self.value(
            "insert into sequences values (?, 1) "
            "on conflict (name) do update set last = last + 1 returning last",
            sequence,
        )
        return number

    def read_state(self, name: str) -> Any:
        """Return a kept JSON value, or None."""
        text = self.value("select value from state where name = ?", name)
        return None if text is None else json.loads(text)

    def keep_state(self, name: str, value: Any) -> None:
        """Keep a JSON value under a name."""
        self.run("insert or replace into state values (?, ?)", name, json.dumps(value))

    def close(self) -> None:
        """Close the file once the request under way has ended, and let go of its folder."""
        with self._lock:
            self._connection.close()
        if self._held is not None:
            self._held.release()


def quoted(name: str) -> str:
    """Return an SQL identifier; names come from our own schema, never from a request."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return an SQL text, for what can't be given as a value."""
    return "'" + text.replace("'", "''") + "'"
