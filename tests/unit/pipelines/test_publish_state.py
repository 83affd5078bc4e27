"""What became of plans is published with whose the records are."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.places import store_of
from pipelines.publish import publish
from pipelines.publish_state import LEFT_ALONE, publish_state
from pipelines.settings import Settings
from pipelines.sync.pauses import Pause
from tests.unit.pipelines.builders import AS_OF, STAGE, plan_of, row_of, sync_of
from tests.unit.pipelines.fakes import FakeDestination

SYNC = sync_of(STAGE | {"policy": "human_wins"})


def table(settings: Settings, name: str) -> pa.Table:
    return pq.read_table(settings.published_dir / "state" / f"{name}.parquet")


def snapshot(folder: Path, settings: Settings) -> None:
    """Publish whose record 1 is; record 2 nobody has read."""
    warehouse = folder / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as db:
        db.execute("create schema marts; create table marts.people as select 1 as person_id")
    query = "select '1' as record_id, 'u7' as owner_id"
    queries = {f"current.{SYNC.name}": query}
    publish(warehouse, settings.published_dir, AS_OF, "rules", {}, queries=queries)


def test_what_was_left_alone_says_whose_the_record_is(tmp_path: Path) -> None:
    settings = Settings(LEADCYCLE_HOME=tmp_path / "home")
    snapshot(tmp_path, settings)
    held = {key: {"Stage__c": "typed"} for key in "12"}
    plan = plan_of(SYNC, *(row_of(key, stage="Lead") for key in "12"), held=FakeDestination(held))
    store_of(settings).keep_plan(SYNC, plan, AS_OF, "000001", ())

    publish_state(settings)

    rows = table(settings, "left_alone").to_pylist()
    assert [(row["record_id"], row["owner_id"], row["now_value"]) for row in rows] == [
        ("1", "u7", "typed"),
        ("2", None, "typed"),
    ]
    assert table(settings, "plans").num_rows == 1


def test_nothing_left_alone_and_no_pause_are_empty_tables(tmp_path: Path) -> None:
    settings = Settings(LEADCYCLE_HOME=tmp_path / "home")

    publish_state(settings)

    assert table(settings, "left_alone").schema.equals(LEFT_ALONE)
    assert table(settings, "pauses").num_rows == 0


def test_a_pause_is_published_with_its_reason(tmp_path: Path) -> None:
    settings = Settings(LEADCYCLE_HOME=tmp_path / "home")
    store_of(settings).pauses.begin(SYNC.name, Pause("ann", "wrong rules", AS_OF))

    publish_state(settings)

    (row,) = table(settings, "pauses").to_pylist()
    assert (row["sync"], row["paused_by"], row["why"]) == (SYNC.name, "ann", "wrong rules")
