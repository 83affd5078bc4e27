"""Brings a state store to the tables this version knows, keeping what it holds."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from pipelines.sync.engine import take_turn_to_migrate

SCRIPTS = Path(__file__).with_name("migrations")
LATEST = "0004"
"""The revision that this version works with. A store that is at it needs no Alembic, which takes
10 MB of every process (1.18, 2026-11-22)."""

_VERSION = sa.table("alembic_version", sa.column("version_num", sa.String))


class NewerStateError(Exception):
    """A newer version of Leadcycle has changed the state store's tables."""


@dataclass(frozen=True)
class Standing:
    """How a state store's tables stand to those that this version knows."""

    has: str | None
    """The store's revision; None before the first migration."""
    known: tuple[str, ...]
    """Revisions that this version can bring a store to, the latest first."""

    @property
    def is_newer(self) -> bool:
        """Tell whether the store is at a revision that came after this version."""
        return self.has is not None and self.has not in self.known


def standing_of(connection: sa.Connection) -> Standing:
    """Return at which revision the store is; nothing is changed."""
    return Standing(_revision(connection), _known())


def migrate(engine: sa.Engine) -> None:
    """Apply every migration the store lacks, in one transaction.

    Who finds the store at LATEST writes nothing. Of several that find it elsewhere one migrates
    it; the others wait for that one, and find nothing left to do.

    Raises:
        NewerStateError: the store is at a revision that this version does not know.
    """
    with engine.connect() as connection:
        if _revision(connection) == LATEST:
            return
    with engine.begin() as connection:
        take_turn_to_migrate(connection)
        standing = standing_of(connection)
        if standing.is_newer:
            raise NewerStateError(
                f"the state store is at revision {standing.has}, this version knows those up to "
                f"{LATEST} -> upgrade Leadcycle: a newer one was here"
            )
        if standing.has != LATEST:  # Another has migrated it while this one waited.
            _upgrade(connection)


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table(_VERSION.name):
        return None
    found: str | None = connection.scalar(sa.select(_VERSION.c.version_num))
    return found


@cache
def _known() -> tuple[str, ...]:
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see LATEST

    scripts = ScriptDirectory(str(SCRIPTS))
    return tuple(script.revision for script in scripts.walk_revisions())


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command  # noqa: PLC0415 - see LATEST
    from alembic.config import Config  # noqa: PLC0415 - the same

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, LATEST)
