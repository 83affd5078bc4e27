"""Filling an empty sandbox: everything that both CRMs hold on their first day."""

from connectors.sandbox.company.rendering import Company, Story
from connectors.sandbox.company.state import create_tables, keep_company, keep_due
from connectors.sandbox.company.truth import truth_of, write_truth
from connectors.sandbox.company.writing import insert_rows
from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.archive import archive_old_activities


def seed_company(sandbox: Sandbox, count: int) -> None:
    """Fill an empty sandbox with a company that knows `count` people, as of the clock.

    The truth about them goes into a file beside the sandbox's state.
    """
    store, start = sandbox.store, sandbox.clock.now
    company = Company(sandbox.seed, count, start)
    create_tables(store)
    entries = []
    with store.transaction():
        insert_rows(store, company.shared_rows(start))
        for person in company.people():
            story = Story(person)
            rows = story.rows(start)
            insert_rows(store, rows)
            keep_due(store, person.number, story.next_after(start))
            entries.append(truth_of(person, rows, start))
        archive_old_activities(sandbox)
        keep_company(store, company, start)
        write_truth(store.folder, start, filter(None, entries))
