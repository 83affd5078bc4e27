"""Deals, with the stages they have been in and what they were to bring when."""

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
        "deal_currency_code": "string",
        "amount_in_home_currency": "decimal",
        "closedate": "datetime",
        "dealtype": "string",
        "hubspot_owner_id": "string",
        "hs_is_closed": "boolean",
        "hs_is_closed_won": "boolean",
        "salesforceopportunityid": "string",
        "hs_merged_object_ids": "string",
        "createdate": "datetime",
        "hs_lastmodifieddate": "datetime",
    },
    histories=("dealstage", "amount", "closedate", "pipeline"),
    associated=("contacts", "companies"),
    left_out=IN_RECORDS,
    has_stages=True,
)
