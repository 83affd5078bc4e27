"""Tasks created in both CRMs under a key of ours, over real HTTP."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors.changes import RecordChange, WriteResult
from connectors.hubspot.destination import HubSpotDestination
from connectors.interfaces import Destination
from connectors.records import Value
from connectors.salesforce.destination import SalesforceDestination
from pipelines.sync.apply import Account, apply_plan, settle_intents
from pipelines.sync.batches import read_held
from pipelines.sync.config import Sync
from pipelines.sync.memory import Row
from pipelines.sync.plan import Terms, plan_changes
from pipelines.sync.store import StateStore
from tests.contract.cases import hubspot_client, salesforce_client
from tests.contract.conftest import Sandbox
from tests.unit.pipelines.builders import AS_OF, silent


class Killed(BaseException):
    """Stands for kill -9."""


def columns(subject: str, status: str, due: str, **kept: object) -> list[dict[str, object]]:
    """Return a mapping of tasks: what they are about, once; how they stand, always."""
    native = {"type": "string", "native": True}
    return [
        {"column": "subject", "field": subject, "label": "Subject", "once": True, **native},
        {"column": "status", "field": status, "label": "Status", **native},
        {"column": "due", "field": due, "label": "Due", "once": True, **native, **kept},
    ]


TASKS = {
    "salesforce": {
        "name": "salesforce__tasks",
        "crm": "salesforce",
        "object": "Task",
        "sync_model": "sync_salesforce__tasks",
        "match": "Leadcycle_Key__c",
        "mode": "upsert",
        "fields": columns("Subject", "Status", "ActivityDate", type="date"),
        "stamp": {"field": "Leadcycle_Synced_At__c", "label": "Leadcycle Synced At"},
    },
    "hubspot": {
        "name": "hubspot__tasks",
        "crm": "hubspot",
        "object": "tasks",
        "sync_model": "sync_hubspot__tasks",
        "match": "leadcycle_key",
        "mode": "upsert",
        "fields": columns("hs_task_subject", "hs_task_status", "hs_timestamp", type="datetime"),
        "stamp": {"field": "leadcycle_synced_at", "label": "Leadcycle synced at"},
    },
}
STATUS = {
    "salesforce": ("Not Started", "Completed"),
    "hubspot": ("NOT_STARTED", "COMPLETED"),
}
CONNECT: dict[str, Callable[[Sandbox], Destination]] = {
    "salesforce": lambda sandbox: SalesforceDestination(salesforce_client(sandbox)),
    "hubspot": lambda sandbox: HubSpotDestination(hubspot_client(sandbox)),
}


@dataclass
class Scene:
    """One CRM, the tasks' sync into it, and what was kept of it."""

    sync: Sync
    destination: Destination
    store: StateStore
    open: str
    done: str

    def row(self, key: str, status: str) -> Row:
        due = AS_OF.date() if self.sync.crm == "salesforce" else AS_OF
        about = {"subject": f"Call, {key}", "status": status, "due": due}
        return {"record_id": key, "person_id": "p_1", **about}

    def run(self, wanted: Sequence[Row]) -> Account:
        """Settle, plan on what the CRM holds, apply."""
        settle_intents(self.sync, self.destination, self.store)
        held = self.held([str(row["record_id"]) for row in wanted])
        plan = plan_changes(
            Terms(self.sync, AS_OF, self.destination.target_fields(self.sync.object)),
            wanted,
            held,
            self.store.memory(self.sync),
        )
        kept = self.store.keep_plan(self.sync, plan, AS_OF, "000001", ())
        return apply_plan(self.sync, kept, self.destination, self.store, silent)

    def held(self, keys: Sequence[str]) -> dict[str, dict[str, object]]:
        names = {field.field: field.column for field in self.sync.fields}
        now = read_held(self.sync, self.destination, keys)
        return {
            key: {"record_id": key, **{names[name]: value for name, value in values.items()}}
            for key, values in now.items()
        }


@pytest.fixture(params=["salesforce", "hubspot"])
def scene(request: pytest.FixtureRequest, unlimited: Sandbox, tmp_path: Path) -> Scene:
    sync = Sync.model_validate(TASKS[request.param])
    destination = CONNECT[request.param](unlimited)
    destination.provision(sync.object, sync.own_fields())
    store = StateStore(f"sqlite:///{tmp_path / 'state.sqlite'}")
    return Scene(sync, destination, store, *STATUS[request.param])


def test_tasks_are_created_once_and_followed_from_then_on(
    scene: Scene, request: pytest.FixtureRequest
) -> None:
    keys = [f"{request.node.callspec.id}-{at}" for at in range(3)]
    wanted = [scene.row(key, scene.open) for key in keys]

    first, again = scene.run(wanted), scene.run(wanted)
    later = scene.run([scene.row(keys[0], scene.done), *wanted[1:]])

    assert (first.written, again.written, later.written) == (3, 0, 1)
    held = scene.held(keys)
    assert [held[key]["subject"] for key in keys] == [f"Call, {key}" for key in keys]
    assert [held[key]["status"] for key in keys] == [scene.done, scene.open, scene.open]


def test_one_that_is_refused_leaves_the_others_created(
    scene: Scene, request: pytest.FixtureRequest
) -> None:
    keys = [f"{request.node.callspec.id}-bad-{at}" for at in range(3)]
    rows = [scene.row(key, scene.open) for key in keys]

    account = scene.run([rows[0], {**rows[1], "subject": "x" * 70_000, "status": "No"}, rows[2]])

    assert account.written == 2
    assert sorted(scene.held(keys)) == [keys[0], keys[2]]


def test_a_run_that_died_after_creating_creates_nothing_again(
    scene: Scene, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [f"{request.node.callspec.id}-killed-{at}" for at in range(2)]
    wanted = [scene.row(key, scene.open) for key in keys]
    write = scene.destination.write

    def die(name: str, changes: Sequence[RecordChange], match: str | None) -> list[WriteResult]:
        write(name, changes, match)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(scene.destination, "write", die)
        with pytest.raises(Killed):
            scene.run(wanted)
    before = scene.destination.calls.write

    account = scene.run(wanted)

    assert (account.written, scene.destination.calls.write - before) == (0, 0)
    assert scene.store.ledger(scene.sync)[keys[0], scene.sync.fields[1].field] == scene.open


def test_a_job_creates_and_changes_by_the_key(unlimited: Sandbox) -> None:
    sync = Sync.model_validate(TASKS["salesforce"])
    destination = SalesforceDestination(salesforce_client(unlimited))
    destination.provision("Task", sync.own_fields())
    match, subject = str(sync.match), "Subject"
    keys = [f"job-{at}" for at in range(3)]

    def changes(value: Value) -> list[RecordChange]:
        return [RecordChange(key, {subject: value}) for key in keys]

    made = destination.write_as_job("Task", changes("First"), None, lambda _: None, match)
    changed = destination.write_as_job("Task", changes("Then"), None, lambda _: None, match)

    expected = [WriteResult(key, "accepted") for key in keys]
    assert (made, changed) == (expected, expected)
    held = destination.read_current("Task", [*keys, "nobody's"], [subject], match)
    assert held == {key: {subject: "Then"} for key in keys}
