"""The state store's tables come from migrations alone."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from pipelines.sync.engine import open_engine
from pipelines.sync.migrate import LATEST, SCRIPTS, NewerStateError, migrate, standing_of
from pipelines.sync.store import StateStore
from pipelines.sync.tables import metadata
from tests.unit.pipelines.builders import STAGE, sync_of


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


FIRST_PLAN = {
    "plan_id": 1,
    "sync": "salesforce__leads",
    "crm": "salesforce",
    "object_name": "Lead",
    "digest": "d",
    "as_of": "2026-01-01T00:00:00Z",
    "snapshot": "000001",
    "status": "applied",
    "findings": "",
    **dict.fromkeys(("source", "planned", "written"), 1),
    **dict.fromkeys(("unchanged", "kept_human", "no_match", "rejected", "deferred"), 0),
}
FIRST_CHANGE = {
    "plan_id": 1,
    "position": 0,
    "record_id": "00Q1",
    "person_id": "p_1",
    "column_name": "stage",
    "field_name": "Stage__c",
    "field_type": "string",
    "old_value": "Name",
    "new_value": "Lead",
    "policy": "ours",
    "reason": "changed",
}
FIRST_RECEIPT = {
    "receipt_id": 1,
    "plan_id": 1,
    "crm": "salesforce",
    "object_name": "Lead",
    "record_id": "00Q1",
    "field_name": "Stage__c",
    "value": "Lead",
    "state": "written",
    "code": "",
    "as_of": "2026-01-01T00:00:00Z",
}
FIRST_LEDGER = {
    name: FIRST_RECEIPT[name] for name in ("crm", "object_name", "record_id", "field_name", "value")
}
FIRST_INTENT = {"intent_id": 1, "plan_id": 1, "record_ids": '["00Q1"]', "settled": 1}
FIRST_ROWS: dict[str, dict[str, object]] = {
    "plans": FIRST_PLAN,
    "plan_changes": FIRST_CHANGE,
    "receipts": FIRST_RECEIPT,
    "ledger": FIRST_LEDGER,
    "intents": FIRST_INTENT,
}


def test_a_store_of_the_first_version_keeps_its_rows_and_what_it_wrote_can_be_undone(
    tmp_path: Path,
) -> None:
    engine = engine_in(tmp_path)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for name, row in FIRST_ROWS.items():
            marks = ", ".join(f":{column}" for column in row)
            statement = f"insert into {name} ({', '.join(row)}) values ({marks})"
            connection.execute(sa.text(statement), row)

    store = StateStore(engine.url.render_as_string())

    sync = sync_of(STAGE)
    [plan] = store.plan_accounts()
    assert {name: plan[name] for name in FIRST_PLAN} == FIRST_PLAN
    assert (plan["kind"], plan["undoes"], plan["held_back"]) == ("sync", None, 0)
    assert store.ledger(sync) == {("00Q1", "Stage__c"): "Lead"}
    assert (store.open_intents(sync), store.last_receipt()) == ([], 1)
    [written] = store.written_by(sync, 1)
    assert (written.value, written.change.old, written.parent) == ("Lead", "Name", None)
