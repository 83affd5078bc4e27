"""What is read from Salesforce. Data, no logic; one module for each family of objects."""

from collections.abc import Mapping

from connectors.records import Stream
from connectors.salesforce.streams.activities import EVENTS, TASKS
from connectors.salesforce.streams.campaigns import CAMPAIGN_MEMBERS, CAMPAIGNS
from connectors.salesforce.streams.histories import (
    CONTACT_HISTORIES,
    LEAD_HISTORIES,
    OPPORTUNITY_FIELD_HISTORIES,
    OPPORTUNITY_HISTORIES,
)
from connectors.salesforce.streams.opportunities import OPPORTUNITIES, OPPORTUNITY_CONTACT_ROLES
from connectors.salesforce.streams.people import ACCOUNTS, CONTACTS, LEADS
from connectors.salesforce.streams.users import GROUPS, USERS

_RECORDS = (
    LEADS,
    CONTACTS,
    ACCOUNTS,
    OPPORTUNITIES,
    OPPORTUNITY_CONTACT_ROLES,
    CAMPAIGNS,
    CAMPAIGN_MEMBERS,
    TASKS,
    EVENTS,
    USERS,
    GROUPS,
)

_HISTORIES = (
    LEAD_HISTORIES,
    CONTACT_HISTORIES,
    OPPORTUNITY_HISTORIES,
    OPPORTUNITY_FIELD_HISTORIES,
)
"""Written once and never changed."""

STREAMS: tuple[Stream, ...] = (*_RECORDS, *_HISTORIES)

STAMPS: Mapping[str, str] = {
    **{stream.name: "SystemModstamp" for stream in _RECORDS},
    **{stream.name: "CreatedDate" for stream in _HISTORIES},
}
"""By stream: the field that moves whenever a record of it appears or changes (UTC)."""
