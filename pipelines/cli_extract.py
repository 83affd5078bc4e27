"""`leadcycle extract`, `reconcile` and `doctor`: reading the CRMs, and whether we can."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click
from rich.markup import escape
from rich.table import Table

from connectors.errors import QuotaExhaustedError
from connectors.records import Crm, Finding
from pipelines.cli_output import command, people, progress
from pipelines.crms import CRMS
from pipelines.doctor import examine
from pipelines.loop import check_connections
from pipelines.reading.extraction import Orders
from pipelines.reading.findings import was_compared
from pipelines.reading.results import ExtractResult
from pipelines.reading.steps import extract_crm, reconcile_crm
from pipelines.settings import load_settings

_CRM = click.option("--crm", type=click.Choice(CRMS), help="This CRM only.")
_STREAMS = click.option(
    "--stream", "streams", multiple=True, help="This stream only; may be given again."
)
COLOURS = {"well": "green", "warning": "yellow", "broken": "red"}


@click.command(epilog="Exit codes: 0 all read, 1 a stream failed, 2 wrong use, 4 read in part.")
@_CRM
@_STREAMS
@click.option("--full-refresh", is_flag=True, help="Read every record again.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    help="Read again what is stamped from then on (UTC).",
)
@command
def extract(
    crm: Crm | None, streams: tuple[str, ...], full_refresh: bool, since: datetime | None
) -> dict[str, Any]:
    """Read what changed in both CRMs into the lake, and do the duties that are due."""
    zoned = since.replace(tzinfo=UTC) if since else None
    orders = Orders(frozenset(streams), full_refresh, zoned)
    check_one_crm(crm, streams)
    results: list[ExtractResult] = []
    ended: dict[str, str] = {}
    settings = load_settings()
    check_connections(settings, _asked(crm))
    for each in _asked(crm):
        with _unless_the_day_has_ended(each, ended):
            with progress(f"Reading {each}") as say:
                results.append(extract_crm(settings, each, _to(say), orders))
            print_streams(results[-1])
    return _documents(results, ended)


@click.command(epilog="Exit codes as of extract.")
@_CRM
@_STREAMS
@click.option("--deep", is_flag=True, help="Compare every record, even where the counts agree.")
@click.option(
    "--gone",
    is_flag=True,
    help="Take what the CRM shows no longer for removed, however many; needs --stream.",
)
@command
def reconcile(crm: Crm | None, streams: tuple[str, ...], deep: bool, gone: bool) -> dict[str, Any]:
    """Compare both CRMs with the lake, counts first, and repair the difference."""
    check_one_crm(crm, streams)
    if gone and not streams:
        raise click.UsageError("--gone needs --stream: name those whose records are gone")
    settings = load_settings()
    results: list[ExtractResult] = []
    ended: dict[str, str] = {}
    for each in _asked(crm):
        with _unless_the_day_has_ended(each, ended), progress(f"Comparing {each}") as say:
            orders = Orders(frozenset(streams))
            believed = streams if gone else ()
            results.append(
                reconcile_crm(settings, each, _to(say), orders, deep=deep, gone=believed)
            )
    print_comparisons(results)
    return _documents(results, ended)


@click.command(epilog="Exit codes: 0 nothing is broken, 1 something is.")
@command
def doctor() -> dict[str, Any]:
    """Test credentials, permissions, quota, clocks, lake and state, and say what to mend."""
    found = list(examine(load_settings()))
    people.print(findings_table(found))
    is_broken = any(finding.state == "broken" for _, finding in found)
    rows = [{"part": part, **vars(finding)} for part, finding in found]
    return {"findings": rows, "status": "failed" if is_broken else "whole"}


def check_one_crm(crm: Crm | None, streams: tuple[str, ...]) -> None:
    """Let streams be named of one CRM only: both have contacts."""
    if streams and crm is None:
        raise click.UsageError("--stream needs --crm: both CRMs have contacts")


def print_streams(result: ExtractResult) -> None:
    """Print what was read of each stream, and why one, or a part of it, was not."""
    for row in result.streams:
        people.print(f"{result.crm} {row.stream}: {row.rows_read} read, {row.rows_kept} new")
        if row.skipped:
            people.print(f"  [yellow]{row.stream} skipped[/yellow]: {escape(row.skipped)}")
        if row.why:
            people.print(f"  [red]{row.stream} {row.status}[/red]: {escape(row.why)}")


def print_comparisons(results: Sequence[ExtractResult]) -> None:
    """Print what was compared, then what was not, or not to the end, and why."""
    table = audit_table(results)
    if table.row_count:
        people.print(table)
    for result in results:
        for row in result.streams:
            name = f"{result.crm} {row.stream}"
            if row.status in ("partial", "failed"):
                people.print(f"[red]{name} {row.status}[/red]: {escape(row.why)}")
            elif row.status == "whole" and not was_compared(row):
                people.print(f"{name}: {row.rows_read} read again, {row.rows_kept} new")
        for why, names in _not_compared(result).items():
            people.print(f"[yellow]{result.crm} not compared[/yellow]: {escape(why)}")
            people.print(f"  {', '.join(names)}")


def audit_table(results: Sequence[ExtractResult]) -> Table:
    """Return what these runs compared, a row for each stream; what a run before found is old."""
    names = ("crm_count", "lake_count", "missing", "stale", "extra", "repaired", "left")
    table = Table(title="Compared", title_justify="left")
    for name in ("stream", *names):
        table.add_column(name.replace("_", " "), justify="left" if name == "stream" else "right")
    for result in results:
        for row in filter(was_compared, result.streams):
            counts = (str(getattr(row.audit, name)) for name in names)
            table.add_row(f"{result.crm} {row.stream}", *counts)
    return table


def findings_table(found: list[tuple[str, Finding]]) -> Table:
    """Return the findings, the broken ones first, each with what to do."""
    order = list(reversed(COLOURS))
    table = Table(title="Doctor", title_justify="left")
    for name in ("state", "part", "subject", "what was found", "next step"):
        table.add_column(name)
    for part, finding in sorted(found, key=lambda row: order.index(row[1].state)):
        state = f"[{COLOURS[finding.state]}]{finding.state}[/]"
        told = (part, finding.subject, finding.what, finding.next_step)
        table.add_row(state, *map(escape, told))
    return table


def _not_compared(result: ExtractResult) -> dict[str, list[str]]:
    """Return the streams that there is nothing to compare of, by the reason that they share."""
    found: dict[str, list[str]] = {}
    for row in result.streams:
        if row.status in ("skipped", "unread"):
            found.setdefault(row.skipped or row.why, []).append(row.stream)
    return found


def _asked(crm: Crm | None) -> tuple[Crm, ...]:
    return (crm,) if crm else CRMS


def _to(say: Callable[[str], None]) -> Callable[[str, int], None]:
    return lambda stream, rows: say(f"{stream} {rows}")


@contextmanager
def _unless_the_day_has_ended(crm: Crm, ended: dict[str, str]) -> Iterator[None]:
    """Let the other CRM be read where this one has no call left to begin with; note why."""
    try:
        yield
    except QuotaExhaustedError as stop:
        ended[crm] = str(stop)
        people.print(f"[red]{crm} not read[/red]: {escape(str(stop))}")


def _documents(results: list[ExtractResult], ended: Mapping[str, str]) -> dict[str, Any]:
    """Return what became of each CRM, and the worst of it."""
    unread = {crm: {"status": "partial", "streams": {}, "why": why} for crm, why in ended.items()}
    found = {result.status for result in results} | {row["status"] for row in unread.values()}
    worst = next(status for status in ("failed", "partial", "whole") if status in found)
    return {result.crm: _document(result) for result in results} | unread | {"status": worst}


def _document(result: ExtractResult) -> dict[str, Any]:
    quota = vars(result.quota) if result.quota else None
    streams = {row.stream: row.to_json() for row in result.streams}
    counts = {"clock": result.clock, "requests": result.calls.read, "quota": quota}
    return counts | {"status": result.status, "streams": streams}
