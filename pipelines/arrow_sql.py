"""SQL by DuckDB: over Arrow tables in memory, and over more rows than memory is to hold."""

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from threading import Lock

import duckdb
import pyarrow as pa

SPILL_MEMORY, MOST_MEMORY = 16 * 2**20, 4 * 2**30
"""Bytes that all sessions of a `Spill` have together at first, and at last."""
_SHORT = (duckdb.OutOfMemoryException, duckdb.TransactionException)
"""How DuckDB (2.0) says that memory was too little: a statement for itself, or its commit."""
_FULL = ("max_temp_directory_size", "No space left on device")
"""What it says where the disk was: the former, nine tenths of what is free, as a lack of memory."""


def query(sql: str, **tables: pa.Table) -> pa.Table:
    """Return the result of a query over the tables, which it names by keyword.

    Safe to call from several threads: each call has a connection of its own (20 us; a database of
    its own would cost 11 ms, 2026-11-22).
    """
    with _database().cursor() as connection:
        return _run(connection, sql, tables)


class Spill:
    """Tables for more rows than memory is to hold: what is too much for it lies in a folder.

    Sessions may be open in several threads at once; they share the memory, and take turns.

    Args:
        folder: Made when it is first needed. What a process that was killed left there is removed
            by the next one that needs the room (DuckDB 2.0 does so, by the number of the process).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._memory = SPILL_MEMORY
        self._turn = Lock()

    @contextmanager
    def session(self) -> Iterator["Session"]:
        """Yield a session; its tables are gone with it."""
        with self._turn:
            connection = self._database.cursor()
        try:
            yield Session(self, connection)
        finally:
            with self._turn:
                connection.close()

    def run(
        self, connection: duckdb.DuckDBPyConnection, sql: str, tables: Mapping[str, pa.Table]
    ) -> pa.Table:
        """Return the result of a statement; where memory is too little for it, it is doubled.

        A million records with ids of 11 characters are counted in 16 MiB and 0.4 s of CPU (90 MB
        and 0.25 s without a bound), and put in order in 32; three million need 32, and ten million
        more than 64 (2026-11-22).

        Raises:
            OSError: ENOSPC, the disk has no room for what memory can't hold.
        """
        with self._turn:
            while True:
                try:
                    return _run(connection, sql, tables)
                except (*_SHORT, duckdb.IOException) as error:
                    if any(sign in str(error) for sign in _FULL):
                        raise self._full_error() from error
                    if not isinstance(error, _SHORT) or self._memory >= MOST_MEMORY:
                        raise
                    self._memory *= 2
                    self._database.execute(f"set global memory_limit = '{self._memory}B'")

    def _full_error(self) -> OSError:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._folder))

    @cached_property
    def _database(self) -> duckdb.DuckDBPyConnection:
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        room = {"memory_limit": f"{self._memory}B", "temp_directory": str(self._folder)}
        return duckdb.connect(config={"threads": 1, **room})


class Session:
    """Temporary tables of its own, for one thread."""

    def __init__(self, spill: Spill, connection: duckdb.DuckDBPyConnection) -> None:
        self._spill = spill
        self._connection = connection

    def query(self, sql: str, **tables: pa.Table) -> pa.Table:
        """Return the result of a statement over the session's tables and the given ones."""
        return self._spill.run(self._connection, sql, tables)


def _run(
    connection: duckdb.DuckDBPyConnection, sql: str, tables: Mapping[str, pa.Table]
) -> pa.Table:
    for name, table in tables.items():
        connection.register(name, table)
    try:
        return connection.sql(sql).to_arrow_table()
    finally:
        for name in tables:
            connection.unregister(name)


@cache
def _database() -> duckdb.DuckDBPyConnection:
    # One thread: the streams of a CRM are read in parallel already.
    return duckdb.connect(config={"threads": 1})
