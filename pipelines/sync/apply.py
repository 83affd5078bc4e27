"""Send a plan: intent, write, read back, receipt; in batches, resumable after any crash."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar

from connectors.changes import RecordChange, WriteResult
from connectors.interfaces import Destination
from connectors.records import Value
from pipelines.sync.config import Sync
from pipelines.sync.plan import RecordPlan
from pipelines.sync.rows import Receipt, StoredPlan
from pipelines.sync.store import StateStore
from pipelines.sync.values import normalise, to_text

Held = Mapping[str, Mapping[str, Value]]
Report = Callable[[str, int], None]
T = TypeVar("T")


class AccountError(Exception):
    """A sync's numbers don't add up: some records have no outcome."""


@dataclass(frozen=True)
class Account:
    """What became of the records of a plan."""

    written: int = 0
    rejected: int = 0
    deferred: int = 0
    """Left for the next plan: the record changed, or vanished, after we read it."""

    def plus(self, other: "Account") -> "Account":
        """Add two accounts."""
        return Account(
            self.written + other.written,
            self.rejected + other.rejected,
            self.deferred + other.deferred,
        )


def settle_intents(sync: Sync, destination: Destination, store: StateStore) -> int:
    """Find out by reading back what became of batches a crash left in flight.

    Returns:
        The number of records settled. What is not in the CRM is planned anew; nothing is resent.
    """
    settled = 0
    for intent, plan in store.open_intents(sync):
        after = _held(sync, destination, intent.record_ids)
        receipts = [
            receipt
            for record in plan.records
            for receipt in _receipts(record, after.get(record.record_id, {}), None)
        ]
        store.settle(sync, intent.intent_id, plan.plan_id, plan.as_of, receipts)
        settled += len(plan.records)
        store.finish_plan(
            plan.plan_id, **store.outcomes(plan.plan_id), deferred=0, status="cut_off"
        )
    return settled


def apply_plan(
    sync: Sync, plan: StoredPlan, destination: Destination, store: StateStore, report: Report
) -> Account:
    """Send a plan's changes.

    Raises:
        AccountError: a planned record ended without an outcome.
        CrmError: the CRM could not be reached; batches sent so far have their receipts, and the
            batch in flight has its intent.
    """
    account = Account()
    for batch in _batches(plan.records, destination.batch_size):
        account = account.plus(_apply_batch(sync, plan, batch, destination, store))
        report(sync.name, account.written + account.rejected + account.deferred)
    kept = store.outcomes(plan.plan_id)
    if sum(kept.values()) + account.deferred != len(plan.records):
        text = f"{len(plan.records)} records planned, {kept} by their receipts, {account}"
        raise AccountError(f"{sync.name}: {text}")
    store.finish_plan(plan.plan_id, account.written, account.rejected, account.deferred)
    return account


def _apply_batch(
    sync: Sync,
    plan: StoredPlan,
    batch: Sequence[RecordPlan],
    destination: Destination,
    store: StateStore,
) -> Account:
    before = _held(sync, destination, [record.record_id for record in batch])
    fit = [record for record in batch if _is_as_planned(record, before.get(record.record_id))]
    if not fit:
        return Account(deferred=len(batch))
    intent_id = store.open_intent(plan.plan_id, [record.record_id for record in fit])
    results = destination.write(sync.object, [_request(sync, plan.as_of, rec) for rec in fit])
    by_record = {result.record_id: result for result in results}
    after = _held(sync, destination, [record.record_id for record in fit])
    receipts = {
        record.record_id: _receipts(
            record, after.get(record.record_id, {}), by_record.get(record.record_id)
        )
        for record in fit
    }
    kept = [receipt for of_record in receipts.values() for receipt in of_record]
    store.settle(sync, intent_id, plan.plan_id, plan.as_of, kept)
    written = sum(all(r.state == "written" for r in of) for of in receipts.values())
    return Account(written, len(fit) - written, len(batch) - len(fit))


def _held(sync: Sync, destination: Destination, record_ids: Sequence[str]) -> Held:
    """Read our fields as the CRM holds them now, normalised."""
    types = {field.field: field.type for field in sync.fields}
    if not record_ids:
        return {}
    now = destination.read_current(sync.object, record_ids, list(types))
    return {
        record_id: {name: normalise(values.get(name), types[name]) for name in types}
        for record_id, values in now.items()
    }


def _is_as_planned(record: RecordPlan, held: Mapping[str, Value] | None) -> bool:
    """A record that changed since the plan was made is not touched: the next plan looks again."""
    return held is not None and all(held[change.field] == change.old for change in record.changes)


def _request(sync: Sync, as_of: datetime, record: RecordPlan) -> RecordChange:
    values: dict[str, Value] = {change.field: change.new for change in record.changes}
    return RecordChange(record.record_id, values | {sync.stamp.field: as_of})


def _receipts(
    record: RecordPlan, after: Mapping[str, Value], result: WriteResult | None
) -> list[Receipt]:
    """Success is what the CRM holds afterwards, not what it answered."""
    refused = result is not None and result.state == "rejected"
    code = result.code if result is not None and refused else ""
    otherwise = ("rejected", code or "NOT_TAKEN") if result is not None else ("lost", "")
    receipts = []
    for change in record.changes:
        taken = not refused and change.field in after and after[change.field] == change.new
        state, why = ("written", "") if taken else otherwise
        receipts.append(Receipt(record.record_id, change.field, to_text(change.new), state, why))
    return receipts


def _batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        yield batch
