"""The company lives on: the clock moves, and both CRMs hear of what happened meanwhile."""

from datetime import datetime, timedelta
from typing import Any

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
from connectors.sandbox.company.truth import truth_as_of, truth_of, write_truth
from connectors.sandbox.company.writing import write_difference
from connectors.sandbox.context import Sandbox
from connectors.sandbox.passing import let_time_pass
from connectors.sandbox.store import Store

LONGEST = 120
"""Days that may be lived since the seeding: no path is drawn further than that."""


def live(sandbox: Sandbox, days: int) -> dict[str, Any]:
    """Let whole days pass; return the new time and how many people something happened to.

    What happened bears its own time. The caller holds the transaction; the file of the truth is
    written once it is committed.

    Raises:
        ValueError: not between 1 and 120 days, more than 120 since the seeding, or no company.
    """
    known = read_company(sandbox.store)
    if known is None or not 1 <= days <= LONGEST:
        raise ValueError(f"days are a number from 1 to {LONGEST}, in a sandbox with a company")
    company, before = known
    now, end = sandbox.clock.now + timedelta(days=days), company.start + timedelta(days=LONGEST)
    if now > end:
        raise ValueError(f"the company can be lived until {instant(end)}, and no further")
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
    let_time_pass(sandbox)
    keep_company(sandbox.store, company, now)
    sandbox.store.on_commit(lambda: renew_truth(sandbox.store))
    return {"now": instant(now), "people": len(due)}


def renew_truth(store: Store) -> None:
    """Write the file of the truth anew, unless it goes as far as the CRMs do."""
    known = read_company(store)
    if known is not None and truth_as_of(store.folder) != instant(known[1]):
        write_truth(store.folder, known[1], kept_truths(store))


def _live_at_desks(store: Store, company: Company, before: datetime, now: datetime) -> None:
    for desk in company.desks():
        due = desk.next_after(before)
        if due is not None and due <= now:
            write_difference(store, desk.rows(before), desk.rows(now))
