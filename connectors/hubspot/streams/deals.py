"""Deals, with the stages they have been in."""

from connectors.hubspot.streams.shape import read_object
from connectors.hubspot.streams.words import IN_RECORDS

DEALS = read_object(
    "deals",
    "deal",
    {
        "hs_object_id": "string",
        "dealname": "string",
        "pipeline": "string",
        "dealstage": "string",
        "amount": "decimal",
        "closedate": "datetime",
        "dealtype": "string",
        "hubspot_owner_id": "string",
        "hs_is_closed": "boolean",
        "hs_is_closed_won": "boolean",
        "salesforceopportunityid": "string",
        "createdate": "datetime",
        "hs_lastmodifieddate": "datetime",
    },
    histories=("dealstage",),
    associated=("contacts", "companies"),
    left_out=IN_RECORDS,
)
