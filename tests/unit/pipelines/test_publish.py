"""Publishing switches all tables at once; readers keep what they opened."""

import json
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines import publish as publishing
from pipelines.publish import (
    NothingPublishedError,
    Snapshot,
    previous_table,
    publish,
    publish_table,
    read_current,
)
from tests.unit.pipelines.builders import AS_OF
from tests.unit.pipelines.fakes import Killed

PEOPLE = "marts.people"


class Warehouse:
    """A DuckDB file with one mart and one sync model, published into a folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "warehouse.duckdb"
        self.published = folder / "it's published"
        self.run("create schema marts; create schema sync; create schema base")
        self.run("create view sync.sync_leads as select 'a' as record_id")
        self.run("create table base.leads as select 'secret' as email")

    def run(self, sql: str) -> None:
        with duckdb.connect(str(self.path)) as db:
            db.execute(sql)

    def publish(self, *person_ids: str) -> Snapshot:
        ids = ", ".join(f"'{person_id}'" for person_id in person_ids)
        self.run(f"create or replace table marts.people as select unnest([{ids}]) as person_id")
        return publish(self.path, self.published, AS_OF, "rules-1", {"hubspot": 3})

    def snapshots(self) -> list[str]:
        return sorted(path.name for path in self.published.iterdir() if path.is_dir())


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path)


def people(snapshot: Snapshot) -> list[str]:
    return [row["person_id"] for row in snapshot.read(PEOPLE).to_pylist()]


def test_nothing_is_published_before_the_first_time(tmp_path: Path) -> None:
    with pytest.raises(NothingPublishedError, match="leadcycle run"):
        read_current(tmp_path)


def test_marts_and_sync_models_are_published_and_nothing_else(warehouse: Warehouse) -> None:
    folder = warehouse.published / "000001"

    snapshot = warehouse.publish("p1", "p2")

    assert snapshot == Snapshot(
        "000001",
        AS_OF,
        "rules-1",
        {
            PEOPLE: folder / "marts__people.parquet",
            "sync.sync_leads": folder / "sync__sync_leads.parquet",
        },
        {"hubspot": 3},
        (),
    )
    assert people(snapshot) == ["p1", "p2"]


def test_the_pointer_names_files_relative_to_itself(warehouse: Warehouse) -> None:
    warehouse.publish("p1")

    assert json.loads((warehouse.published / "CURRENT.json").read_text()) == {
        "snapshot": "000001",
        "as_of": "2026-11-22T10:00:00Z",
        "rules_version": "rules-1",
        "receipt_marks": {"hubspot": 3},
        "published": ["000001"],
        "tables": {
            PEOPLE: "000001/marts__people.parquet",
            "sync.sync_leads": "000001/sync__sync_leads.parquet",
        },
    }


def test_who_opened_a_snapshot_keeps_it_through_a_publish(warehouse: Warehouse) -> None:
    before = warehouse.publish("p1")
    after = warehouse.publish("p2")

    assert (people(before), people(after)) == (["p1"], ["p2"])
    assert read_current(warehouse.published) == after


def test_five_snapshots_are_kept(warehouse: Warehouse) -> None:
    for number in range(7):
        warehouse.publish(f"p{number}")

    assert warehouse.snapshots() == ["000003", "000004", "000005", "000006", "000007"]


@pytest.mark.parametrize("step", ["_copy", "_replace"])
def test_a_kill_while_publishing_leaves_the_old_answers_standing(
    warehouse: Warehouse, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(*_: object) -> None:
        raise Killed

    before = warehouse.publish("p1")
    with monkeypatch.context() as patch:
        patch.setattr(publishing, step, kill)
        with pytest.raises(Killed):
            warehouse.publish("p2")

    assert read_current(warehouse.published) == before
    assert people(before) == ["p1"]
    assert people(warehouse.publish("p3")) == ["p3"]


def test_a_snapshot_that_was_cut_off_is_never_written_into_again_and_goes(
    warehouse: Warehouse,
) -> None:
    warehouse.publish("p1")
    torn = warehouse.published / "000002" / "marts__people.parquet"
    torn.parent.mkdir()
    torn.write_bytes(b"PAR1")

    assert warehouse.publish("p2").name == "000003"
    assert warehouse.snapshots() == ["000001", "000003"]


def test_the_previous_table_is_the_one_of_the_snapshot_before(warehouse: Warehouse) -> None:
    first, second, third = (warehouse.publish(person_id) for person_id in ("p1", "p2", "p3"))

    assert previous_table(warehouse.published, third, PEOPLE) == second.tables[PEOPLE]
    assert previous_table(warehouse.published, first, PEOPLE) is None


def test_a_table_that_is_new_looks_further_back_or_has_no_previous(warehouse: Warehouse) -> None:
    first = warehouse.publish("p1")
    second = warehouse.publish("p2")
    second.tables[PEOPLE].unlink()
    third = warehouse.publish("p3")

    assert previous_table(warehouse.published, third, PEOPLE) == first.tables[PEOPLE]


def test_a_snapshot_that_was_never_published_is_not_the_one_before(warehouse: Warehouse) -> None:
    first = warehouse.publish("p1")
    torn = warehouse.published / "000002" / "marts__people.parquet"
    torn.parent.mkdir()
    torn.write_bytes(b"PAR1")

    third = warehouse.publish("p3")

    assert previous_table(warehouse.published, third, PEOPLE) == first.tables[PEOPLE]


def test_snapshots_that_were_never_published_push_no_published_one_out(
    warehouse: Warehouse,
) -> None:
    warehouse.publish("p1")
    for number in range(2, 7):
        (warehouse.published / f"{number:06}").mkdir()

    last = warehouse.publish("p7")

    before = previous_table(warehouse.published, last, PEOPLE)
    assert before == warehouse.published / "000001" / "marts__people.parquet"


def test_one_table_is_replaced_beside_the_snapshots(tmp_path: Path) -> None:
    for status in ("ready", "applied"):
        publish_table(tmp_path, "state/plans", pa.table({"status": [status]}))

    assert pq.read_table(tmp_path / "state/plans.parquet").to_pylist() == [{"status": "applied"}]
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["plans.parquet"]
