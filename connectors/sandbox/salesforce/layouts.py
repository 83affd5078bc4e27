"""What the page of each object shows, and where."""

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.sandbox.salesforce.stages import STAGES

_STATUSES = ("New", "Nurturing", "Marketing Qualified", "Working", "Qualified")
_STAMPS = ("CreatedDate", "LastModifiedDate", "LastModifiedById")


@dataclass(frozen=True)
class Layout:
    """One object's page; all names are fields."""

    subtitle: tuple[str, ...]
    shown: tuple[str, ...]
    status: str = ""
    """What the path at the top shows, if there is one."""
    path: tuple[str, ...] = ()
    activity_reference: str = "WhatId"
    """How tasks and events name the record."""
    member_reference: str = ""
    """How campaign members name the record."""


LAYOUTS: Mapping[str, Layout] = {
    "Lead": Layout(
        subtitle=("Title", "Company"),
        shown=(
            *("OwnerId", "Email", "Phone", "MobilePhone", "WeChat_ID__c", "Company", "Title"),
            *("City", "Country", "Industry", "NumberOfEmployees", "Territory__c"),
            *("LeadSource", "Status", *_STAMPS),
        ),
        status="Status",
        path=_STATUSES,
        activity_reference="WhoId",
        member_reference="LeadId",
    ),
    "Contact": Layout(
        subtitle=("Title", "AccountId"),
        shown=(
            *("OwnerId", "AccountId", "Email", "Phone", "MobilePhone", "WeChat_ID__c", "Title"),
            *("MailingCity", "MailingCountry", "LeadSource", "Status__c", *_STAMPS),
        ),
        status="Status__c",
        path=_STATUSES,
        activity_reference="WhoId",
        member_reference="ContactId",
    ),
    "Account": Layout(
        subtitle=("Industry", "BillingCountry"),
        shown=(
            *("OwnerId", "Type", "Website", "Industry", "NumberOfEmployees", "AnnualRevenue"),
            *("BillingCity", "BillingCountry", "Territory__c", *_STAMPS),
        ),
    ),
    "Opportunity": Layout(
        subtitle=("StageName", "AccountId"),
        shown=(
            *("OwnerId", "AccountId", "StageName", "Amount", "Probability", "CloseDate"),
            *("ForecastCategory", "Type", "LeadSource", "CampaignId", "LastStageChangeDate"),
            *_STAMPS,
        ),
        status="StageName",
        path=tuple(
            name for name, stage in STAGES.items() if stage.is_active and name != "Closed Lost"
        ),
    ),
}
CONVERTED = ("ConvertedContactId", "ConvertedAccountId", "ConvertedOpportunityId")
"""What a converted Lead shows besides."""
