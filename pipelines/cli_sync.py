"""Commands about runs that write: plans, cancel, pause, resume, undo."""

from getpass import getuser
from typing import Any

import click
from rich.table import Table

from pipelines.cli_output import NoSuchPlanError, as_texts, command, people
from pipelines.loop import SyncResult
from pipelines.places import store_of
from pipelines.settings import load_settings
from pipelines.sync.engine import utc_now
from pipelines.sync.pauses import Pause
from pipelines.sync.values import to_text
from pipelines.syncs import check_name
from pipelines.undoing import undo_run

SHOWN = 50
"""Changes that a screen shows; `--json` shows all."""

_why = click.option("--why", required=True, help="Kept with it.")
_who = click.option("--who", default=getuser, help="Who does it; you, unless said otherwise.")


@click.command()
@click.option("--last", default=20, show_default=True, help="So many, the latest first.")
@command
def plans(last: int) -> dict[str, Any]:
    """Show the plans of all syncs: what each would have written, and what became of it."""
    store = store_of(load_settings())
    rows = store.plan_accounts()[::-1][:last]
    people.print(_plans_table(rows))
    pauses = store.pauses.all()
    for name, pause in sorted(pauses.items()):
        people.print(f"{name} is paused by {pause.by}: {pause.why}", markup=False)
    return {"plans": rows, "paused": {name: vars(pause) for name, pause in pauses.items()}}


@click.command()
@click.argument("digest")
@command
def cancel(digest: str) -> dict[str, Any]:
    """Let the plan with this DIGEST not be applied, or no further; what is written stays."""
    count = store_of(load_settings()).cancel(digest)
    if not count:
        raise NoSuchPlanError(f"no plan with digest {digest} is still to be applied")
    people.print(f"{digest} is cancelled: records not sent yet stay as they are")
    return {"digest": digest, "cancelled": count}


@click.command()
@click.argument("sync")
@_why
@_who
@command
def pause(sync: str, why: str, who: str) -> dict[str, Any]:
    """Let SYNC write nothing until it is resumed; a run that is under way stops at its batch."""
    settings = load_settings()
    check_name(settings, sync)
    store_of(settings).pauses.begin(sync, Pause(who, why, utc_now()))
    people.print(f"{sync} is paused: it plans and writes nothing until `leadcycle resume {sync}`")
    return {"sync": sync, "paused": True}


@click.command()
@click.argument("sync")
@command
def resume(sync: str) -> dict[str, Any]:
    """Let SYNC write again; what it owes is planned anew by the next run."""
    settings = load_settings()
    check_name(settings, sync)
    was_paused = store_of(settings).pauses.end(sync)
    people.print(f"{sync} goes on" if was_paused else f"{sync} was not paused")
    return {"sync": sync, "paused": False, "was_paused": was_paused}


@click.command()
@click.argument("plan_id", type=int)
@click.option("--preview", is_flag=True, help="Show what would be given back; write nothing.")
@click.option("--why", default="", help="Kept with it; needed unless it is a preview.")
@_who
@command
def undo(plan_id: int, *, preview: bool, why: str, who: str) -> dict[str, Any]:
    """Give back what plan PLAN_ID replaced, where the CRM still holds ours; pause its sync.

    `leadcycle plans` shows plans by number.
    """
    if not (preview or why):
        raise click.UsageError("an undo needs --why, or --preview to look at it first")
    result = undo_run(load_settings(), plan_id, who=who, why=why, is_preview=preview)
    people.print(changes_table(result))
    account = result.account
    if account is not None:
        people.print(
            f"{account.written} given back, {account.rejected} refused, {account.deferred} changed "
            f"meanwhile; {result.sync} is paused: mend the rules, then "
            f"`leadcycle resume {result.sync}`",
            markup=False,
        )
    return plan_json(result) | {"refused": account.rejected if account else 0}


def changes_table(result: SyncResult) -> Table:
    """Return a plan's first changes as a table for people."""
    plan = result.plan
    title = f"{plan.sync}: {len(plan.records)} of {plan.source} records would change"
    table = Table(title=f"{title} (digest {result.stored.digest})", title_justify="left")
    for name in ("record", "field", "old", "new", "reason"):
        table.add_column(name)
    changes = [(record, change) for record in plan.records for change in record.changes]
    for record, change in changes[:SHOWN]:
        old, new = to_text(change.old) or "", to_text(change.new) or ""
        table.add_row(*as_texts(record.record_id, change.field, old, new, change.reason))
    if len(changes) > SHOWN:
        table.caption = f"and {len(changes) - SHOWN} more changes: --json shows all"
    return table


def plan_json(result: SyncResult) -> dict[str, Any]:
    """Return a plan for `--json`, all its changes and what it leaves alone."""
    plan, account = result.plan, result.account
    return {
        "sync": plan.sync,
        "digest": result.stored.digest,
        "status": result.stored.status,
        "findings": result.findings,
        "source": plan.source,
        "unchanged": plan.unchanged,
        "kept_human": plan.kept_human,
        "no_match": plan.no_match,
        "held_back": plan.held_back,
        "planned": len(plan.records),
        "account": vars(account) if account else None,
        "write_calls": result.calls.write,
        "changes": [
            {"record_id": record.record_id, "person_id": record.person_id}
            | {"field": change.field, "reason": change.reason, "policy": change.policy}
            | {"old": to_text(change.old), "new": to_text(change.new)}
            for record in plan.records
            for change in record.changes
        ],
        "left_alone": [
            {"record_id": alone.record_id, "person_id": alone.person_id, "field": alone.field}
            | {"state": alone.state, "reason": alone.reason}
            | {"now": to_text(alone.now), "wanted": to_text(alone.wanted)}
            for alone in plan.left_alone
        ],
    }


def _plans_table(rows: list[dict[str, Any]]) -> Table:
    table = Table(title="Plans, the latest first", title_justify="left")
    names = ("plan", "sync", "kind", "as of", "status", "planned", "written", "rejected")
    for name in (*names, "deferred", "digest"):
        table.add_column(name)
    for row in rows:
        counts = (row[name] for name in ("planned", "written", "rejected", "deferred"))
        shown = ("" if count is None else count for count in counts)
        head = (row["plan_id"], row["sync"], row["kind"], row["as_of"], row["status"])
        table.add_row(*as_texts(*map(str, (*head, *shown, row["digest"]))))
    return table
