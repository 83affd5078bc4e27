"""One sync as Dagster and the command line run it: paused, in shadow, waiting, approved."""

from pathlib import Path

import duckdb
import pytest

from pipelines import loop
from pipelines.loop import SyncResult, run_sync
from pipelines.places import store_of
from pipelines.publish import publish
from pipelines.settings import Settings
from pipelines.sync.apply import Account
from pipelines.sync.config import GoLive, Sync
from pipelines.sync.pauses import Pause
from tests.unit.pipelines.builders import AS_OF, STAGE, silent, sync_of
from tests.unit.pipelines.fakes import FakeDestination

SYNC = sync_of(STAGE | {"role": "stage"}, guards={"from_records": 1, "max_cleared_share": 0.0})
PAUSE = Pause("ann", "wrong rules", AS_OF)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home in which Lead 1 is to be Customer, and is Name."""
    settings = Settings(LEADCYCLE_HOME=tmp_path / "home")
    wanted(settings, tmp_path, "'Customer'")
    return settings


def wanted(settings: Settings, folder: Path, stage: str) -> None:
    """Publish a snapshot in which the only Lead is to have this stage."""
    warehouse = folder / "warehouse.duckdb"
    warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(warehouse)) as db:
        db.execute("create schema sync; create schema marts")
        row = f"select '1' as record_id, 'p' as person_id, {stage}::varchar as stage"
        db.execute(f"create table sync.sync_salesforce__leads as {row}")
        labels = "values ('Name', 1, 'success'), ('Customer', 2, 'success')"
        db.execute(
            "create table marts.stage_stocks as "
            f"select * from ({labels}) as t (stage_label, stage_rank, path_type)"
        )
    current = {"current.salesforce__leads": "select '1' as record_id, 'Name' as stage"}
    publish(warehouse, settings.published_dir, AS_OF, "rules", {}, queries=current)


@pytest.fixture
def crm(monkeypatch: pytest.MonkeyPatch) -> FakeDestination:
    destination = FakeDestination({"1": {"Stage__c": "Name"}})
    monkeypatch.setattr(loop, "connect_destination", lambda *_: destination)
    return destination


def run(settings: Settings, sync: Sync = SYNC) -> SyncResult:
    return run_sync(settings, sync, silent)


def test_what_no_guard_holds_back_is_written(settings: Settings, crm: FakeDestination) -> None:
    loose = sync_of(STAGE)

    assert run(settings, loose).account == Account(written=1)
    assert crm.records["1"]["Stage__c"] == "Customer"


def test_a_paused_sync_plans_and_sends_nothing(settings: Settings, crm: FakeDestination) -> None:
    store_of(settings).pauses.begin(SYNC.name, PAUSE)

    result = run(settings, sync_of(STAGE))

    assert (result.account, len(result.plan.records), crm.writes) == (None, 1, [])


def test_a_paused_sync_keeps_the_approval_of_its_plan(
    settings: Settings, tmp_path: Path, crm: FakeDestination
) -> None:
    wanted(settings, tmp_path, "null")
    store = store_of(settings)
    waiting = run(settings)
    assert waiting.stored.status == "waiting"
    store.approve(waiting.stored.digest, "ann", "looked at it", AS_OF)
    store.pauses.begin(SYNC.name, PAUSE)

    run(settings)
    assert crm.writes == []

    store.pauses.end(SYNC.name)
    run(settings)
    assert crm.records["1"]["Stage__c"] is None


def test_a_stage_that_goes_back_is_found_by_the_rules_own_order(
    settings: Settings, tmp_path: Path, crm: FakeDestination
) -> None:
    wanted(settings, tmp_path, "null")

    found = run(settings).findings

    assert [finding.partition(":")[0] for finding in found] == [
        "overwritten_share",
        "cleared_share",
        "regressed_share",
    ]
    assert crm.writes == []


def test_a_sync_in_shadow_writes_nothing(settings: Settings, crm: FakeDestination) -> None:
    shadow = SYNC.model_copy(update={"go_live": GoLive(shadow=True)})

    result = run(settings, shadow)

    assert (result.stored.status, result.account, crm.writes) == ("shadow", None, [])


def test_who_is_outside_the_wave_is_not_planned(settings: Settings, crm: FakeDestination) -> None:
    wave = sync_of(STAGE).model_copy(update={"go_live": GoLive(records=("another",))})

    result = run(settings, wave)

    assert (result.plan.source, crm.writes) == (0, [])
