"""Brings a state store to the tables this version knows, keeping what it holds."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

SCRIPTS = Path(__file__).with_name("migrations")


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

    @property
    def wants(self) -> str:
        """The revision that this version works with."""
        return self.known[0]


def standing_of(connection: sa.Connection) -> Standing:
    """Return at which revision the store is; nothing is changed."""
    return Standing(MigrationContext.configure(connection).get_current_revision(), _known())


def migrate(engine: sa.Engine) -> None:
    """Apply every migration the store lacks, in one transaction.

    Raises:
        NewerStateError: the store is at a revision that this version does not know.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            # Python's driver begins none for a table: a run killed in between left the store
            # half made, and no later one could open it (2026-11-22).
            connection.exec_driver_sql("begin")
        standing = standing_of(connection)
        if standing.is_newer:
            raise NewerStateError(
                f"the state store is at revision {standing.has}, this version knows those up to "
                f"{standing.wants} -> upgrade Leadcycle: a newer one was here"
            )
        command.upgrade(_config_of(connection), "head")


@cache
def _known() -> tuple[str, ...]:
    scripts = ScriptDirectory(str(SCRIPTS))
    return tuple(script.revision for script in scripts.walk_revisions())


def _config_of(connection: sa.Connection) -> Config:
    """Return Alembic's configuration for a connection."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
