"""What HubSpot has of one person while their story is told, and how a contact looks."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.sandbox.company.in_hubspot.book import HubSpotBook
from connectors.sandbox.company.in_hubspot.ids import hubspot_user_id, owner_id
from connectors.sandbox.company.people import Person
from connectors.sandbox.company.words import words
from connectors.sandbox.hubspot.records import Source
from connectors.sandbox.hubspot.values import Kept

WORKFLOW = Source("AUTOMATION_PLATFORM", "enrollmentId:1", "Lifecycle workflow")
SALESFORCE_SYNC = Source("SALESFORCE", "SalesforceSync")
IMPORT = Source("IMPORT", "import-1")
_ORDER = (
    "",
    "subscriber",
    "lead",
    "marketingqualifiedlead",
    "salesqualifiedlead",
    "opportunity",
    "customer",
)
_SIZES = ((5, "1-5"), (25, "5-25"), (50, "25-50"), (100, "50-100"), (500, "100-500"))


@dataclass(frozen=True)
class Double:
    """A second contact of somebody, with another address, and since when it is there."""

    contact: int
    at: datetime


@dataclass
class Dossier:
    """One person's contact, and what the story has said about it so far."""

    person: Person
    book: HubSpotBook
    rng: random.Random
    contact: int = 0
    double: Double | None = None
    """The person's second contact; once the two are merged, its id leads to the survivor."""
    stage: str = ""
    """The lifecycle stage last set."""
    lead_status: str = ""

    @property
    def seller(self) -> Source:
        """The source of what the colleague who has them does."""
        user = hubspot_user_id(self.person.seller)
        return Source("CRM_UI", f"userId:{user}", None, user)

    @property
    def owner(self) -> str:
        """The owner id of the colleague who has them."""
        return str(owner_id(self.person.seller))

    def change(self, at: datetime, source: Source, **values: Kept) -> None:
        """Tell a change of the contact."""
        self.book.change("contacts", self.contact, at, source, values)

    def set_stage(self, at: datetime, source: Source, stage: str) -> None:
        """Tell a move of the lifecycle stage; HubSpot goes back only by way of an empty value."""
        before = at - timedelta(seconds=1)
        if _ORDER.index(stage) <= _ORDER.index(self.stage):
            self.change(before, source, lifecyclestage="")
        if stage == "marketingqualifiedlead" and self.lead_status:
            self.set_lead_status(before, source, "NEW")
        self.stage = stage
        self.change(at, source, lifecyclestage=stage)

    def set_lead_status(self, at: datetime, source: Source, status: str) -> None:
        """Tell a move of the lead status."""
        self.lead_status = status
        self.change(at, source, hs_lead_status=status)

    def add(self, object_type: str, at: datetime, source: Source, **values: Kept) -> int:
        """Tell a record of the contact's: an activity or a deal."""
        new_id = self.book.create(object_type, at, source, values)
        self.book.associate(at, (object_type, new_id), ("contacts", self.contact))
        return new_id


def contact_values(person: Person) -> dict[str, Kept]:
    """Return the properties of a contact that say who it is, all but the address."""
    identity, firm = person.identity, person.firm
    title = identity.title.lower() if person.number % 3 == 0 else identity.title
    return {
        "firstname": identity.first_name,
        "lastname": identity.last_name,
        "company": firm.name,
        "jobtitle": title,
        "phone": identity.direct_line or firm.phone,
        "mobilephone": identity.mobile,
        "wechat_id": identity.chat_id,
        "website": firm.domain,
        "city": firm.city,
        "country": firm.country,
        "industry": firm.industry,
        "numemployees": _size(firm.employees),
        "territory": firm.territory,
        "hs_analytics_source": words()["channels"][person.channel]["hubspot"],
    }


def _size(employees: int) -> str:
    small = next((label for most, label in _SIZES if employees <= most), None)
    return small or ("500-1000" if employees <= 1000 else "1000+")
