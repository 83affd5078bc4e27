"""Opportunities and the contacts who have a part in them."""

from connectors.records import Stream
from connectors.salesforce.streams.words import WORDS

OPPORTUNITIES = Stream(
    crm="salesforce",
    name="opportunities",
    object_name="Opportunity",
    required_fields={
        "Id": "string",
        "AccountId": "string",
        "Name": "string",
        "StageName": "string",
        "Amount": "decimal",
        "CurrencyIsoCode": "string",
        "Probability": "decimal",
        "CloseDate": "date",
        "IsClosed": "boolean",
        "IsWon": "boolean",
        "ForecastCategory": "string",
        "Type": "string",
        "LeadSource": "string",
        "CampaignId": "string",
        "OwnerId": "string",
        "CreatedDate": "datetime",
        "LastStageChangeDate": "datetime",
        "LastModifiedDate": "datetime",
        "SystemModstamp": "datetime",
        "IsDeleted": "boolean",
    },
    left_out=WORDS,
)

OPPORTUNITY_STAGES = Stream(
    crm="salesforce",
    name="opportunity_stages",
    object_name="OpportunityStage",
    required_fields={
        "Id": "string",
        "ApiName": "string",
        "MasterLabel": "string",
        "IsActive": "boolean",
        "IsClosed": "boolean",
        "IsWon": "boolean",
        "SortOrder": "integer",
        "DefaultProbability": "decimal",
        "ForecastCategoryName": "string",
        "CreatedDate": "datetime",
        "SystemModstamp": "datetime",
    },
)
"""One for each value of StageName, those that are no longer active included."""

OPPORTUNITY_CONTACT_ROLES = Stream(
    crm="salesforce",
    name="opportunity_contact_roles",
    object_name="OpportunityContactRole",
    required_fields={
        "Id": "string",
        "OpportunityId": "string",
        "ContactId": "string",
        "Role": "string",
        "IsPrimary": "boolean",
        "CreatedDate": "datetime",
        "LastModifiedDate": "datetime",
        "SystemModstamp": "datetime",
        "IsDeleted": "boolean",
    },
)
