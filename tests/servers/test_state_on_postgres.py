"""The state store on PostgreSQL, where several write at once: what a file never had to bear."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from pipelines import places
from pipelines.lake import Lake
from pipelines.lake_writer import FencedError
from pipelines.places import BusyError, locked_for_all
from pipelines.reading.fence import Fence
from pipelines.reading.marks import Mark, Marks
from pipelines.settings import Settings
from pipelines.sync.engine import ask_before_use, open_engine
from pipelines.sync.migrate import LATEST, migrate, standing_of
from pipelines.sync.rows import Receipt
from pipelines.sync.store import StateStore
from pipelines.sync.tables import metadata
from tests.unit.pipelines.builders import AS_OF, utc
from tests.unit.pipelines.sync.test_store import SYNC, keep

WROTE = [Receipt("1", "Stage__c", "Lead", "written")]
PROCESSES = 4
Act = Callable[[str, str, Any, Any], None]


@dataclass
class Told:
    """What processes that act at once tell of themselves."""

    done: list[str]

    @classmethod
    def by(cls, act: Act, url: str, folder: Path) -> "Told":
        """Let processes act at the same instant."""
        begin = multiprocessing.get_context("spawn")
        start, answers = begin.Barrier(PROCESSES), begin.Queue()
        arguments = (url, str(folder), start, answers)
        running = [begin.Process(target=act, args=arguments) for _ in range(PROCESSES)]
        for process in running:
            process.start()
        told = [str(answers.get(timeout=120)) for _ in running]
        for process in running:
            process.join()
        return cls(sorted(told))


def open_store(url: str, _folder: str, start: Any, answers: Any) -> None:
    start.wait()
    try:
        StateStore(url)
        answers.put("opened")
    except Exception as error:  # noqa: BLE001 - the test tells which it may be
        answers.put(type(error).__name__)


def take_fence(url: str, folder: str, start: Any, answers: Any) -> None:
    """Claim the lake, then take the fence at the same instant as the others; note a mark."""
    store, lake = StateStore(url), Lake(folder)
    epoch = lake.claim("hubspot")
    start.wait()
    try:
        marks = Marks(store.engine, "hubspot", Fence("hubspot", lake, epoch))
        marks.note("contacts", {"fields": Mark(utc("2026-11-20"), f'{{"epoch": {epoch}}}')})
        answers.put(f"noted by {epoch}")
    except Exception as error:  # noqa: BLE001 - the test tells which it may be
        answers.put(type(error).__name__)


def test_the_migrations_make_the_tables_that_the_code_knows(postgres_url: str) -> None:
    engine = open_engine(postgres_url)

    migrate(engine)

    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert standing_of(connection).has == LATEST


def test_an_address_without_a_driver_is_reached_by_ours(postgres_url: str) -> None:
    with open_engine(postgres_url.replace("+pg8000", "")).connect() as connection:
        assert connection.dialect.driver == "pg8000"


def test_a_migration_that_breaks_off_leaves_nothing_behind(postgres_url: str) -> None:
    engine, made = open_engine(postgres_url), list[str]()

    def break_off(_db: object, _cursor: object, statement: str, *_others: object) -> None:
        made.extend(["table"] * ("CREATE TABLE" in statement))
        if len(made) == 3:
            raise InterruptedError

    sa.event.listen(engine, "before_cursor_execute", break_off)
    with pytest.raises(InterruptedError):
        migrate(engine)
    sa.event.remove(engine, "before_cursor_execute", break_off)

    assert sa.inspect(engine).get_table_names() == []


def test_processes_that_open_an_empty_store_at_once_all_find_it_made(
    postgres_url: str, tmp_path: Path
) -> None:
    assert Told.by(open_store, postgres_url, tmp_path).done == ["opened"] * PROCESSES


def test_of_the_first_runs_ever_at_once_the_newest_alone_notes_marks(
    postgres_url: str, tmp_path: Path
) -> None:
    store = StateStore(postgres_url)

    told = Told.by(take_fence, postgres_url, tmp_path / "lake").done

    newest = Lake(str(tmp_path / "lake")).newest_epoch("hubspot")
    kept = Marks(store.engine, "hubspot").get("contacts", "fields")
    assert f"noted by {newest}" in told
    assert {one for one in told if not one.startswith("noted by")} <= {FencedError.__name__}
    assert kept is not None
    assert kept.noted() == {"epoch": newest}


def test_who_holds_the_fence_is_waited_for(postgres_url: str, tmp_path: Path) -> None:
    """An older run that is noting a mark ends first; then the newer one sees what it noted."""
    store, lake = StateStore(postgres_url), Lake(str(tmp_path / "lake"))
    older = Fence("hubspot", lake, lake.claim("hubspot"))
    Marks(store.engine, "hubspot", older)
    newer = Fence("hubspot", lake, lake.claim("hubspot"))
    with ThreadPoolExecutor() as pool, store.engine.begin() as db:
        older.hold(db)
        waiting = pool.submit(Marks, store.engine, "hubspot", newer)
        with pytest.raises(TimeoutError):
            waiting.result(0.5)
        row = {"crm": "hubspot", "stream": "contacts", "name": "fields", "note": ""}
        db.execute(metadata.tables["reading_marks"].insert(), [row | {"at": AS_OF.isoformat()}])
        db.commit()
        marks = waiting.result(30)

    assert marks.get("contacts", "fields") == Mark(AS_OF)
    with pytest.raises(FencedError), store.engine.begin() as db:
        older.hold(db)


def test_receipts_are_there_in_the_order_of_their_numbers(postgres_url: str) -> None:
    """Of two syncs that keep receipts at once, nobody sees the later numbers first."""
    slow, quick = StateStore(postgres_url), StateStore(postgres_url)
    plans = [keep(slow, "1", snapshot=name).plan_id for name in ("000001", "000002")]
    intents = [slow.open_intent(plan, ["1"]) for plan in plans]
    numbered, go_on = Event(), Event()

    def pause(_db: object, _cursor: object, statement: str, *_others: object) -> None:
        if "INSERT INTO receipts" in statement:
            numbered.set()
            assert go_on.wait(60)

    sa.event.listen(slow.engine, "after_cursor_execute", pause)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(slow.settle, SYNC, intents[0], plans[0], AS_OF, WROTE)
        assert numbered.wait(60)
        second = pool.submit(quick.settle, SYNC, intents[1], plans[1], AS_OF, WROTE)
        with pytest.raises(TimeoutError):
            second.result(1)
        seen_meanwhile = quick.receipts_after(0)
        go_on.set()
        first.result(60)
        second.result(60)

    assert seen_meanwhile == []
    assert [row["plan_id"] for row in quick.receipts_after(0)] == plans


def test_one_machine_at_a_time_does_a_sync(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def home(name: str) -> Settings:
        return Settings(LEADCYCLE_HOME=tmp_path / name, LEADCYCLE_STATE_URL=postgres_url)

    monkeypatch.setattr(places, "LOCK_SECONDS", 0)
    with locked_for_all(home("one"), "sync-leads"):
        with locked_for_all(home("other"), "sync-contacts"):
            pass
        with (
            pytest.raises(BusyError, match="Another machine has held sync-leads"),
            locked_for_all(home("other"), "sync-leads"),
        ):
            pass
    with locked_for_all(home("other"), "sync-leads"):
        pass


def test_a_server_that_was_started_anew_is_reached_again(postgres_url: str) -> None:
    store = StateStore(postgres_url)
    with open_engine(postgres_url).connect() as connection:
        others = "select pg_terminate_backend(pid) from pg_stat_activity"
        where = "where datname = current_database() and pid <> pg_backend_pid()"
        connection.exec_driver_sql(f"{others} {where}")

    assert store.last_receipt() == 0


class Reset:
    """A connection whose other end is gone."""

    def cursor(self) -> "Reset":
        return self

    def execute(self, _statement: str) -> None:
        raise ConnectionResetError


def test_a_socket_that_was_reset_while_it_lay_idle_makes_the_pool_connect_anew() -> None:
    with pytest.raises(sa.exc.DisconnectionError):
        ask_before_use(Reset(), (OSError,))
