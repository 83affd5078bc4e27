"""Taking back what a run wrote into a CRM: previewed, or done."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from pipelines.crms import connect_destination
from pipelines.loop import NoClockError, SyncResult
from pipelines.places import lake_of, locked_for_all, store_of
from pipelines.publish_state import publish_state
from pipelines.receipts import take_back_receipts
from pipelines.settings import Settings
from pipelines.sync.apply import apply_plan, settle_intents
from pipelines.sync.batches import read_held
from pipelines.sync.config import Sync
from pipelines.sync.engine import utc_now
from pipelines.sync.pauses import Pause
from pipelines.sync.rows import StoredPlan
from pipelines.sync.store import StateStore
from pipelines.sync.undo import plan_undo
from pipelines.syncs import configured_syncs


class NothingToUndoError(Exception):
    """No plan of that number has written anything; `leadcycle status` shows plans by number."""


def undo_run(
    settings: Settings, plan_id: int, *, who: str, why: str, is_preview: bool
) -> SyncResult:
    """Give back the values that a plan replaced, where the CRM still holds ours.

    The sync is paused by it: its next run would write the same values again. What a preview shows
    is not kept.

    Raises:
        NothingToUndoError: there is no such plan, it wrote nothing, or its sync is configured no
            longer.
        NoClockError: no CRM was ever read.
        CrmError: the CRM could not be reached.
    """
    store = store_of(settings)
    sync, head = _plan_of(settings, store, plan_id)
    with locked_for_all(settings, f"sync-{sync.name}"):
        destination = connect_destination(settings, sync.crm)
        take_back_receipts(store, lake_of(settings))
        before = replace(destination.calls)
        settle_intents(sync, destination, store)
        written = store.written_by(sync, plan_id)
        if not written:
            raise NothingToUndoError(f"plan {plan_id} of {sync.name} has written nothing")
        ids = list(dict.fromkeys(field.record_id for field in written))
        plan = plan_undo(sync, plan_id, written, read_held(sync, destination, ids))
        as_of = _now(store)
        stored = StoredPlan(0, plan.digest, "preview", as_of, plan.records, "undo", plan_id)
        result = SyncResult(sync.name, sync.crm, plan, stored, (), None, destination.calls)
        if not is_preview:
            store.pauses.begin(sync.name, Pause(who, f"undo of plan {plan_id}: {why}", utc_now()))
            kept = store.keep_plan(sync, plan, as_of, head["snapshot"], (), undoes=plan_id)
            store.note_approval(plan.digest, who, why, utc_now())
            account = apply_plan(sync, kept, destination, store, lambda _name, _count: None)
            result = replace(result, stored=kept, account=account)
    publish_state(settings)
    return replace(result, calls=destination.calls.since(before))


def _plan_of(settings: Settings, store: StateStore, plan_id: int) -> tuple[Sync, dict[str, Any]]:
    head = store.head(plan_id)
    if head is None:
        raise NothingToUndoError(f"there is no plan {plan_id}; `leadcycle status` shows plans")
    for sync in configured_syncs(settings):
        if sync.name == head["sync"]:
            return sync, head
    raise NothingToUndoError(f"plan {plan_id} was of {head['sync']}, which syncs.yml has no longer")


def _now(store: StateStore) -> datetime:
    clock = store.latest_clock()
    if clock is None:
        raise NoClockError(str(NoClockError.__doc__))
    return clock
