"""Brings a state store to the tables this version knows, keeping what it holds."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

SCRIPTS = Path(__file__).with_name("migrations")


def migrate(engine: sa.Engine) -> None:
    """Apply every migration the store lacks, in one transaction."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            # Python's driver begins none for a table: a run killed in between left the store
            # half made, and no later one could open it (2026-11-22).
            connection.exec_driver_sql("begin")
        command.upgrade(config_of(connection), "head")


def config_of(connection: sa.Connection) -> Config:
    """Return Alembic's configuration for a connection."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
