"""Leads and tickets: what sales and service work through, stage by stage."""

from connectors.hubspot.streams.shape import read_object
from connectors.hubspot.streams.words import IN_RECORDS

LEADS = read_object(
    "leads",
    "lead",
    {
        "hs_object_id": "string",
        "hs_lead_name": "string",
        "hs_lead_type": "string",
        "hs_lead_label": "string",
        "hs_pipeline": "string",
        "hs_pipeline_stage": "string",
        "hubspot_owner_id": "string",
        "hs_merged_object_ids": "string",
        "hs_createdate": "datetime",
        "hs_lastmodifieddate": "datetime",
    },
    histories=("hs_pipeline_stage",),
    associated=("contacts", "companies"),
    left_out=IN_RECORDS,
    has_stages=True,
)
"""A lead is an attempt to sell something to a contact; not every subscription has them."""

TICKETS = read_object(
    "tickets",
    "ticket",
    {
        "hs_object_id": "string",
        "subject": "string",
        "hs_pipeline": "string",
        "hs_pipeline_stage": "string",
        "hs_ticket_priority": "string",
        "hs_ticket_category": "list",
        "source_type": "string",
        "hubspot_owner_id": "string",
        "hs_merged_object_ids": "string",
        "closed_date": "datetime",
        "createdate": "datetime",
        "hs_lastmodifieddate": "datetime",
    },
    histories=("hs_pipeline_stage",),
    associated=("contacts", "companies", "deals"),
    left_out=IN_RECORDS,
    has_stages=True,
)
