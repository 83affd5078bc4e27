"""The state store's tables come from migrations alone."""

from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from pipelines.sync.migrate import migrate
from pipelines.sync.tables import metadata


def engine_in(folder: Path) -> sa.Engine:
    return sa.create_engine(f"sqlite:///{folder / 'state 100%.sqlite'}")


def test_the_migrations_make_the_tables_that_the_code_knows(tmp_path: Path) -> None:
    engine = engine_in(tmp_path)

    migrate(engine)

    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrating_again_keeps_what_is_there(tmp_path: Path) -> None:
    engine = engine_in(tmp_path)
    migrate(engine)
    approval = {"digest": "d", "approved_by": "ann", "why": "checked", "approved_at": "2026-01-01"}
    with engine.begin() as connection:
        connection.execute(metadata.tables["approvals"].insert().values(approval))

    migrate(engine)

    with engine.connect() as connection:
        kept = connection.execute(sa.select(metadata.tables["approvals"])).mappings().one()
    assert dict(kept) == {"approval_id": 1, **approval}
