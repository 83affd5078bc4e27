"""A run that is paused, cancelled, or at its share of the day's calls stops and loses nothing."""

from collections.abc import Sequence

import pytest

from connectors.changes import RecordChange, WriteResult
from connectors.records import Quota
from pipelines.sync.apply import Account, apply_plan
from pipelines.sync.pauses import Pause
from pipelines.sync.rows import StoredPlan
from pipelines.sync.store import StateStore
from tests.unit.pipelines.builders import AS_OF, STAGE, plan_of, row_of, silent, sync_of
from tests.unit.pipelines.fakes import FakeDestination

SYNC = sync_of(STAGE)
PAUSE = Pause("ann", "the rules are wrong", AS_OF)


class SteppingDestination(FakeDestination):
    """Does something of the test's when its first write is done; may tell of the day's calls."""

    told: Quota | None = None
    after_first = staticmethod(lambda: None)

    def write(
        self, object_name: str, changes: Sequence[RecordChange], match: str | None = None
    ) -> list[WriteResult]:
        results = super().write(object_name, changes, match)
        if len(self.writes) == 1:
            self.after_first()
        return results

    def quota(self) -> Quota | None:
        return self.told


def crm_of(*record_ids: str) -> SteppingDestination:
    return SteppingDestination({record_id: {} for record_id in record_ids}, batch_size=2)


def keep(store: StateStore, crm: FakeDestination) -> StoredPlan:
    plan = plan_of(SYNC, *(row_of(key, stage="Lead") for key in crm.records), held=crm)
    return store.keep_plan(SYNC, plan, AS_OF, "000001", ())


def status(store: StateStore) -> str:
    return str(store.plan_accounts()[-1]["status"])


def test_a_pause_stops_a_run_at_its_next_batch(store: StateStore) -> None:
    crm = crm_of(*"12345")
    crm.after_first = lambda: store.pauses.begin(SYNC.name, PAUSE)

    account = apply_plan(SYNC, keep(store, crm), crm, store, silent)

    assert account == Account(written=2, deferred=3, stopped="paused")
    assert (status(store), store.open_intents(SYNC)) == ("stopped", [])


def test_a_resumed_sync_writes_what_it_owes(store: StateStore) -> None:
    crm = crm_of(*"12345")
    crm.after_first = lambda: store.pauses.begin(SYNC.name, PAUSE)
    apply_plan(SYNC, keep(store, crm), crm, store, silent)

    assert store.pauses.end(SYNC.name)
    crm.after_first = lambda: None
    apply_plan(SYNC, keep(store, crm), crm, store, silent)

    assert crm.times_sent() == dict.fromkeys("12345", 1)


def test_a_cancelled_plan_goes_no_further(store: StateStore) -> None:
    crm = crm_of(*"123")
    plan = keep(store, crm)
    crm.after_first = lambda: store.cancel(plan.digest)

    account = apply_plan(SYNC, plan, crm, store, silent)

    assert (account.written, account.deferred, account.stopped) == (2, 1, "cancelled")
    assert (status(store), store.load_plan(SYNC)) == ("cancelled", None)


@pytest.mark.parametrize(("used", "written"), [(97, 3), (98, 2)])
def test_a_run_leaves_others_their_share_of_the_days_calls(
    store: StateStore, used: int, written: int
) -> None:
    crm = crm_of(*"123")

    def tell() -> None:
        crm.told = Quota(100, used)

    crm.after_first = tell
    account = apply_plan(SYNC, keep(store, crm), crm, store, silent)

    assert account.written == written
    assert account.stopped == ("" if written == 3 else "quota reserve")


def test_a_pause_is_told_with_its_reason_until_it_ends(store: StateStore) -> None:
    store.pauses.begin(SYNC.name, PAUSE)
    assert store.pauses.all() == {SYNC.name: PAUSE}

    assert store.pauses.end(SYNC.name)
    assert not store.pauses.end(SYNC.name)
    assert store.pauses.all() == {}


@pytest.mark.parametrize("in_flight", [2, 4])
def test_batches_side_by_side_write_every_record_once(store: StateStore, in_flight: int) -> None:
    crm = FakeDestination({str(number): {} for number in range(25)}, batch_size=2)
    plan = keep(store, crm)
    several = sync_of(STAGE, in_flight=in_flight)

    account = apply_plan(several, plan, crm, store, silent)

    assert account == Account(written=25)
    assert (set(crm.times_sent().values()), len(crm.writes)) == ({1}, 13)
    assert store.outcomes(plan.plan_id) == {"written": 25, "rejected": 0}


def test_records_that_drifted_leave_no_batch_half_empty(store: StateStore) -> None:
    crm = crm_of(*"123456")
    plan = keep(store, crm)
    for drifted in "14":
        crm.records[drifted]["Stage__c"] = "typed"

    account = apply_plan(SYNC, plan, crm, store, silent)

    assert account == Account(written=4, deferred=2)
    assert [len(batch) for batch in crm.writes] == [2, 2]
