"""The state store's tables come from migrations alone."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from pipelines.sync.engine import open_engine
from pipelines.sync.migrate import LATEST, NewerStateError, migrate, standing_of
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


def test_the_store_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    engine = engine_in(tmp_path)
    migrate(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")

    with pytest.raises(NewerStateError, match=r"at revision 9999, .* upgrade Leadcycle"):
        migrate(engine)

    with engine.connect() as connection:
        assert (standing_of(connection).has, standing_of(connection).is_newer) == ("9999", True)


def test_a_migration_that_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    engine = engine_in(tmp_path)
    made: list[str] = []

    def break_off(_db: object, _cursor: object, statement: str, *_others: object) -> None:
        made.extend(["table"] * ("CREATE TABLE" in statement))
        if len(made) == 3:
            raise InterruptedError

    sa.event.listen(engine, "before_cursor_execute", break_off)
    with pytest.raises(InterruptedError):
        migrate(engine)
    sa.event.remove(engine, "before_cursor_execute", break_off)

    assert sa.inspect(engine).get_table_names() == []
    migrate(engine)


def test_the_latest_migration_is_the_one_that_this_version_works_with(tmp_path: Path) -> None:
    with sa.create_engine(f"sqlite:///{tmp_path / 'state.sqlite'}").connect() as connection:
        assert standing_of(connection).known[0] == LATEST


def test_a_store_that_is_up_to_date_is_opened_without_alembic(tmp_path: Path) -> None:
    migrate(engine_in(tmp_path))
    program = (
        "import sys; from sqlalchemy import create_engine\n"
        "from pipelines.sync.migrate import migrate\n"
        "migrate(create_engine(sys.argv[1])); print('alembic' in sys.modules)"
    )
    url = engine_in(tmp_path).url.render_as_string()

    done = subprocess.run([sys.executable, "-c", program, url], capture_output=True, check=True)

    assert done.stdout == b"False\n"


def test_a_store_that_another_process_makes_meanwhile_is_waited_for(tmp_path: Path) -> None:
    ours, theirs = (open_engine(f"sqlite:///{tmp_path / 'state.sqlite'}") for _ in range(2))
    writes, made = Event(), sa.table("alembic_version", sa.column("version_num", sa.String))

    def notice(_db: object, _cursor: object, statement: str, *_others: object) -> None:
        if statement == "begin immediate" or "CREATE TABLE" in statement:
            writes.set()

    sa.event.listen(ours, "before_cursor_execute", notice)
    with ThreadPoolExecutor() as pool, theirs.begin() as connection:
        connection.exec_driver_sql("begin immediate")
        waiting = pool.submit(migrate, ours)
        assert writes.wait(30)
        metadata.create_all(connection)
        connection.exec_driver_sql("create table alembic_version (version_num text)")
        connection.execute(made.insert().values(version_num=LATEST))
        connection.commit()
        waiting.result()

    assert sorted(sa.inspect(ours).get_table_names()) == sorted([*metadata.tables, made.name])
