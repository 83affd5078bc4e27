"""The company as both CRMs have it at a moment: rows, drawn from the truth alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from connectors.sandbox.company.firms import Firm, draw_firm
from connectors.sandbox.company.groups import draw_colleagues
from connectors.sandbox.company.in_hubspot.account import render_account
from connectors.sandbox.company.in_hubspot.desks import render_desks
from connectors.sandbox.company.in_hubspot.people import tell_hubspot
from connectors.sandbox.company.in_salesforce.org import render_org
from connectors.sandbox.company.in_salesforce.people import tell_salesforce
from connectors.sandbox.company.people import Person, firm_number, firms_in_all, people_in_all
from connectors.sandbox.company.rows import Rows


@dataclass(frozen=True)
class Company:
    """What a company is drawn from: seed, people known at the start, and the start (UTC)."""

    seed: int
    count: int
    start: datetime

    def person(self, number: int) -> Person:
        """Return one of its people; numbers from `count` on appear after the start."""
        firm = firm_number(self.seed, number, self.count)
        colleagues = draw_colleagues(self.seed, firm, self.count, self.start)
        return next(person for person in colleagues if person.number == number)

    def people(self) -> Iterator[Person]:
        """Yield everybody, firm by firm: colleagues belong to each other's stories."""
        for firm in range(firms_in_all(self.count)):
            yield from draw_colleagues(self.seed, firm, self.count, self.start)

    def firms(self) -> Iterator[Firm]:
        """Yield the firms that people work for."""
        return (draw_firm(self.seed, number) for number in range(firms_in_all(self.count)))

    def visitors(self) -> Iterator[Firm]:
        """Yield firms that only visit the site: nobody there is known."""
        first = firms_in_all(self.count)
        return (draw_firm(self.seed, first + number) for number in range(self.count * 3 // 100))

    def shared_rows(self, moment: datetime) -> Rows:
        """Return the rows that people share, at a moment."""
        account = render_account(self.seed, self.start, self.firms(), self.visitors())
        beyond = people_in_all(self.count)
        desks = render_desks(self.seed, self.start, moment, self.firms(), beyond)
        for table, rows in desks.items():
            account.setdefault(table, {}).update(rows)
        return render_org(self.start, self.firms(), moment) | account


class Story:
    """A person as both CRMs tell of them."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self._books = (tell_salesforce(person), tell_hubspot(person))

    def rows(self, moment: datetime) -> Rows:
        """Return the rows about the person at a moment."""
        in_salesforce, in_hubspot = (book.rows(moment) for book in self._books)
        return in_salesforce | in_hubspot

    def next_after(self, moment: datetime) -> datetime | None:
        """Return when something about the person changes next, or None.

        They may move without a change of their own records: with a colleague's opportunity.
        """
        changes = (book.next_after(moment) for book in self._books)
        steps = (step.at for step in self.person.steps if step.at > moment)
        return min((*filter(None, changes), *steps), default=None)
