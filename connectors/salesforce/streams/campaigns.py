"""Campaigns and the leads and contacts who are in them."""

from connectors.records import Stream
from connectors.salesforce.streams.words import WORDS

CAMPAIGNS = Stream(
    crm="salesforce",
    name="campaigns",
    object_name="Campaign",
    required_fields={
        "Id": "string",
        "Name": "string",
        "Type": "string",
        "Status": "string",
        "StartDate": "date",
        "EndDate": "date",
        "IsActive": "boolean",
        "ActualCost": "decimal",
        "BudgetedCost": "decimal",
        "OwnerId": "string",
        "CreatedDate": "datetime",
        "SystemModstamp": "datetime",
        "IsDeleted": "boolean",
    },
    left_out=WORDS,
)

CAMPAIGN_MEMBERS = Stream(
    crm="salesforce",
    name="campaign_members",
    object_name="CampaignMember",
    required_fields={
        "Id": "string",
        "CampaignId": "string",
        "LeadId": "string",
        "ContactId": "string",
        "Status": "string",
        "HasResponded": "boolean",
        "FirstRespondedDate": "date",
        "CreatedDate": "datetime",
        "LastModifiedDate": "datetime",
        "SystemModstamp": "datetime",
        "IsDeleted": "boolean",
    },
)
