"""What is read from Salesforce. Data, no logic; one module for each family of objects."""

from connectors.records import Stream
from connectors.salesforce.streams.activities import EVENTS, TASKS
from connectors.salesforce.streams.campaigns import CAMPAIGN_MEMBERS, CAMPAIGNS
from connectors.salesforce.streams.cases import CASES
from connectors.salesforce.streams.histories import (
    CONTACT_HISTORIES,
    LEAD_HISTORIES,
    OPPORTUNITY_FIELD_HISTORIES,
    OPPORTUNITY_HISTORIES,
)
from connectors.salesforce.streams.opportunities import (
    OPPORTUNITIES,
    OPPORTUNITY_CONTACT_ROLES,
    OPPORTUNITY_STAGES,
)
from connectors.salesforce.streams.org import CURRENCY_TYPES, FIELDS, RECORD_TYPES
from connectors.salesforce.streams.people import ACCOUNTS, CONTACTS, LEADS
from connectors.salesforce.streams.products import OPPORTUNITY_LINE_ITEMS, PRODUCTS
from connectors.salesforce.streams.users import GROUP_MEMBERS, GROUPS, USERS

_RECORDS = (
    LEADS,
    CONTACTS,
    ACCOUNTS,
    OPPORTUNITIES,
    OPPORTUNITY_STAGES,
    OPPORTUNITY_CONTACT_ROLES,
    OPPORTUNITY_LINE_ITEMS,
    PRODUCTS,
    CASES,
    CAMPAIGNS,
    CAMPAIGN_MEMBERS,
    TASKS,
    EVENTS,
    USERS,
    GROUPS,
    GROUP_MEMBERS,
    RECORD_TYPES,
    CURRENCY_TYPES,
)

_HISTORIES = (
    LEAD_HISTORIES,
    CONTACT_HISTORIES,
    OPPORTUNITY_HISTORIES,
    OPPORTUNITY_FIELD_HISTORIES,
)
"""Written once and never changed."""

STREAMS: tuple[Stream, ...] = (*_RECORDS, *_HISTORIES, FIELDS)

_HISTORY_OBJECTS = frozenset(stream.object_name for stream in _HISTORIES)


def is_history(stream: Stream) -> bool:
    """Tell whether its records are lines of history."""
    return stream.object_name in _HISTORY_OBJECTS


def stamp_of(stream: Stream) -> str:
    """Return the field that moves whenever a record of it appears or changes (UTC)."""
    return "CreatedDate" if is_history(stream) else "SystemModstamp"
