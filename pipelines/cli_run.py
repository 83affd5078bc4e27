"""`leadcycle run`: the whole loop as one Dagster run, with its summary."""

import uuid
from typing import Any

from dagster import DagsterEvent, EventLogEntry
from rich.markup import escape
from rich.table import Table

from pipelines.cli_output import people, progress
from pipelines.instance import COMMAND_TAG, end_dead_runs, open_instance
from pipelines.loop import check_connections
from pipelines.places import locked, store_of
from pipelines.publish import read_current
from pipelines.settings import Settings
from pipelines.summary import Move, Summary, SyncAccount, Unmapped, summarise
from pipelines.syncs import configured_syncs

JOB = "run_loop_job"
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
    from pipelines.definitions import defs  # noqa: PLC0415 - costs 5 s that no other command pays

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
    return last_summary(settings)


def last_summary(settings: Settings) -> Summary:
    """Sum up what is published; raises NothingPublishedError."""
    snapshot = read_current(settings.published_dir)
    return summarise(settings.published_dir, snapshot, store_of(settings).plan_accounts())


def _describe(entry: EventLogEntry) -> str:
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
    people.print(_sync_table(summary.syncs))
    for value in summary.unmapped:
        people.print(f"[yellow]not in stage_map.csv[/yellow]: {_unmapped(value)}")
    for account in summary.syncs:
        if account.status == "waiting":
            people.print(f"[yellow]{account.sync} waits for a person[/yellow]: {account.findings}")
            people.print(
                f"  look at it: leadcycle plan   let it go: leadcycle approve {account.digest}"
            )


def _stage_table(summary: Summary) -> Table:
    table = Table(title=f"{summary.people} people", title_justify="left")
    table.add_column("phase")
    table.add_column("stage")
    table.add_column("people", justify="right")
    phases = summary.phases()
    shown: set[str] = set()
    for stock in summary.stages:
        first = stock.phase not in shown
        shown.add(stock.phase)
        phase = f"{stock.phase} ({phases[stock.phase]})" if first else ""
        table.add_row(phase, stock.stage, str(stock.people))
    return table


def _print_moves(summary: Summary) -> None:
    if summary.is_first:
        people.print(f"[bold]First run[/bold]: {summary.people} people placed in their stages.")
        return
    people.print(f"[bold]{len(summary.moves)} moved[/bold] since the run before")
    for move in summary.moves[:10]:
        people.print(f"  {_move(move)}")


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
    for name in ("records", "written", "unchanged", "rejected", "deferred", "kept for a person"):
        table.add_column(name, justify="right")
    for row in accounts:
        counts = (
            row.source,
            row.written,
            row.unchanged,
            row.rejected,
            row.deferred,
            row.kept_human,
        )
        table.add_row(row.sync.replace("__", " "), *map(str, counts))
    return table


def summary_json(summary: Summary) -> dict[str, Any]:
    """Return the summary for `--json`."""
    return summary.to_json() | {"waits": summary.waits, "refused": summary.refused}
