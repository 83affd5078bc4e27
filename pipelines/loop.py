"""The loop's steps: extract, build, publish, plan, apply; the same for Dagster and the CLI."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import pyarrow as pa
from filelock import FileLock, Timeout

from connectors.interfaces import Destination, Source
from connectors.records import CallCounts, Crm
from pipelines.crms import CRMS, STREAMS, connect_destination, connect_source
from pipelines.extract import StreamResult, extract_stream
from pipelines.lake import Lake
from pipelines.project import OnEvent, run_dbt
from pipelines.publish import Snapshot, publish, publish_table, read_current
from pipelines.receipts import append_receipts
from pipelines.rules.compiler import compile_rules
from pipelines.settings import PROJECT_ROOT, Settings, SettingsError
from pipelines.sync.apply import Account, apply_plan, settle_intents
from pipelines.sync.config import Sync
from pipelines.sync.guards import check_plan
from pipelines.sync.plan import Plan, overlay, plan_changes
from pipelines.sync.rows import StoredPlan
from pipelines.sync.store import StateStore, utc_now

Report = Callable[[str, int], None]
LOCK_SECONDS = 600


class BusyError(Exception):
    """Another run holds this step."""


class NoClockError(Exception):
    """No CRM has been read yet, so there is no instant to compute at: run `leadcycle extract`."""


class NothingBuiltError(Exception):
    """The last build did not finish, so there is nothing to publish: run `leadcycle build`."""


@dataclass(frozen=True)
class ExtractResult:
    """What was read from one CRM."""

    crm: Crm
    streams: tuple[StreamResult, ...]
    clock: datetime
    calls: CallCounts


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


def lake_of(settings: Settings) -> Lake:
    """Return the lake."""
    return Lake(settings.lake_url)


def store_of(settings: Settings) -> StateStore:
    """Return the state store, its tables as this version knows them."""
    with locked(settings, "state"):
        return _opened(settings.state_database_url)


@cache
def _opened(url: str) -> StateStore:
    try:
        return StateStore(url)
    except ModuleNotFoundError as missing:
        name = "LEADCYCLE_STATE_URL"
        raise SettingsError(
            f"{name} needs the package {missing.name}: pip install 'leadcycle[postgres]'"
        ) from missing


def check_connections(settings: Settings) -> None:
    """Ask both CRMs for the time, so that a wrong setting stops a run before it writes anything.

    Raises:
        ConfigError: a setting is missing, or the CRM refused the credentials.
        UnavailableError: a CRM can't be reached.
    """
    for source in [connect_source(settings, crm) for crm in CRMS]:
        source.clock()


def extract_crm(settings: Settings, crm: Crm, report: Report) -> ExtractResult:
    """Read every stream of a CRM into the lake; raises CrmError, BusyError."""
    with locked(settings, f"extract-{crm}"):
        source = connect_source(settings, crm)
        receipt_mark = store_of(settings).last_receipt()
        streams = tuple(_extract_streams(source, lake_of(settings), report))
        # Asked last, so that nothing that was read is later than the instant computed at.
        clock = source.clock()
        store_of(settings).note_extraction(crm, clock, receipt_mark)
    return ExtractResult(crm, streams, clock, source.calls)


def _extract_streams(source: Source, lake: Lake, report: Report) -> Iterator[StreamResult]:
    for stream in source.streams():
        yield from extract_stream(source, stream, lake, utc_now(), report)


def resolve_as_of(settings: Settings) -> datetime:
    """Return the instant to compute at: as set, else the CRMs' own clock at extraction."""
    if isinstance(settings.as_of, datetime):
        return settings.as_of
    clock = store_of(settings).latest_clock()
    if clock is None:
        raise NoClockError(str(NoClockError.__doc__))
    return clock


def build_warehouse(
    settings: Settings, as_of: datetime, models: Sequence[str], on_event: OnEvent
) -> None:
    """Compile the rules and build the models (all, if none is named) with their tests.

    Raises:
        BuildError: a model or a test failed; nothing is published.
        RulesError: the rules are wrong; nothing is built.
    """
    with locked(settings, "warehouse"):
        store = store_of(settings)
        marks = store.receipt_marks()
        append_receipts(store, lake_of(settings))
        rules = compile_rules(settings.revops_dir, PROJECT_ROOT / "dbt_project" / "seeds")
        finished = _build_file(settings)
        finished.unlink(missing_ok=True)
        variables = {"as_of": as_of.isoformat(), "lake_loads": loads_of(lake_of(settings))}
        command = ["build", "--exclude-resource-type", "unit_test"]
        select = ["--select", *models] if models else []
        target = settings.home / "dbt"
        run_dbt(settings.warehouse_path, target, [*command, *select], variables, on_event)
        built = {"as_of": as_of.isoformat(), "rules": rules.version, "receipt_marks": marks}
        finished.write_text(json.dumps(built), "utf-8")


def _build_file(settings: Settings) -> Path:
    """Return the note of the last build; it is there only after a build that succeeded."""
    return settings.home / "build.json"


def loads_of(lake: Lake) -> Mapping[str, list[str]]:
    """Return every stream's loads, by `<crm>__<stream>`, as absolute paths."""
    names = [
        (crm, name)
        for crm in CRMS
        for stream in STREAMS[crm]
        for name in (stream.name, *stream.details)
    ]
    found = {f"{crm}__{name}": lake.paths(crm, name) for crm, name in names}
    return found | {"leadcycle__receipts": lake.paths("leadcycle", "receipts")}


def publish_build(settings: Settings) -> Snapshot:
    """Publish what was built.

    Raises:
        NothingBuiltError: the last build failed, or there was none.
    """
    with locked(settings, "warehouse"):
        finished = _build_file(settings)
        if not finished.exists():
            raise NothingBuiltError(str(NothingBuiltError.__doc__))
        built = json.loads(finished.read_text("utf-8"))
        return publish(
            settings.warehouse_path,
            settings.published_dir,
            datetime.fromisoformat(built["as_of"]),
            built["rules"],
            built["receipt_marks"],
        )


def plan_sync(settings: Settings, sync: Sync, destination: Destination) -> SyncResult:
    """Settle what a crash left in flight, then plan from what is published; write nothing.

    Raises:
        NothingPublishedError: nothing was built yet.
        CrmError: batches in flight could not be read back.
    """
    store = store_of(settings)
    settle_intents(sync, destination, store)
    snapshot = read_current(settings.published_dir)
    wanted = snapshot.read(f"sync.{sync.sync_model}").to_pylist()
    held = snapshot.read(f"sync.{sync.current_model}").to_pylist()
    as_read = {str(row["record_id"]): row for row in held}
    current = overlay(
        sync, as_read, store.written_after(sync, snapshot.receipt_marks.get(sync.crm, 0))
    )
    plan = plan_changes(sync, wanted, current, store.ledger(sync))
    findings = check_plan(plan, sync.guards)
    stored = store.keep_plan(sync, plan, snapshot.as_of, snapshot.name, findings)
    named = tuple(map(str, findings)) if stored.status == "waiting" else ()
    return SyncResult(sync.name, sync.crm, plan, stored, named, None, destination.calls)


def run_sync(settings: Settings, sync: Sync, report: Report) -> SyncResult:
    """Plan and, unless the plan waits for a person, apply; publish the accounts."""
    with locked(settings, f"sync-{sync.name}"):
        destination = connect_destination(settings, sync.crm)
        planned = plan_sync(settings, sync, destination)
        account = None
        if planned.stored.status == "ready":
            store = store_of(settings)
            account = apply_plan(sync, planned.stored, destination, store, report)
    publish_accounts(settings)
    return SyncResult(
        planned.sync,
        planned.crm,
        planned.plan,
        planned.stored,
        planned.findings,
        account,
        destination.calls,
    )


def publish_accounts(settings: Settings) -> None:
    """Publish every plan's account, for the dashboard."""
    accounts = store_of(settings).plan_accounts()
    if accounts:
        publish_table(settings.published_dir, "state/plans", pa.Table.from_pylist(accounts))


@contextmanager
def locked(settings: Settings, step: str) -> Iterator[None]:
    """Let one process at a time do a step; raises BusyError. The lock dies with its process."""
    path: Path = settings.home / "locks" / f"{step}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path, timeout=LOCK_SECONDS):
            yield
    except Timeout:
        raise BusyError(
            f"Another run has held {step} for {LOCK_SECONDS} s. Wait for it or end it."
        ) from None
