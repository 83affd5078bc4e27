"""The database of the state store, apart from what lies in it: readings note their marks there."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa


def open_engine(url: str) -> sa.Engine:
    """Return the database at an address; it is neither reached nor migrated yet."""
    engine = sa.create_engine(url, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _use_wal)
    return engine


def _use_wal(connection: Any, _record: object) -> None:
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma busy_timeout = 30000")


def utc_now() -> datetime:
    """Return this machine's time: for approvals and load stamps only, never for results."""
    return datetime.now(UTC)
