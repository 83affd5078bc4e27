"""What Salesforce has of one person while their story is told, and how a Lead looks."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.sandbox.company.identities import respelled
from connectors.sandbox.company.in_salesforce.book import SalesforceBook
from connectors.sandbox.company.oddities import oddity
from connectors.sandbox.company.people import Person
from connectors.sandbox.company.staff import OPERATIONS, machine
from connectors.sandbox.company.words import words
from connectors.sandbox.salesforce.ids import user_id

NO_LAST_NAME = "[not provided]"
"""What Salesforce's own tools write where a last name is required and none is known."""


@dataclass
class Dossier:
    """One person's records: the Lead or Contact that carries their status, and what hangs on it."""

    person: Person
    book: SalesforceBook
    rng: random.Random
    object_name: str = "Lead"
    record_id: str = ""
    record_since: datetime | None = None
    """When that record was created: nothing can be done to it before."""
    status: str = ""
    """What that record's status was set to last; empty where nobody has set it."""
    activities: list[tuple[str, str]] = field(default_factory=list)
    """Objects and ids of tasks, events and campaign members that follow a conversion."""
    campaigns: set[int] = field(default_factory=set)
    """Numbers of the campaigns they are a member of: nobody is a member twice."""

    @property
    def seller(self) -> str:
        """The user id of the colleague who has them."""
        return user_id(self.person.seller)

    @property
    def reference(self) -> str:
        """The column by which histories and campaign members refer to the record."""
        return f"{self.object_name}Id"

    @property
    def status_column(self) -> str:
        """The column that has the record's status."""
        return "Status" if self.object_name == "Lead" else "Status__c"

    def change(self, at: datetime, by: str, values: Mapping[str, Any]) -> None:
        """Tell a change of the record that carries the status."""
        self.book.change(self.object_name, self.record_id, at, by, values)

    def set_status(self, at: datetime, by: str, status: str, **others: Any) -> None:
        """Tell a move of the status, with other values that changed in the same save."""
        self.status = status
        self.change(at, by, {self.status_column: status, **others})

    def start(self, name: str, at: datetime, by: str, values: Mapping[str, Any]) -> str:
        """Tell the Lead or Contact that carries the status from an instant on; return its id."""
        self.record_id = self.book.create(name, at, by, values)
        self.object_name, self.record_since = name, at
        self.status = values.get(self.status_column) or ""
        return self.record_id

    def add(self, name: str, at: datetime, by: str, values: Mapping[str, Any]) -> str:
        """Tell an activity or a membership, which moves with the person when they are converted."""
        record_id = self.book.create(name, at, by, values)
        self.activities.append((name, record_id))
        return record_id


OPERATIONS_USER = user_id(OPERATIONS)
WORKFLOW_USER = user_id(machine("workflow"))
SYNC_USER = user_id(machine("hubspot-sync"))


def common_values(person: Person) -> dict[str, Any]:
    """Return the fields that a Lead and a Contact share."""
    first, last = person.identity.first_name, person.identity.last_name
    rng = person.generator("salesforce name")
    odd = oddity(person)
    # Whoever leaves a name out does not turn the two round: the one that stays is as it was.
    is_whole = odd not in ("no_first_name", "no_last_name")
    if person.is_known_to_both and is_whole and rng.random() < 0.5:
        first, last = respelled(rng, person.identity)
    return {
        "FirstName": first if is_whole else None,
        "LastName": NO_LAST_NAME if odd == "no_last_name" else last,
        "Title": person.identity.title,
        "Email": email_of(person),
        "Phone": _phone_of(person),
        "MobilePhone": _mobile_of(person),
        "WeChat_ID__c": None if person.link in ("name", "phone") else person.identity.chat_id,
        "LeadSource": words()["channels"][person.channel]["salesforce"],
    }


def lead_values(person: Person) -> dict[str, Any]:
    """Return the fields of a Lead that say who it is."""
    firm = person.firm
    return common_values(person) | {
        "Company": firm.name,
        "Website": f"https://www.{firm.domain}",
        "City": firm.city,
        "Country": firm.country,
        "Industry": firm.industry,
        "NumberOfEmployees": firm.employees,
        "AnnualRevenue": firm.revenue,
        "Territory__c": firm.territory,
    }


def contact_values(person: Person) -> dict[str, Any]:
    """Return the fields of a Contact that say who it is."""
    firm = person.firm
    return common_values(person) | {"MailingCity": firm.city, "MailingCountry": firm.country}


def email_of(person: Person) -> str | None:
    """Return the address that Salesforce has, once there is one."""
    if oddity(person) == "role_address":
        return f"info@{person.firm.domain}"
    match person.link:
        case "mobile" | "chat":
            return None
        case "phone" if person.number % 2:
            # They called, and whoever took the call wrote down no address.
            return None
        case "additional_email" | "phone" | "name":
            return person.identity.second_email
        case "email" if person.number % 2:
            # Some type addresses with capitals: the same mailbox all the same.
            name, _, host = person.identity.email.partition("@")
            return f"{name.title()}@{host}"
        case _:
            return person.identity.email


def _phone_of(person: Person) -> str:
    """Return the number that Salesforce has beside the mobile: the desk's, else the firm's."""
    direct = person.identity.direct_line
    return person.firm.phone if direct is None else _spaced(direct)


def _mobile_of(person: Person) -> str | None:
    """Return the mobile number that Salesforce has: a few were typed with a digit too many."""
    mobile = person.identity.mobile
    if mobile is None or person.link in ("name", "phone"):
        return None
    return _spaced(mobile + mobile[-1] if oddity(person) == "mistyped" else mobile)


def _spaced(mobile: str) -> str:
    """Return a mobile number as people type it: +86 199-0001-2345."""
    prefix = 3 if mobile.startswith("+86") else 2
    digits = mobile[prefix:]
    return f"{mobile[:prefix]} {digits[:3]}-{digits[3:-4]}-{digits[-4:]}"
