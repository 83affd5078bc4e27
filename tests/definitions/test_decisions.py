"""What people decide about syncs can be decided in Dagster's screen."""

from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipelines.definitions import defs
from pipelines.places import store_of
from pipelines.settings import load_settings
from pipelines.sync.store import StateStore
from tests.unit.pipelines.builders import AS_OF, plan_of, row_of, sync_of
from tests.unit.pipelines.fakes import FakeDestination

SYNC = sync_of()
WHO = {"who": "ann", "why": "looked at it"}


@pytest.fixture(scope="module")
def loaded() -> dg.Definitions:
    return defs()


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StateStore:
    monkeypatch.setenv("LEADCYCLE_HOME", str(tmp_path))
    return store_of(load_settings())


def launch(loaded: dg.Definitions, op: str, **config: Any) -> bool:
    job = loaded.resolve_job_def(f"{op}_job")
    run_config = {"ops": {op: {"config": config | WHO}}}
    return bool(job.execute_in_process(run_config, raise_on_error=False).success)


def keep(store: StateStore, *, waits: bool) -> str:
    crm = FakeDestination({"1": {}})
    plan = plan_of(SYNC, row_of("1", stage="Lead"), held=crm)
    findings = ["a finding"] if waits else []
    store.keep_plan(SYNC, plan, AS_OF, "000001", findings)  # type: ignore[arg-type]
    return plan.digest


def status(store: StateStore) -> str:
    return str(store.plan_accounts()[-1]["status"])


def test_a_waiting_plan_is_approved_by_a_run(loaded: dg.Definitions, store: StateStore) -> None:
    digest = keep(store, waits=True)

    assert launch(loaded, "approve_plan", digest=digest)
    assert status(store) == "approved"


def test_a_plan_that_does_not_wait_fails_the_run(loaded: dg.Definitions, store: StateStore) -> None:
    assert not launch(loaded, "approve_plan", digest="none")


def test_a_plan_is_cancelled_by_a_run(loaded: dg.Definitions, store: StateStore) -> None:
    digest = keep(store, waits=False)

    assert launch(loaded, "cancel_plan", digest=digest)
    assert status(store) == "cancelled"


def test_a_sync_is_paused_and_resumed_by_runs(loaded: dg.Definitions, store: StateStore) -> None:
    assert launch(loaded, "pause_sync", sync=SYNC.name)
    pause = store.pauses.all()[SYNC.name]
    assert (pause.by, pause.why) == ("ann", "looked at it")

    assert launch(loaded, "resume_sync", sync=SYNC.name)
    assert store.pauses.all() == {}


def test_a_sync_that_nobody_configured_cannot_be_paused(
    loaded: dg.Definitions, store: StateStore
) -> None:
    assert not launch(loaded, "pause_sync", sync="salesforce__leeds")
    assert store.pauses.all() == {}


def test_an_undo_of_nothing_fails_its_run(loaded: dg.Definitions, store: StateStore) -> None:
    assert not launch(loaded, "undo_plan", plan_id=7)
