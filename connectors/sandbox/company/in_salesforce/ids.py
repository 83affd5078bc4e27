"""Ids in Salesforce of what the company draws: the same in every sandbox of one size."""

from collections.abc import Mapping

from connectors.sandbox.company.rows import number_of
from connectors.sandbox.company.staff import staff
from connectors.sandbox.salesforce.ids import make_id, user_id

PREFIXES: Mapping[str, str] = {
    "Account": "001",
    "Contact": "003",
    "Opportunity": "006",
    "Lead": "00Q",
    "OpportunityContactRole": "00K",
    "Task": "00T",
    "Event": "00U",
    "Campaign": "701",
    "CampaignMember": "00v",
    "Group": "00G",
    "OpportunityHistory": "008",
    "LeadHistory": "017",
    "ContactHistory": "017",
    "OpportunityFieldHistory": "017",
}
QUEUES = ("Nurture pool", "Inbound")


def queue_id(name: str) -> str:
    """Return the id of a queue, which is a Group."""
    return make_id("00G", QUEUES.index(name) + 1)


def account_id(firm: int) -> str:
    """Return the id of a firm's Account."""
    return make_id("001", firm + 1)


def campaign_id(number: int) -> str:
    """Return the id of a Campaign."""
    return make_id("701", number + 1)


def person_record_id(name: str, person: int, count: int) -> str:
    """Return the id of the count-th record of an object that a person has, from 0."""
    return make_id(PREFIXES[name], number_of(person, count))


def owner_name(owner_id: str) -> str:
    """Return the name of a user or queue, as history writes it."""
    names = {user_id(one.number): one.name for one in staff()}
    return names.get(owner_id) or next(name for name in QUEUES if queue_id(name) == owner_id)
