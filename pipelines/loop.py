"""The loop's steps that write to the CRMs: plan and apply, the same for Dagster and the CLI.

Those that read them are in `reading/steps.py`.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from connectors.changes import TargetField
from connectors.errors import QuotaExhaustedError
from connectors.interfaces import Destination
from connectors.records import Crm
from connectors.tally import CallCounts
from pipelines.crms import CRMS, connect_destination, connect_source
from pipelines.places import lake_of, locked_for_all, store_of
from pipelines.publish import Snapshot, read_current
from pipelines.publish_state import publish_state
from pipelines.receipts import take_back_receipts
from pipelines.settings import Settings
from pipelines.sync.apply import Account, apply_plan, settle_intents
from pipelines.sync.checking import find_drift
from pipelines.sync.config import Sync, SyncConfigError
from pipelines.sync.guards import Circumstances, check_plan
from pipelines.sync.held import leavers, overlay
from pipelines.sync.plan import Plan, Terms, plan_changes
from pipelines.sync.rows import StoredPlan
from pipelines.sync.store import StateStore
from pipelines.sync.waves import pick_wave
from pipelines.syncs import compared, current_table

Report = Callable[[str, int], None]


class NoClockError(Exception):
    """No CRM has been read yet, so there is no instant to compute at: run `leadcycle extract`."""


@dataclass(frozen=True)
class SyncResult:
    """What one sync did; `account` is None where nothing was applied."""

    sync: str
    crm: Crm
    plan: Plan
    stored: StoredPlan
    findings: tuple[str, ...]
    account: Account | None
    calls: CallCounts


def check_connections(settings: Settings, crms: Sequence[Crm] = CRMS) -> None:
    """Ask CRMs for the time, so that a wrong setting stops a run before it writes anything.

    One whose day is used up has taken our credentials: the reading of it says that it ended.

    Raises:
        ConfigError: a setting is missing, or the CRM refused the credentials.
        UnavailableError: a CRM can't be reached.
    """
    for source in [connect_source(settings, crm) for crm in crms]:
        with suppress(QuotaExhaustedError):
            source.clock()


def resolve_as_of(settings: Settings) -> datetime:
    """Return the instant to compute at: as set, else the CRMs' own clock at extraction."""
    if isinstance(settings.as_of, datetime):
        return settings.as_of
    clock = store_of(settings).latest_clock()
    if clock is None:
        raise NoClockError(str(NoClockError.__doc__))
    return clock


def plan_sync(settings: Settings, sync: Sync) -> SyncResult:
    """Plan from what is published; write nothing into the CRM.

    Batches that a crash left in flight are settled first, by reading them back.

    Raises:
        NothingPublishedError: nothing was built yet.
        CrmError: batches in flight could not be read back.
    """
    with locked_for_all(settings, f"sync-{sync.name}"):
        destination = connect_destination(settings, sync.crm)
        take_back_receipts(store_of(settings), lake_of(settings))
        before = replace(destination.calls)
        result = _plan(settings, sync, destination)
        return replace(result, calls=destination.calls.since(before))


def run_sync(settings: Settings, sync: Sync, report: Report) -> SyncResult:
    """Plan and, unless the plan waits for a person, apply; publish the accounts.

    A plan that a person approved is applied as it was approved, before anything is planned anew:
    records that changed since are left out of it by the drift check. While the sync is paused it
    keeps its approval, and nothing is sent.
    """
    with locked_for_all(settings, f"sync-{sync.name}"):
        destination, store = connect_destination(settings, sync.crm), store_of(settings)
        take_back_receipts(store, lake_of(settings))
        before = replace(destination.calls)
        settle_intents(sync, destination, store)
        is_paused = store.pauses.is_paused(sync.name)
        approved = store.load_plan(sync, ("approved",))
        if approved is not None and not is_paused:
            apply_plan(sync, approved, destination, store, report)
        result = _plan(settings, sync, destination)
        if result.stored.status == "ready" and not is_paused:
            account = apply_plan(sync, result.stored, destination, store, report)
            result = replace(result, account=account)
    publish_state(settings)
    return replace(result, calls=destination.calls.since(before))


def _plan(settings: Settings, sync: Sync, destination: Destination) -> SyncResult:
    store = store_of(settings)
    settle_intents(sync, destination, store)
    snapshot = read_current(settings.published_dir)
    terms = _terms(sync, snapshot, destination)
    plan = _plan_changes(terms, snapshot, store)
    findings = check_plan(plan, sync.guards, terms, _circumstances(terms, store))
    about = (snapshot.as_of, snapshot.name, findings)
    stored = store.keep_plan(sync, plan, *about, is_shadow=sync.go_live.shadow)
    found = tuple(map(str, findings))
    return SyncResult(sync.name, sync.crm, plan, stored, found, None, destination.calls)


def _terms(sync: Sync, snapshot: Snapshot, destination: Destination) -> Terms:
    """Return what the sync is planned by; the CRM's own options stand in their order."""
    targets = destination.target_fields(sync.object)
    labels = stage_labels(snapshot)
    orders = {
        field.column: _options(targets.get(field.field)) or labels
        for field in sync.fields
        if field.role == "stage" or field.policy == "forward_only"
    }
    return Terms(sync, snapshot.as_of, targets, orders)


def _options(target: TargetField | None) -> Sequence[str]:
    return target.options or () if target is not None else ()


def stage_labels(snapshot: Snapshot) -> Sequence[str]:
    """Return the labels of the stages on people's way to the sale, from the first to the last."""
    rows = snapshot.read("marts.stage_stocks").to_pylist()
    on_the_way = [row for row in rows if row["path_type"] == "success"]
    in_order = sorted(on_the_way, key=lambda row: int(row["stage_rank"]))
    return [row["stage_label"] for row in in_order]


def _circumstances(terms: Terms, store: StateStore) -> Circumstances:
    latest = store.latest_clock() or terms.as_of
    return Circumstances(
        max(latest - terms.as_of, timedelta(0)),
        store.rejected_share(terms.sync.name, terms.sync.guards.from_records),
        find_drift(terms.sync, terms.targets),
    )


def _plan_changes(terms: Terms, snapshot: Snapshot, store: StateStore) -> Plan:
    sync = terms.sync
    model, columns = f"sync.{sync.sync_model}", [field.column for field in sync.fields]
    wanted = _rows(sync, snapshot, model, columns, "its sync model does not have")
    columns = ["record_id", *(field.column for field in compared(sync))]
    held = _rows(sync, snapshot, current_table(sync), columns, _UNREAD)
    as_read = {str(row["record_id"]): row for row in held}
    later = store.written_after(sync, snapshot.receipt_marks.get(sync.crm, 0))
    now = overlay(sync, as_read, later)
    memory = store.memory(sync)
    left = leavers(sync, wanted, now, memory.ledger)
    live = pick_wave(sync.go_live, [*wanted, *left], now)
    return plan_changes(terms, live, now, memory)


_UNREAD = (
    "fields that were not read. Run `leadcycle provision`, then the loop again; where they exist "
    "already, let our user see them"
)


def _rows(
    sync: Sync, snapshot: Snapshot, table: str, columns: Sequence[str], fault: str
) -> list[dict[str, Any]]:
    read = snapshot.read(table)
    missing = set(columns) - set(read.column_names)
    if missing:
        names = ", ".join(sorted(missing))
        raise SyncConfigError(f"syncs.yml: {sync.name} maps {names}: {fault}")
    rows: list[dict[str, Any]] = read.to_pylist()
    return rows
