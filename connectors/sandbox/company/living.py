"""The company lives on: the clock moves, and both CRMs hear of what happened meanwhile."""

import json
from datetime import datetime, timedelta
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.clock import instant
from connectors.sandbox.company.rendering import Company, Story
from connectors.sandbox.company.state import (
    due_by,
    keep_company,
    keep_due,
    keep_truth,
    kept_truths,
    read_company,
)
from connectors.sandbox.company.truth import truth_of, write_truth
from connectors.sandbox.company.writing import write_difference
from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.removal import purge_archived
from connectors.sandbox.salesforce.archive import archive_old_activities
from connectors.sandbox.salesforce.passing import pass_time
from connectors.sandbox.store import Store

LONGEST = 120
"""Days that may be lived at once: no path is drawn further than that beyond the seeding."""


def live(sandbox: Sandbox, days: int) -> dict[str, Any]:
    """Let whole days pass; return the new time and how many people something happened to.

    What happened bears its own time. The caller holds the transaction.

    Raises:
        ValueError: not between 1 and 120 days, or the sandbox is empty.
    """
    known = read_company(sandbox.store)
    if known is None or not 1 <= days <= LONGEST:
        raise ValueError(f"days are a number from 1 to {LONGEST}, in a sandbox with a company")
    company, before = known
    now = sandbox.clock.now + timedelta(days=days)
    due = due_by(sandbox.store, now)
    for number in due:
        story = Story(company.person(number))
        rows = story.rows(now)
        write_difference(sandbox.store, story.rows(before), rows)
        keep_due(sandbox.store, number, story.next_after(now))
        keep_truth(sandbox.store, truth_of(story.person, rows, now))
    write_difference(sandbox.store, company.shared_rows(before), company.shared_rows(now))
    _live_at_desks(sandbox.store, company, before, now)
    sandbox.clock.advance_to(now)
    archive_old_activities(sandbox)
    pass_time(sandbox)
    purge_archived(sandbox)
    keep_company(sandbox.store, company, now)
    write_truth(sandbox.store.folder, now, kept_truths(sandbox.store))
    return {"now": instant(now), "people": len(due)}


def _live_at_desks(store: Store, company: Company, before: datetime, now: datetime) -> None:
    for desk in company.desks():
        due = desk.next_after(before)
        if due is not None and due <= now:
            write_difference(store, desk.rows(before), desk.rows(now))


def route(sandbox: Sandbox) -> Route:
    """Return the route POST /sandbox/live: {"days": 1}."""

    def perform(raw: bytes) -> Response:
        try:
            with sandbox.store.transaction():
                return JSONResponse(live(sandbox, int(json.loads(raw)["days"])))
        except (ValueError, TypeError, KeyError) as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(perform, await request.body())

    return Route("/__sandbox/live", endpoint, methods=["POST"])
