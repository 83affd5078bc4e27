"""A folder belongs to one sandbox at a time, and survives whatever ends it."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from sqlite3 import DatabaseError

import pytest

from connectors.sandbox.clock import START
from connectors.sandbox.company.living import live
from connectors.sandbox.context import STATE_FILE, Sandbox
from connectors.sandbox.folders import BusyFolderError
from connectors.sandbox.layout import OutdatedFolderError
from connectors.sandbox.server import live_in, open_company, running_sandbox, seed_in
from connectors.sandbox.store import Store
from tests.sandbox.clients import Admin, Salesforce

_LIVE = (
    "import sys, pathlib; from connectors.sandbox.server import live_in; "
    "live_in(pathlib.Path(sys.argv[1]), 20)"
)
_EVERY_ROW = "select * from hubspot_records order by object_type, id"


def opened(folder: Path) -> Sandbox:
    return open_company(folder, 60, 7)


@pytest.mark.parametrize(
    "use", [opened, lambda folder: live_in(folder, 1), lambda folder: seed_in(folder, 60, 7)]
)
def test_a_served_folder_is_nobody_elses(state: Path, use: object) -> None:
    assert callable(use)
    with closing(opened(state)), pytest.raises(BusyFolderError) as refused:
        use(state)
    assert str(refused.value) == f"{state} is being filled or served already"


def test_a_folder_is_free_again_whatever_has_become_of_its_user(state: Path) -> None:
    opened(state).close()
    with pytest.raises(ValueError, match="from 1 to 120"):
        live_in(state, 0)
    store = Store(state / STATE_FILE)
    store.run("alter table hubspot_owners drop column teams")
    store.close()
    for _ in range(2):
        with pytest.raises(OutdatedFolderError):
            opened(state)
    (state / STATE_FILE).write_bytes(b"no database" * 100)
    with pytest.raises(DatabaseError) as first:
        opened(state)
    # The first attempt and all it held live on in its traceback.
    with pytest.raises(DatabaseError):
        opened(state)
    assert first.tb


def test_an_index_of_another_version_is_refused_and_a_missing_one_made(state: Path) -> None:
    store = Store(state / STATE_FILE)
    store.run("drop index record_updated")
    opened(state).close()
    store.run("drop index record_updated")
    store.run("create index record_updated on hubspot_records (updated_at)")
    store.close()
    with pytest.raises(OutdatedFolderError, match="record_updated is another one"):
        opened(state)


def test_tables_that_a_folder_lacks_are_made_before_it_lives(state: Path) -> None:
    store = Store(state / STATE_FILE)
    store.run("drop table salesforce_flows")
    store.close()
    assert live_in(state, 1)["now"] == "2026-07-01T12:00:00Z"


def test_what_is_undone_is_undone_in_memory_too(state: Path) -> None:
    with closing(opened(state)) as sandbox:
        with suppress(KeyError), sandbox.store.transaction():
            sandbox.clock.advance_by(60)
            sandbox.clock.advance_by(60)
            sandbox.use_settings(sandbox.settings.changed({"latency_ms": 5}))
            raise KeyError
        assert (sandbox.clock.now, sandbox.settings.latency_ms) == (START, 0)


def test_a_commit_that_fails_is_undone(tmp_path: Path) -> None:
    with closing(Store(tmp_path / STATE_FILE)) as store:
        store.create_tables(
            "pragma foreign_keys = on; create table one (id integer primary key, "
            "other integer references one deferrable initially deferred)"
        )
        with pytest.raises(Exception, match="FOREIGN KEY"), store.transaction():
            store.run("insert into one values (1, 2)")
        with store.transaction():
            assert store.value("select count(*) from one") == 0


def test_the_company_lives_120_days_in_all(state: Path) -> None:
    live_in(state, 119)
    with closing(opened(state)) as sandbox, sandbox.store.transaction():
        with pytest.raises(ValueError, match="until 2026-10-28T12:00:00Z"):
            live(sandbox, 2)
        assert live(sandbox, 1)["now"] == "2026-10-28T12:00:00Z"


def test_the_truth_never_runs_ahead_of_the_crms(state: Path) -> None:
    before = (state / "truth.json").read_bytes()
    with closing(opened(state)) as sandbox:
        with suppress(KeyError), sandbox.store.transaction():
            live(sandbox, 20)
            raise KeyError
        assert (state / "truth.json").read_bytes() == before
        assert sandbox.clock.now == START


def test_a_truth_that_a_kill_left_behind_is_written_at_the_next_start(state: Path) -> None:
    before = (state / "truth.json").read_bytes()
    live_in(state, 20)
    after = (state / "truth.json").read_bytes()
    (state / "truth.json").write_bytes(before)
    opened(state).close()
    assert (state / "truth.json").read_bytes() == after
    assert json.loads(after)["as_of"] == f"{START + timedelta(days=20):%Y-%m-%dT%H:%M:%SZ}"


def test_the_same_days_write_the_same_bytes_in_every_process(drawn: Path, tmp_path: Path) -> None:
    folders = [Path(shutil.copytree(drawn, tmp_path / seed)) for seed in ("1", "2")]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _LIVE, str(folder)],
            env={**os.environ, "PYTHONHASHSEED": folder.name},
        )
        for folder in folders
    ]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    held = []
    for folder in folders:
        with closing(opened(folder)) as sandbox:
            held.append([tuple(row) for row in sandbox.store.rows(_EVERY_ROW)])
    assert held[0] == held[1]


def test_a_key_that_was_never_written_to_its_end_is_no_key(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (state / "salesforce.key").read_bytes()
    (state / "salesforce.key").unlink()
    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        patch.setattr(Path, "write_bytes", _interrupt)
        opened(state)
    opened(state).close()
    assert (state / "salesforce.key").read_bytes() == whole


def _interrupt(path: Path, data: bytes) -> int:
    raise KeyboardInterrupt


def test_a_killed_server_lets_go_of_its_folder(state: Path) -> None:
    hold = "import sys, pathlib; from connectors.sandbox.folders import hold_folder; "
    hold += "held = hold_folder(pathlib.Path(sys.argv[1])); print(flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", hold, str(state)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(BusyFolderError):
            opened(state)
        process.kill()
    with running_sandbox(state) as running:
        assert Salesforce(running)("GET", "limits").status_code == 200
        assert Admin(running)("GET", "clock").status_code == 200
