"""The company as both CRMs have it at a moment: rows, drawn from the truth alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from connectors.sandbox.company.firms import draw_firm
from connectors.sandbox.company.groups import draw_colleagues, draw_everybody
from connectors.sandbox.company.in_hubspot import account
from connectors.sandbox.company.in_hubspot.book import HubSpotBook
from connectors.sandbox.company.in_hubspot.desks import has_desk, tell_desk
from connectors.sandbox.company.in_hubspot.people import tell_hubspot
from connectors.sandbox.company.in_salesforce import org
from connectors.sandbox.company.in_salesforce.people import tell_salesforce
from connectors.sandbox.company.people import Person, firm_number, firms_in_all, people_in_all
from connectors.sandbox.company.rows import Rows, add_row


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
        return draw_everybody(self.seed, self.count, self.start)

    def shared_rows(self, moment: datetime) -> Rows:
        """Return what everybody shares, at a moment: users, queues, campaigns, owners, forms."""
        return org.render_org(self.start, moment) | account.render_account(self.start)

    def firm_rows(self) -> Iterator[Rows]:
        """Yield the rows of one firm after the other: these never change.

        The last ones only visit the site, and nobody there is known.
        """
        working = firms_in_all(self.count)
        for number in range(working + self.count * 3 // 100):
            firm, rows = draw_firm(self.seed, number), Rows()
            if number < working:
                add_row(rows, "salesforce_Account", org.render_account(self.start, firm))
                add_row(rows, "hubspot_records", account.render_company(self.start, firm))
            else:
                visitor = account.render_visitor(self.seed, self.start, firm)
                add_row(rows, "hubspot_records", visitor)
            yield rows

    def desks(self) -> Iterator[HubSpotBook]:
        """Yield what HubSpot will ever write down about each desk."""
        beyond = people_in_all(self.count)
        for number in filter(has_desk, range(firms_in_all(self.count))):
            yield tell_desk(self.seed, self.start, draw_firm(self.seed, number), beyond)


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
