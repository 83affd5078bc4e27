"""Send a plan: intent, write, read back, receipt; in batches, resumable after any crash."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice

from connectors.interfaces import Destination
from pipelines.sync.batches import Batch, Batching, Sent
from pipelines.sync.changes import LeftAlone, RecordPlan
from pipelines.sync.config import Sync
from pipelines.sync.rows import StoredPlan
from pipelines.sync.store import StateStore

Report = Callable[[str, int], None]


class AccountError(Exception):
    """A sync's numbers don't add up: some records have no outcome."""


@dataclass(frozen=True)
class Account:
    """What became of the records of a plan."""

    written: int = 0
    rejected: int = 0
    deferred: int = 0
    """Left for the next plan: the record changed, or vanished, after we read it, or we stopped."""
    stopped: str = ""
    """Why not all was sent; empty if it was."""

    @property
    def settled(self) -> int:
        """Records that have their outcome."""
        return self.written + self.rejected + self.deferred

    def plus(self, sent: Sent) -> "Account":
        """Add a batch."""
        return replace(
            self,
            written=self.written + sent.written,
            rejected=self.rejected + sent.rejected,
        )


def settle_intents(sync: Sync, destination: Destination, store: StateStore) -> int:
    """Find out what became of batches a crash left in flight: by the CRM's job, or by reading back.

    Returns:
        The number of records settled. What is not in the CRM is planned anew; nothing is resent.
    """
    settled = 0
    for intent, plan in store.open_intents(sync):
        batch = Batch(intent.intent_id, plan.records, intent.job_id)
        Batching(sync, plan, destination, store).settle(batch)
        settled += len(plan.records)
        store.finish_plan(
            plan.plan_id, **store.outcomes(plan.plan_id), deferred=0, status="cut_off"
        )
    return settled


def apply_plan(
    sync: Sync, plan: StoredPlan, destination: Destination, store: StateStore, report: Report
) -> Account:
    """Send a plan's changes, some batches at once; stop where the sync is paused, say.

    Raises:
        AccountError: a planned record ended without an outcome.
        CrmError: the CRM could not be reached; batches sent so far have their receipts, and those
            in flight have their intents.
    """
    batching = Batching(sync, plan, destination, store)
    drifted: list[LeftAlone] = []
    account = Account()
    stopping = _Stopping(sync, plan, destination, store)
    batches = _fit_batches(batching, plan.records, drifted)
    for sent in _side_by_side(batching.send, stopping.guard(batches), sync.in_flight):
        account = account.plus(sent)
        report(sync.name, account.settled)
    deferred = _unsettled(plan, account) if stopping.why else len(drifted)
    account = replace(account, deferred=deferred, stopped=stopping.why)
    _check(sync, plan, account, store)
    store.note_left_alone(sync, plan.plan_id, [*drifted, *batching.refused], plan.as_of)
    _finish(store, plan, account)
    return account


class _Stopping:
    """Why a run stops before its end, looked up before each batch."""

    def __init__(
        self, sync: Sync, plan: StoredPlan, destination: Destination, store: StateStore
    ) -> None:
        self.why = ""
        self._sync, self._plan = sync, plan
        self._destination, self._store = destination, store

    def guard(self, batches: Iterator[Sequence[RecordPlan]]) -> Iterator[Sequence[RecordPlan]]:
        """Yield batches until there is a reason to stop."""
        while not (why := self._reason()):
            batch = next(batches, None)
            if batch is None:
                return
            yield batch
        self.why = why

    def _reason(self) -> str:
        if self._store.pauses.is_paused(self._sync.name) and self._plan.kind != "undo":
            return "paused"
        if self._store.status_of(self._plan.plan_id) == "cancelled":
            return "cancelled"
        return "quota reserve" if is_at_reserve(self._sync, self._destination) else ""


def is_at_reserve(sync: Sync, destination: Destination) -> bool:
    """Tell whether the day's calls that are left are those that the sync leaves to others."""
    quota = destination.quota()
    return quota is not None and quota.used >= quota.limit * (1 - sync.guards.quota_reserve)


def _fit_batches(
    batching: Batching, records: Sequence[RecordPlan], drifted: list[LeftAlone]
) -> Iterator[Sequence[RecordPlan]]:
    """Yield full batches of the records that are still as planned; collect the others."""
    size, waiting = batching.size, list[RecordPlan]()
    remaining = iter(records)
    while chunk := list(islice(remaining, size - len(waiting))):
        fit, others = batching.part(chunk)
        drifted += [
            LeftAlone(record.record_id, record.person_id, "deferred", "changed since the plan")
            for record in others
        ]
        waiting += fit
        if len(waiting) == size:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def _side_by_side(
    send: Callable[[Sequence[RecordPlan]], Sent],
    batches: Iterator[Sequence[RecordPlan]],
    in_flight: int,
) -> Iterator[Sent]:
    """Yield what became of each batch, so many of them under way at once.

    When one fails no more are begun, and those under way come to their receipts first.
    """
    if in_flight == 1:
        yield from map(send, batches)
        return
    under_way: deque[Future[Sent]] = deque()
    with ThreadPoolExecutor(in_flight, "sync") as pool:
        for batch in batches:
            under_way.append(pool.submit(send, batch))
            if len(under_way) == in_flight:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def _unsettled(plan: StoredPlan, account: Account) -> int:
    return len(plan.records) - account.written - account.rejected


def _check(sync: Sync, plan: StoredPlan, account: Account, store: StateStore) -> None:
    kept = store.outcomes(plan.plan_id)
    if sum(kept.values()) + account.deferred != len(plan.records):
        text = f"{len(plan.records)} records planned, {kept} by their receipts, {account}"
        raise AccountError(f"{sync.name}: {text}")


def _finish(store: StateStore, plan: StoredPlan, account: Account) -> None:
    status = {"": "applied", "cancelled": "cancelled"}.get(account.stopped, "stopped")
    counts = (account.written, account.rejected, account.deferred)
    store.finish_plan(plan.plan_id, *counts, status=status)
