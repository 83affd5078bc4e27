"""kill -9 at every call to the CRM: nothing lost, nothing sent twice, every intent settled."""

from collections.abc import Mapping
from typing import Literal

import pytest

from pipelines.sync.apply import Account, apply_plan, settle_intents
from pipelines.sync.config import Policy
from pipelines.sync.held import overlay
from pipelines.sync.store import StateStore
from tests.unit.pipelines.builders import (
    AS_OF,
    SCORE,
    STAGE,
    as_extracted,
    plan_changes,
    row_of,
    silent,
    sync_of,
)
from tests.unit.pipelines.fakes import FakeDestination, Kill, Killed

Rows = Mapping[str, Mapping[str, object]]
WANTED = [row_of(key, stage="Lead", score=40) for key in "abcde"]
CALLS = 9  # three batches, each read, written and read back
KILLS = [
    *(Kill(call, "before") for call in range(1, CALLS + 1)),
    *(Kill(call, "after") for call in range(1, CALLS + 1)),
    *(Kill(call, "halfway") for call in (2, 5)),  # writes of two records
]


def crm_before(kill: Kill | None = None) -> FakeDestination:
    """Return a CRM whose records hold older values, some none."""
    held = {"a": {"Stage__c": "Name"}, "b": {}, "c": {"Stage__c": "Name"}, "d": {}, "e": {}}
    return FakeDestination(held, batch_size=2, kill=kill)


class Loop:
    """One sync, run by one process after another."""

    def __init__(self, state_url: str, kill: Kill | None, policy: Policy = "ours") -> None:
        self.sync = sync_of(STAGE | {"policy": policy}, SCORE | {"policy": policy})
        self.crm = crm_before(kill)
        self.url = state_url
        self.snapshot = 0
        self.receipt_mark = 0
        self.extracted: Rows = {}

    def extract(self) -> None:
        """Read the CRM and publish what it holds."""
        self.snapshot += 1
        self.receipt_mark = StateStore(self.url).last_receipt()
        self.extracted = as_extracted(self.sync, self.crm)

    def sync_once(self) -> Account:
        """Settle, plan from what is published, apply."""
        store, name = StateStore(self.url), f"{self.snapshot:06}"
        settle_intents(self.sync, self.crm, store)
        later = store.written_after(self.sync, self.receipt_mark)
        current = overlay(self.sync, self.extracted, later)
        plan = plan_changes(self.sync, WANTED, current, store.ledger(self.sync))
        stored = store.keep_plan(self.sync, plan, AS_OF, name, ())
        return apply_plan(self.sync, stored, self.crm, store, silent)

    def run(self) -> Account:
        """Extract, then sync."""
        self.extract()
        return self.sync_once()

    def die(self) -> None:
        with pytest.raises(Killed):
            self.run()

    def check_as_undisturbed(self) -> None:
        """Every record holds what is wanted, was sent once, and all is accounted for."""
        store = StateStore(self.url)
        assert self.crm.records == undisturbed()
        assert self.crm.times_sent() == dict.fromkeys("abcde", 1)
        assert store.open_intents(self.sync) == []
        held = as_extracted(self.sync, self.crm)
        assert plan_changes(self.sync, WANTED, held, store.ledger(self.sync)).records == ()
        assert len(store.ledger(self.sync)) == 2 * len(WANTED)


def undisturbed() -> Mapping[str, Mapping[str, object]]:
    wanted = sync_of(STAGE, SCORE)
    crm = crm_before()
    for record in plan_changes(wanted, WANTED, as_extracted(wanted, crm), {}).records:
        crm.records[record.record_id] |= {change.field: change.new for change in record.changes}
        crm.records[record.record_id] |= {"Synced__c": AS_OF}
    return crm.records


def test_an_undisturbed_run_makes_the_calls_that_are_enumerated(state_url: str) -> None:
    loop = Loop(state_url, kill=None)

    assert loop.run() == Account(written=5)
    assert loop.crm.calls_made == CALLS
    loop.check_as_undisturbed()


@pytest.mark.parametrize("kill", KILLS, ids=str)
def test_the_next_run_finishes_what_a_kill_cut_off(state_url: str, kill: Kill) -> None:
    loop = Loop(state_url, kill)
    loop.die()
    loop.crm.restart()

    loop.run()

    loop.check_as_undisturbed()


@pytest.mark.parametrize("kill", KILLS, ids=str)
def test_the_next_run_sends_nothing_twice_though_nothing_was_extracted_since(
    state_url: str, kill: Kill
) -> None:
    loop = Loop(state_url, kill)
    loop.die()
    loop.crm.restart()

    assert loop.sync_once().deferred == 0

    loop.check_as_undisturbed()


@pytest.mark.parametrize("again", ["before", "after"])
@pytest.mark.parametrize("kill", KILLS, ids=str)
def test_a_second_kill_at_the_first_call_of_the_next_run_costs_nothing(
    state_url: str, kill: Kill, again: Literal["before", "after"]
) -> None:
    loop = Loop(state_url, kill)
    loop.die()
    loop.crm.restart(Kill(1, again))
    loop.die()
    loop.crm.restart()

    loop.run()

    loop.check_as_undisturbed()


@pytest.mark.parametrize("kill", KILLS, ids=str)
def test_what_we_wrote_before_a_kill_is_not_taken_for_a_persons(state_url: str, kill: Kill) -> None:
    loop = Loop(state_url, kill, policy="fill_empty")
    loop.crm.records = {key: {} for key in "abcde"}
    loop.die()
    loop.crm.restart()

    loop.run()

    assert {record["Stage__c"] for record in loop.crm.records.values()} == {"Lead"}
    assert loop.crm.times_sent() == dict.fromkeys("abcde", 1)
    assert len(StateStore(loop.url).ledger(loop.sync)) == 2 * len(WANTED)
