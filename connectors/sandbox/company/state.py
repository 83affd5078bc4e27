"""What the sandbox remembers of its company: how it is drawn, who is due, and the truth."""

import json
from collections.abc import Iterator
from datetime import datetime

from connectors.sandbox.company.rendering import Company
from connectors.sandbox.company.truth import Truth
from connectors.sandbox.store import Store


def create_tables(store: Store) -> None:
    """Create the tables of who is due, and of the truth about everybody."""
    store.create_tables(
        "create table if not exists company_due (number integer primary key, at text not null);"
        "create index if not exists company_due_at on company_due (at);"
        "create table if not exists company_truth ("
        "    number integer primary key, truth text not null);"
    )


def keep_company(store: Store, company: Company, lived_until: datetime) -> None:
    """Keep how the company is drawn, and up to when it has been written down."""
    kept = {"seed": company.seed, "people": company.count, "start": company.start.isoformat()}
    store.keep_state("company", kept | {"lived_until": lived_until.isoformat()})


def read_company(store: Store) -> tuple[Company, datetime] | None:
    """Return the company and up to when it has been written down; None in an empty sandbox."""
    kept = store.read_state("company")
    if kept is None:
        return None
    start = datetime.fromisoformat(kept["start"])
    company = Company(kept["seed"], kept["people"], start)
    return company, datetime.fromisoformat(kept["lived_until"])


def keep_due(store: Store, number: int, at: datetime | None) -> None:
    """Keep when something about a person changes next."""
    if at is None:
        store.run("delete from company_due where number = ?", number)
    else:
        store.run("insert or replace into company_due values (?, ?)", number, at.isoformat())


def due_by(store: Store, moment: datetime) -> list[int]:
    """Return the numbers of those about whom something changes up to a moment."""
    due = store.rows(
        "select number from company_due where at <= ? order by number", moment.isoformat()
    )
    return [row["number"] for row in due]


def keep_truth(store: Store, truth: Truth | None) -> None:
    """Keep what is true of a person, in the place of what was; None keeps nothing."""
    if truth is not None:
        text = json.dumps(truth, ensure_ascii=False)
        store.run("insert or replace into company_truth values (?, ?)", truth["number"], text)


def kept_truths(store: Store) -> Iterator[str]:
    """Yield what is true of each person, by number, as JSON."""
    return (row["truth"] for row in store.each("select truth from company_truth order by number"))
