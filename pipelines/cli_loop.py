"""The loop's commands: provision, build, plan, apply, approve, run, status, dashboard."""

import os
from collections.abc import Callable
from getpass import getuser
from typing import Any

import click

from dashboard.serve import command as dashboard_command
from pipelines.build import build_warehouse, publish_build
from pipelines.cli_output import NoSuchPlanError, command, people, progress
from pipelines.cli_run import last_summary, print_summary, run_loop, summary_json
from pipelines.cli_sync import changes_table, plan_json
from pipelines.crms import connect_destination
from pipelines.loop import SyncResult, plan_sync, resolve_as_of, run_sync
from pipelines.places import store_of
from pipelines.settings import load_settings
from pipelines.sync.engine import utc_now
from pipelines.syncs import configured_syncs


@click.command()
@command
def provision() -> dict[str, Any]:
    """Create our fields in both CRMs; fields that are there are left alone."""
    settings = load_settings()
    done = {}
    for sync in configured_syncs(settings):
        destination = connect_destination(settings, sync.crm)
        results = destination.provision(sync.object, sync.own_fields())
        done[sync.name] = {result.name: result.state for result in results}
        created = sum(result.state == "created" for result in results)
        people.print(f"{sync.crm} {sync.object}: {created} created of {len(results)} fields")
    return done


@click.command()
@command
def build() -> dict[str, Any]:
    """Build every table and its tests from the lake, and publish them."""
    settings = load_settings()
    as_of = resolve_as_of(settings)
    with progress(f"Building as of {as_of:%Y-%m-%d %H:%M} UTC") as say:
        failed = build_warehouse(settings, as_of, (), lambda event: _say_built(event, say))
    for name, why in failed.items():
        people.print(f"base.{name} could not be made anew ({why}); all else is well")
    snapshot = publish_build(settings)
    people.print(f"Published snapshot {snapshot.name}: {len(snapshot.tables)} tables")
    return {
        "snapshot": snapshot.name,
        "as_of": snapshot.as_of,
        "tables": sorted(snapshot.tables),
        "failed_custom_objects": dict(failed),
    }


@click.command()
@command
def plan() -> dict[str, Any]:
    """Show what would be written into each CRM, field by field; write nothing."""
    settings = load_settings()
    results = [plan_sync(settings, sync) for sync in configured_syncs(settings)]
    for result in results:
        people.print(changes_table(result))
    return {"plans": [plan_json(result) for result in results]}


@click.command()
@command
def apply() -> dict[str, Any]:
    """Plan again from what is published, and write what no guard holds back."""
    settings = load_settings()
    results = []
    for sync in configured_syncs(settings):
        with progress(f"Writing {sync.name}") as say:
            results.append(run_sync(settings, sync, lambda _, count: say(f"{count} records")))
    for result in results:
        people.print(_account_line(result), markup=False)
    waits = any(result.stored.status == "waiting" for result in results)
    refused = sum(result.account.rejected for result in results if result.account)
    syncs = [plan_json(result) for result in results]
    return {"syncs": syncs, "waits": waits, "refused": refused}


@click.command()
@click.argument("digest")
@click.option("--why", required=True, help="Kept with the approval.")
@click.option("--who", default=getuser, help="Who approves; you, unless said otherwise.")
@command
def approve(digest: str, why: str, who: str) -> dict[str, Any]:
    """Let the waiting plan with this DIGEST be applied, as it is, by the next apply or run."""
    count = store_of(load_settings()).approve(digest, who, why, utc_now())
    if not count:
        raise NoSuchPlanError(f"no plan with digest {digest} waits; see `leadcycle status`")
    people.print(f"{digest} approved: it is applied by the next `leadcycle apply` or `run`")
    return {"digest": digest, "approved": count}


@click.command()
@command
def run() -> dict[str, Any]:
    """Run the whole loop once: extract, build, publish, plan, apply."""
    summary = run_loop(load_settings())
    print_summary(summary)
    return summary_json(summary)


@click.command()
@command
def status() -> dict[str, Any]:
    """Show what is published and what became of the last plans."""
    summary = last_summary(load_settings())
    print_summary(summary)
    return summary_json(summary)


def _say_built(event: dict[str, Any], say: Callable[[str], None]) -> None:
    if event["info"]["name"] == "LogModelResult":
        say(event["data"]["node_info"]["node_name"])


def _account_line(result: SyncResult) -> str:
    account = result.account
    if result.stored.status == "shadow":
        return f"{result.sync}: {len(result.plan.records)} would be written (go_live: shadow)"
    if account is None and result.stored.status != "waiting":
        return f"{result.sync} is paused: `leadcycle resume {result.sync}` lets it go on"
    if account is None:
        reasons = "; ".join(result.findings)
        return f"{result.sync} waits ({reasons}): leadcycle approve {result.stored.digest}"
    counts = f"{account.written} written, {account.rejected} rejected, {account.deferred} deferred"
    stopped = f"; stopped: {account.stopped}" if account.stopped else ""
    return f"{result.sync}: {counts}, {result.plan.unchanged} unchanged{stopped}"


@click.command()
@click.option("--port", default=8501, show_default=True)
def dashboard(port: int) -> None:
    """Serve the dashboard on loopback, over what is published, until ended."""
    settings = load_settings()
    os.environ["LEADCYCLE_PUBLISHED"] = str(settings.published_dir.absolute())
    arguments = dashboard_command(port)
    os.execv(arguments[0], arguments)  # noqa: S606 - our own arguments, no shell
