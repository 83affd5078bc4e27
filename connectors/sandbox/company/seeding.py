"""Filling an empty sandbox: everything that both CRMs hold on their first day."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from connectors.sandbox.company.people import Person, people_in_all
from connectors.sandbox.company.rendering import Company, Story
from connectors.sandbox.company.rows import Rows, add_rows
from connectors.sandbox.company.state import keep_company, keep_due, keep_truth, kept_truths
from connectors.sandbox.company.truth import truth_of, write_truth
from connectors.sandbox.company.writing import insert_rows
from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.archive import archive_old_activities

Tell = Callable[[int, int], None]
"""Is told how many people have been drawn, of how many."""
_AT_ONCE = 500
"""How many people, firms or desks are rendered before they are written down."""
T = TypeVar("T")


def tell_nobody(done: int, of: int) -> None:
    """Hear of the seeding and say nothing."""


def seed_company(sandbox: Sandbox, count: int, tell: Tell = tell_nobody) -> None:
    """Fill an empty sandbox with a company that knows `count` people, as of the clock.

    Memory doesn't grow with the company: people are drawn, written down and forgotten. The truth
    about them goes into a file beside the sandbox's state.
    """
    store, start = sandbox.store, sandbox.clock.now
    company = Company(sandbox.seed, count, start)
    tell(0, people_in_all(count))
    with store.transaction(), store.without_indexes():
        insert_rows(store, company.shared_rows(start))
        _insert_in_parts(sandbox, company.firm_rows())
        _insert_in_parts(sandbox, (desk.rows(start) for desk in company.desks()))
        _seed_people(sandbox, company, tell)
        archive_old_activities(sandbox)
        keep_company(store, company, start)
        write_truth(store.folder, start, kept_truths(store))


def _insert_in_parts(sandbox: Sandbox, found: Iterable[Rows]) -> None:
    for part in _parts(found):
        rows: Rows = {}
        for more in part:
            add_rows(rows, more)
        insert_rows(sandbox.store, rows)


def _seed_people(sandbox: Sandbox, company: Company, tell: Tell) -> None:
    done, everybody = 0, people_in_all(company.count)
    for part in _parts(company.people()):
        _seed_part(sandbox, part)
        done += len(part)
        tell(done, everybody)


def _seed_part(sandbox: Sandbox, people: list[Person]) -> None:
    store, start = sandbox.store, sandbox.clock.now
    rows: Rows = {}
    for person in people:
        story = Story(person)
        told = story.rows(start)
        add_rows(rows, told)
        keep_due(store, person.number, story.next_after(start))
        keep_truth(store, truth_of(person, told, start))
    insert_rows(store, rows)


def _parts(listed: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(listed)
    while part := list(islice(rest, _AT_ONCE)):
        yield part
