"""The database of the state store, apart from what lies in it: readings note their marks there."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

_LOOK_SECONDS = 0.5
_QUOTING = frozenset({"D", "W", "q", "p"})
"""Parts of a server's error that quote: detail, where, and the statement's own."""
POSTGRESQL = "postgresql"
_DRIVER = "postgresql+pg8000"
"""Of an address that names none: it comes with the extra `postgres`."""


def open_engine(url: str) -> sa.Engine:
    """Return the database at an address; it is neither reached nor migrated yet."""
    address = sa.make_url(url)
    if address.drivername == POSTGRESQL:
        address = address.set(drivername=_DRIVER)
    engine = sa.create_engine(address, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _use_wal)
    if engine.dialect.name == POSTGRESQL:
        sa.event.listen(engine, "handle_error", _leave_out_rows)
        errors = (OSError, engine.dialect.loaded_dbapi.Error)
        sa.event.listen(
            engine, "checkout", lambda idle, _record, _proxy: ask_before_use(idle, errors)
        )
    return engine


def ask_before_use(connection: Any, errors: tuple[type[Exception], ...]) -> None:
    """Let the pool take a new connection where one that lay idle is closed.

    A server that was started anew, or a firewall, has closed it. SQLAlchemy's own `pool_pre_ping`
    lets an error of the socket pass, which pg8000 1.31 raises as it comes (seen 2026-11-23).

    Raises:
        sqlalchemy.exc.DisconnectionError: the pool tries three times before it lets it pass.
    """
    try:
        connection.cursor().execute("select 1")
        connection.rollback()
    except errors as error:
        raise sa.exc.DisconnectionError(type(error).__name__) from error


def _use_wal(connection: Any, _record: object) -> None:
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma busy_timeout = 30000")


def _leave_out_rows(context: sa.engine.ExceptionContext) -> BaseException | None:
    """Return an error without what the server quotes of a row: it may be a person's value."""
    said = context.original_exception.args
    if not said or not isinstance(said[0], dict):
        return None
    for quoting in _QUOTING & said[0].keys():
        said[0].pop(quoting)
    ours = context.sqlalchemy_exception
    if not isinstance(ours, sa.exc.DBAPIError):
        return None
    return type(ours)(context.statement, None, context.original_exception, hide_parameters=True)


def take_turn(db: sa.Connection, table: sa.Table) -> None:
    """Let no other transaction change a table until this one ends; others may read it.

    PostgreSQL lets several write at once, and one that began later may end sooner. SQLite has one
    writer at a time in any case.
    """
    if db.dialect.name == POSTGRESQL:
        db.execute(sa.text(f"lock table {table.name} in share row exclusive mode"))


def take_turn_to_migrate(db: sa.Connection) -> None:
    """Let no other transaction migrate this database until this one ends: it may be empty yet."""
    if db.dialect.name == POSTGRESQL:
        db.execute(sa.select(sa.func.pg_advisory_xact_lock(_key_of("migrate"))))
    elif db.dialect.name == "sqlite":
        # Python's driver begins none for a table: a run killed in between left the store half
        # made, and no later one could open it. At once for writing: SQLite refuses a write after
        # a look, without waiting, where another has written meanwhile (2026-11-22).
        db.exec_driver_sql("begin immediate")


@contextmanager
def held_by_one(url: str, step: str, seconds: float) -> Iterator[bool]:
    """Yield whether this process alone does a step, of all that share a PostgreSQL store.

    Processes of other machines are what it is for: it always is where the store is a file. The hold
    ends with the process, or with its connection.

    Args:
        url: Of the state store.
        step: Its name.
        seconds: How long another's hold is waited for.
    """
    engine = open_engine(url)
    if engine.dialect.name != POSTGRESQL:
        yield True
        return
    key, end = _key_of(step), time.monotonic() + seconds
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
            while not (ours := bool(db.scalar(sa.select(sa.func.pg_try_advisory_lock(key))))):
                if time.monotonic() >= end:
                    break
                time.sleep(_LOOK_SECONDS)
            yield ours
    finally:
        engine.dispose()


def _key_of(step: str) -> int:
    """Return the number by which PostgreSQL knows a step of ours."""
    digest = hashlib.sha256(f"leadcycle {step}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


def utc_now() -> datetime:
    """Return this machine's time: for approvals and load stamps only, never for results."""
    return datetime.now(UTC)
