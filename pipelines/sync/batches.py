"""One batch of a plan: looked at, sent, read back, and kept with its receipts."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from connectors.changes import RecordChange, WriteResult
from connectors.interfaces import Destination
from connectors.records import Value
from pipelines.sync.changes import LeftAlone, RecordPlan
from pipelines.sync.config import Sync
from pipelines.sync.refusals import refuse
from pipelines.sync.rows import Receipt, StoredPlan
from pipelines.sync.store import StateStore
from pipelines.sync.values import normalise, to_text

Held = Mapping[str, Mapping[str, Value]]


@dataclass(frozen=True)
class Batch:
    """Records that are sent together, with the intent that was kept before."""

    intent_id: int
    records: Sequence[RecordPlan]
    job_id: str | None = None
    """The CRM's job that was begun for them."""


@dataclass(frozen=True)
class Sent:
    """What became of a batch."""

    written: int
    rejected: int


class Batching:
    """Sends batches of one plan; several at once are safe."""

    def __init__(
        self, sync: Sync, plan: StoredPlan, destination: Destination, store: StateStore
    ) -> None:
        self._sync, self._plan = sync, plan
        self._destination, self._store = destination, store
        self._known = store.remembered.refusals(sync)
        records, least = len(plan.records), destination.job_from
        self._by_job = least is not None and records >= least
        self.size = destination.job_size if self._by_job else destination.batch_size
        self.refused: list[LeftAlone] = []
        """Records that the CRM did not take, so far."""

    def part(self, records: Sequence[RecordPlan]) -> tuple[list[RecordPlan], list[RecordPlan]]:
        """Return the records that are still as planned, and those that changed or are gone."""
        held = self._held([record.record_id for record in records])
        fit = [record for record in records if _is_as_planned(record, held.get(record.record_id))]
        names = {record.record_id for record in fit}
        return fit, [record for record in records if record.record_id not in names]

    def send(self, records: Sequence[RecordPlan]) -> Sent:
        """Write the records; what is kept afterwards is what the CRM then holds."""
        names = [record.record_id for record in records]
        intent_id = self._store.open_intent(self._plan.plan_id, names)
        changes = [self._request(record) for record in records]
        if self._by_job:
            keep = partial(self._store.keep_job, intent_id)
            results = self._write_as_job(changes, None, keep)
        else:
            results = self._destination.write(self._sync.object, changes, self._sync.match)
        return self._keep(Batch(intent_id, records), results)

    def settle(self, batch: Batch) -> Sent:
        """Find out what became of a batch that a crash left in flight; nothing is sent again."""
        results: Sequence[WriteResult] | None = None
        if batch.job_id is not None:
            changes = [self._request(record) for record in batch.records]
            keep = partial(self._store.keep_job, batch.intent_id)
            results = self._write_as_job(changes, batch.job_id, keep)
        return self._keep(batch, results)

    def _write_as_job(
        self, changes: Sequence[RecordChange], job_id: str | None, keep: Callable[[str], None]
    ) -> Sequence[WriteResult]:
        sync = self._sync
        return self._destination.write_as_job(sync.object, changes, job_id, keep, sync.match)

    def _keep(self, batch: Batch, results: Sequence[WriteResult] | None) -> Sent:
        """Keep receipts by what the CRM holds now; without results a crash came between."""
        after = self._held([record.record_id for record in batch.records])
        by_record = {result.record_id: result for result in results or ()}
        receipts = {
            record.record_id: receipts_of(
                record,
                after.get(record.record_id, {}),
                by_record.get(record.record_id),
                answered=results is not None,
            )
            for record in batch.records
        }
        whole = {
            record_id
            for record_id, kept in receipts.items()
            if all(receipt.state == "written" for receipt in kept)
        }
        refused = {
            record.record_id: refuse(
                self._known.get(record.record_id),
                record.changes,
                _code_of(receipts[record.record_id]),
                self._plan.as_of,
            )
            for record in batch.records
            if record.record_id not in whole
        }
        self._store.settle(
            self._sync,
            batch.intent_id,
            self._plan.plan_id,
            self._plan.as_of,
            [receipt for kept in receipts.values() for receipt in kept],
            refused=refused,
            written=whole,
            undoes=self._plan.undoes,
        )
        self._note(batch.records, receipts, whole)
        return Sent(len(whole), len(batch.records) - len(whole))

    def _note(
        self,
        records: Sequence[RecordPlan],
        receipts: Mapping[str, Sequence[Receipt]],
        whole: Collection[str],
    ) -> None:
        self.refused += [
            LeftAlone(
                record.record_id, record.person_id, "rejected", _code_of(receipts[record.record_id])
            )
            for record in records
            if record.record_id not in whole
        ]

    def _held(self, record_ids: Sequence[str]) -> Held:
        return read_held(self._sync, self._destination, record_ids)

    def _request(self, record: RecordPlan) -> RecordChange:
        values: dict[str, Value] = {change.field: change.new for change in record.changes}
        held = {change.field: change.old for change in record.changes}
        stamped = values | {self._sync.stamp.field: self._plan.as_of}
        return RecordChange(record.record_id, stamped, held, record.parent)


def read_held(sync: Sync, destination: Destination, record_ids: Sequence[str]) -> Held:
    """Return our fields as the CRM holds them now, normalised; records that are gone are missing.

    Raises:
        CrmError: the CRM could not be reached.
    """
    if not record_ids:
        return {}
    types = {field.field: field.type for field in sync.fields}
    now = destination.read_current(sync.object, record_ids, list(types), sync.match)
    return {
        record_id: {name: normalise(values.get(name), kind) for name, kind in types.items()}
        for record_id, values in now.items()
    }


def receipts_of(
    record: RecordPlan, after: Mapping[str, Value], result: WriteResult | None, *, answered: bool
) -> list[Receipt]:
    """Return what became of each field: success is what the CRM holds, not what it answered.

    A field that is empty though it was neither so before nor to be so was cleared by us on its way
    to the new value, which did not come: it is our doing, and no person's.

    Args:
        record: What was to be written.
        after: What the CRM holds now.
        result: What it answered, if it did.
        answered: Whether the write came to its end; if not, what is not there is lost.
    """
    refused = result is not None and result.state == "rejected"
    code = result.code if result is not None and refused else ""
    otherwise = ("rejected", code or "NOT_TAKEN") if answered else ("lost", "LOST")
    receipts = []
    for change in record.changes:
        held = after.get(change.field)
        if not refused and change.field in after and held == change.new:
            state, why, value = "written", "", change.new
        elif change.field in after and held is None and None not in (change.old, change.new):
            state, why, value = "cleared", otherwise[1], None
        else:
            state, why, value = *otherwise, change.new
        receipts.append(Receipt(record.record_id, change.field, to_text(value), state, why))
    return receipts


def _code_of(receipts: Sequence[Receipt]) -> str:
    return next((receipt.code for receipt in receipts if receipt.code), "NOT_TAKEN")


def _is_as_planned(record: RecordPlan, held: Mapping[str, Value] | None) -> bool:
    """A record that changed since the plan was made is not touched: the next plan looks again."""
    if record.is_new or held is None:
        return record.is_new and held is None
    return all(held[change.field] == change.old for change in record.changes)
