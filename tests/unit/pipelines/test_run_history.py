import time
from pathlib import Path

import dagster as dg
from dagster._core.events import DagsterEvent, DagsterEventType, StepMaterializationData
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

from pipelines.instance import open_instance
from pipelines.run_history import OPEN_SHARDS, OpenEventLogStorage, OpenSqliteStorage
from pipelines.settings import Settings


def materialization(run_id: str, asset: str) -> EventLogEntry:
    told = StepMaterializationData(dg.AssetMaterialization([asset]))
    kind = DagsterEventType.ASSET_MATERIALIZATION.value
    event = DagsterEvent(kind, "job", event_specific_data=told)
    return EventLogEntry(None, 20, "", run_id, time.time(), "step", "job", event)


def test_dagsters_own_storage_reads_what_was_written(tmp_path: Path) -> None:
    written = OpenEventLogStorage(str(tmp_path))
    for run_id in ("one", "two"):
        written.store_event(materialization(run_id, f"asset_{run_id}"))
    read = SqliteEventLogStorage(str(tmp_path))
    assert [len(read.get_logs_for_run(run_id)) for run_id in ("one", "two")] == [1, 1]
    assert {key.path[0] for key in read.all_asset_keys()} == {"asset_one", "asset_two"}
    written.dispose()


def test_events_are_there_while_their_files_are_open(tmp_path: Path) -> None:
    written, read = OpenEventLogStorage(str(tmp_path)), OpenEventLogStorage(str(tmp_path))
    for count in range(1, 4):
        written.store_event(materialization("run", "asset"))
        assert len(read.get_logs_for_run("run")) == count
    written.dispose()
    read.dispose()


def test_the_files_of_the_latest_runs_alone_stay_open(tmp_path: Path) -> None:
    storage = OpenEventLogStorage(str(tmp_path))
    for number in range(OPEN_SHARDS + 3):
        storage.store_event(materialization(f"run{number}", "asset"))
    assert list(storage._engines)[-1] in ("index", f"run{OPEN_SHARDS + 2}")
    assert len(storage._engines) == OPEN_SHARDS + 1
    assert len(storage.get_logs_for_run("run0")) == 1
    storage.dispose()


def test_the_instance_of_a_home_uses_it(tmp_path: Path) -> None:
    with open_instance(Settings(LEADCYCLE_HOME=tmp_path)) as instance:
        assert isinstance(instance._ref.storage, OpenSqliteStorage)  # type: ignore[union-attr]
        assert isinstance(instance.event_log_storage, OpenEventLogStorage)
