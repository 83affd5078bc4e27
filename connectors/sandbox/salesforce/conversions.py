"""Converting a Lead into a Contact at an Account, and an Opportunity if wanted.

Source: SOAP API Developer Guide, `convertLead()`, and Salesforce Help, "Lead Conversion": standard
fields map by a fixed table, activities and campaign members go over to the Contact.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.authors import Author
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.history import record_event
from connectors.sandbox.salesforce.merges import move_children
from connectors.sandbox.salesforce.records import (
    Values,
    apply_values,
    create_record,
    living_record,
)
from connectors.sandbox.salesforce.removal import Child
from connectors.sandbox.salesforce.schema import object_types

CONVERTED_STATUS = "Qualified"

_CONTACT_FIELDS = {
    "FirstName": "FirstName",
    "LastName": "LastName",
    "Title": "Title",
    "Email": "Email",
    "Phone": "Phone",
    "MobilePhone": "MobilePhone",
    "WeChat_ID__c": "WeChat_ID__c",
    "MailingCity": "City",
    "MailingState": "State",
    "MailingCountry": "Country",
    "LeadSource": "LeadSource",
}
_ACCOUNT_FIELDS = {
    "Name": "Company",
    "Website": "Website",
    "Industry": "Industry",
    "NumberOfEmployees": "NumberOfEmployees",
    "AnnualRevenue": "AnnualRevenue",
    "BillingCity": "City",
    "BillingState": "State",
    "BillingCountry": "Country",
    "Territory__c": "Territory__c",
}
"""Which field of the Lead each field of the new record is filled from."""


def convert_lead(
    sandbox: Sandbox, lead_id: str, with_opportunity: bool, author: Author
) -> dict[str, str | None]:
    """Convert a Lead and return the ids of its Account, Contact and Opportunity.

    The Account is the oldest living one of the company's name, or a new one.

    Raises:
        Refusal: no such Lead, or it has been converted before.
    """
    lead = living_record(sandbox, object_types(sandbox.store)["Lead"], lead_id)
    if lead["IsConverted"]:
        raise Refusal("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
    author = Author(author.user_id, sees_all_fields=True)
    owner = {"OwnerId": _owner_of(lead, author)}
    account_id = _account_of(sandbox, lead, owner, author)
    contact = _mapped(lead, _CONTACT_FIELDS) | {"AccountId": account_id} | owner
    contact_id = _create(sandbox, "Contact", contact, author)
    opportunity_id = None
    if with_opportunity:
        opportunity_id = _open_opportunity(sandbox, lead, account_id, contact_id, author)
    made = {
        "ConvertedAccountId": account_id,
        "ConvertedContactId": contact_id,
        "ConvertedOpportunityId": opportunity_id,
    }
    _close_lead(sandbox, lead, made, author)
    _hand_over(sandbox, lead["Id"], contact_id)
    return {"account_id": account_id, "contact_id": contact_id, "opportunity_id": opportunity_id}


def _owner_of(lead: Values, author: Author) -> str:
    # A queue can own a Lead, but not what it becomes.
    is_user = str(lead["OwnerId"]).startswith("005")
    return str(lead["OwnerId"]) if is_user else author.user_id


def _account_of(sandbox: Sandbox, lead: Values, owner: Values, author: Author) -> str:
    found: str | None = sandbox.store.value(
        "select Id from salesforce_Account where not IsDeleted and Name = ? "
        "order by CreatedDate, Id limit 1",
        lead["Company"],
    )
    return found or _create(sandbox, "Account", _mapped(lead, _ACCOUNT_FIELDS) | owner, author)


def _open_opportunity(
    sandbox: Sandbox, lead: Values, account_id: str, contact_id: str, author: Author
) -> str:
    opportunity = {
        "AccountId": account_id,
        "Name": f"{lead['Company'][:119]}-",
        "StageName": "Prospecting",
        "CloseDate": _end_of_quarter(sandbox.clock.now.date()).isoformat(),
        "LeadSource": lead["LeadSource"],
        "CampaignId": _last_campaign(sandbox, lead["Id"]),
        "OwnerId": _owner_of(lead, author),
    }
    opportunity_id = _create(sandbox, "Opportunity", opportunity, author)
    role = {"OpportunityId": opportunity_id, "ContactId": contact_id, "IsPrimary": True}
    _create(sandbox, "OpportunityContactRole", role, author)
    return opportunity_id


def _close_lead(sandbox: Sandbox, lead: Values, made: Values, author: Author) -> None:
    known = object_types(sandbox.store)["Lead"]
    converted = {
        "Status": CONVERTED_STATUS,
        "IsConverted": True,
        "ConvertedDate": sandbox.clock.now.date().isoformat(),
        **made,
    }
    apply_values(sandbox, known, lead, converted, author)
    record_event(sandbox, known, lead["Id"], author.user_id, "leadConverted")


def _hand_over(sandbox: Sandbox, lead_id: str, contact_id: str) -> None:
    for activity in (Child("Task", "WhoId"), Child("Event", "WhoId")):
        move_children(sandbox, activity, [lead_id], contact_id)
    # A member goes on naming the Lead it was.
    move_children(sandbox, Child("CampaignMember", "LeadId"), [lead_id], contact_id, "ContactId")


def _mapped(lead: Values, fields: Mapping[str, str]) -> Values:
    return {name: lead[source] for name, source in fields.items()}


def _create(sandbox: Sandbox, object_name: str, values: Values, author: Author) -> str:
    filled = {name: value for name, value in values.items() if value is not None}
    return create_record(sandbox, object_types(sandbox.store)[object_name], filled, author)


def _last_campaign(sandbox: Sandbox, lead_id: str) -> str | None:
    campaign_id: str | None = sandbox.store.value(
        "select CampaignId from salesforce_CampaignMember where LeadId = ? and not IsDeleted "
        "order by CreatedDate desc, Id desc limit 1",
        lead_id,
    )
    return campaign_id


def _end_of_quarter(day: date) -> date:
    first_of_last_month = day.replace(month=(day.month + 2) // 3 * 3, day=1)
    return (first_of_last_month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
