"""`leadcycle run`: the whole loop as one Dagster run, with its summary."""

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

from pipelines.cli_output import people, progress
from pipelines.crms import CRMS
from pipelines.loop import check_connections
from pipelines.places import locked, store_of
from pipelines.publish import read_current
from pipelines.settings import Settings
from pipelines.summary import Move, Reading, Summary, SyncAccount, Unmapped, summarise
from pipelines.syncs import configured_syncs

if TYPE_CHECKING:
    from dagster import AssetMaterialization, DagsterEvent, EventLogEntry, ExecuteInProcessResult

JOB = "run_loop_job"
MOVES_SHOWN = 10
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class RunFailedError(Exception):
    """The run failed; what was published before still stands."""


def run_loop(settings: Settings) -> Summary:
    """Run the loop once, in this process, and sum it up.

    Raises:
        The error of the step that failed, as the step raised it.
    """
    configured_syncs(settings)
    check_connections(settings)
    # Dagster and all definitions cost 3 s that no other command pays.
    from pipelines.definitions import defs  # noqa: PLC0415
    from pipelines.instance import COMMAND_TAG, end_dead_runs, open_instance  # noqa: PLC0415

    with (
        progress("Running the loop") as say,
        locked(settings, "run"),
        open_instance(settings) as instance,
    ):
        end_dead_runs(instance)
        job = defs().resolve_job_def(JOB)
        run_id = str(uuid.uuid4())
        instance.add_event_listener(run_id, lambda entry: say(_describe(entry)))
        result = job.execute_in_process(
            instance=instance,
            run_id=run_id,
            run_config=_QUIET,
            tags=COMMAND_TAG,
            raise_on_error=True,
        )
    if not result.success:
        raise RunFailedError(f"run {run_id}: open it in Dagster to see the step that failed")
    return replace(last_summary(settings), readings=_readings(result))


def _readings(result: "ExecuteInProcessResult") -> tuple[Reading, ...]:
    """Return what the run's extraction steps told of each stream."""
    return tuple(
        _reading(crm, told)
        for crm in CRMS
        for told in result.asset_materializations_for_node(f"extract_{crm}")
    )


def _reading(crm: str, told: "AssetMaterialization") -> Reading:
    counts: dict[str, Any] = {name: entry.value for name, entry in told.metadata.items()}
    return Reading(
        crm,
        told.asset_key.path[-1].removeprefix(f"{crm}__"),
        requests=counts["requests"],
        rows_read=counts["rows_read"],
        rows_new=counts["dagster/row_count"],
        skipped="" if counts["skipped"] == "no" else counts["skipped"],
    )


def last_summary(settings: Settings) -> Summary:
    """Sum up what is published; raises NothingPublishedError."""
    snapshot = read_current(settings.published_dir)
    return summarise(settings.published_dir, snapshot, store_of(settings).plan_accounts())


def _describe(entry: "EventLogEntry") -> str:
    event: DagsterEvent | None = entry.dagster_event
    if event is None:
        return entry.user_message
    return (event.step_key or "run").replace("_", " ")


def print_summary(summary: Summary) -> None:
    """Print the summary for RevOps people."""
    people.print()
    people.print(f"[bold]Lead lifecycle as of {summary.as_of:%Y-%m-%d %H:%M} UTC[/bold]")
    people.print(_stage_table(summary))
    _print_moves(summary)
    _print_reasons(summary)
    if summary.readings:
        people.print(_reading_table(summary.readings))
    people.print(_sync_table(summary.syncs))
    if summary.set_aside:
        people.print(f"{summary.set_aside} rows set aside, each with its reason in marts.set_aside")
    for value in summary.unmapped:
        people.print(f"[yellow]not in stage_map.csv[/yellow]: {_unmapped(value)}")
    for account in summary.syncs:
        if account.status == "waiting":
            people.print(f"[yellow]{account.sync} waits for a person[/yellow]: {account.findings}")
            people.print(
                f"  look at it: leadcycle plan   let it go: leadcycle approve {account.digest}"
            )


def _reading_table(readings: tuple[Reading, ...]) -> Table:
    table = Table(title="Read", title_justify="left")
    table.add_column("CRM")
    table.add_column("streams with news")
    for name in ("requests", "rows read", "new"):
        table.add_column(name, justify="right")
    for crm in CRMS:
        rows = [reading for reading in readings if reading.crm == crm]
        news = ", ".join(f"{row.stream} {row.rows_new}" for row in rows if row.rows_new)
        sums = (
            sum(row.requests for row in rows),
            sum(row.rows_read for row in rows),
            sum(row.rows_new for row in rows),
        )
        table.add_row(crm, news or "none", *map(str, sums))
        for row in rows:
            if row.skipped:
                table.add_row("", f"[yellow]{row.stream} skipped[/yellow]: {escape(row.skipped)}")
    return table


def _stage_table(summary: Summary) -> Table:
    title = f"{summary.people} people, {summary.accounts} accounts"
    table = Table(title=title, title_justify="left")
    table.add_column("phase")
    table.add_column("stage")
    table.add_column("people", justify="right")
    table.add_column("accounts", justify="right")
    phases = summary.phases()
    shown: set[str] = set()
    for stock in summary.stages:
        first = stock.phase not in shown
        shown.add(stock.phase)
        phase = f"{stock.phase} ({phases[stock.phase]})" if first else ""
        table.add_row(phase, stock.stage, str(stock.people), str(stock.accounts))
    return table


def _print_moves(summary: Summary) -> None:
    if summary.is_first:
        people.print(f"[bold]First run[/bold]: {summary.people} people placed in their stages.")
        return
    people.print(f"[bold]{len(summary.moves)} moved[/bold] since the run before")
    for move in summary.moves[:MOVES_SHOWN]:
        people.print(f"  {_move(move)}")
    if len(summary.moves) > MOVES_SHOWN:
        people.print(f"  and {len(summary.moves) - MOVES_SHOWN} more; all of them with --json")


def _move(move: Move) -> str:
    return f"{move.person_id}: {escape(move.before or 'new')} -> {escape(move.after)}"


def _unmapped(value: Unmapped) -> str:
    what = f"{value.crm} {value.field} '{value.value}'"
    return escape(f"{what} of {value.records} records moves nobody; map it or ignore it")


def _print_reasons(summary: Summary) -> None:
    people.print("[bold]Top reasons[/bold] in the scores")
    for reason in summary.reasons:
        people.print(
            f"  {reason.points:+.0f} points  {escape(reason.reason)}, {reason.people} people"
        )


def _sync_table(accounts: tuple[SyncAccount, ...]) -> Table:
    table = Table(title="Written back", title_justify="left")
    table.add_column("CRM object")
    names = ("records", "written", "unchanged", "rejected", "held back", "deferred")
    for name in (*names, "kept for a person"):
        table.add_column(name, justify="right")
    for row in accounts:
        counts = (
            row.source,
            row.written,
            row.unchanged,
            row.rejected,
            row.held_back,
            row.deferred,
            row.kept_human,
        )
        table.add_row(row.sync.replace("__", " "), *map(str, counts))
    return table


def summary_json(summary: Summary) -> dict[str, Any]:
    """Return the summary for `--json`."""
    return summary.to_json() | {"waits": summary.waits, "refused": summary.refused}
