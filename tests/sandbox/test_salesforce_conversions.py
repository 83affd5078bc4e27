from typing import Any

from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import lines, make, values

PERSON = {
    "FirstName": "Ada",
    "LastName": "Probe",
    "Company": "Unheard Of Works",
    "Email": "ada@unheard.example",
    "WeChat_ID__c": "wx-ada",
    "Country": "China",
    "LeadSource": "Event",
    "Territory__c": "APAC",
}


def convert(admin: Admin, lead_id: str, opportunity: bool = False) -> dict[str, Any]:
    answer = admin("POST", "conversions", {"lead_id": lead_id, "opportunity": opportunity})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_converted_lead_says_when_and_into_what(salesforce: Salesforce, admin: Admin) -> None:
    lead = make(salesforce, "Lead", **PERSON, Status="Working")
    made = convert(admin, lead, opportunity=True)
    into = ("ConvertedAccountId", "ConvertedContactId", "ConvertedOpportunityId")
    assert values(salesforce, lead, "Lead", "IsConverted", "ConvertedDate", "Status", *into) == (
        *(True, "2026-06-30", "Qualified"),
        *(made["account_id"], made["contact_id"], made["opportunity_id"]),
    )
    assert lines(salesforce, "LeadHistory", lead, "Field", "OldValue", "NewValue") == [
        ("created", None, None),
        ("Status", "Working", "Qualified"),
        ("leadConverted", None, None),
    ]


def test_the_contact_and_the_account_are_what_the_lead_was(
    salesforce: Salesforce, admin: Admin
) -> None:
    lead = make(salesforce, "Lead", **PERSON)
    made = convert(admin, lead)
    names = ("Name", "Email", "WeChat_ID__c", "MailingCountry", "LeadSource", "Status__c")
    assert values(salesforce, made["contact_id"], "Contact", *names, "AccountId") == (
        *("Ada Probe", "ada@unheard.example", "wx-ada", "China", "Event", None),
        made["account_id"],
    )
    columns = ("Name", "BillingCountry", "Territory__c")
    account = values(salesforce, made["account_id"], "Account", *columns)
    assert account == ("Unheard Of Works", "China", "APAC")
    assert made["opportunity_id"] is None


def test_an_account_of_the_companys_name_is_taken(salesforce: Salesforce, admin: Admin) -> None:
    account = make(salesforce, "Account", Name="unheard of works")
    assert convert(admin, make(salesforce, "Lead", **PERSON))["account_id"] == account


def test_the_opportunity_names_the_contact_and_the_last_campaign(
    salesforce: Salesforce, admin: Admin
) -> None:
    lead, campaign = make(salesforce, "Lead", **PERSON), make(salesforce, "Campaign")
    make(salesforce, "CampaignMember", CampaignId=campaign, LeadId=lead)
    made = convert(admin, lead, opportunity=True)
    deal = made["opportunity_id"]
    names = ("Name", "StageName", "CloseDate", "CampaignId", "AccountId")
    assert values(salesforce, deal, "Opportunity", *names) == (
        *("Unheard Of Works-", "Prospecting", "2026-06-30", campaign),
        made["account_id"],
    )
    soql = f"SELECT ContactId FROM OpportunityContactRole WHERE OpportunityId = '{deal}'"
    assert salesforce.query(soql) == [{"ContactId": made["contact_id"]}]
    assert len(lines(salesforce, "OpportunityHistory", deal, "Id")) == 1


def test_activities_and_memberships_go_over_to_the_contact(
    salesforce: Salesforce, admin: Admin
) -> None:
    lead, campaign = make(salesforce, "Lead", **PERSON), make(salesforce, "Campaign")
    task, event = (make(salesforce, kind, WhoId=lead) for kind in ("Task", "Event"))
    member = make(salesforce, "CampaignMember", CampaignId=campaign, LeadId=lead)
    admin.advance(60)
    contact, now = convert(admin, lead)["contact_id"], "2026-06-30T12:01:00.000+0000"
    assert values(salesforce, task, "Task", "WhoId", "SystemModstamp") == (contact, now)
    assert values(salesforce, event, "Event", "WhoId", "SystemModstamp") == (contact, now)
    names = ("LeadId", "ContactId", "SystemModstamp")
    assert values(salesforce, member, "CampaignMember", *names) == (lead, contact, now)


def test_nobody_is_converted_twice(salesforce: Salesforce, admin: Admin) -> None:
    lead = make(salesforce, "Lead", **PERSON)
    convert(admin, lead)
    again = admin("POST", "conversions", {"lead_id": lead})
    assert (again.status_code, "converted lead" in again.text) == (400, True)
    [result] = salesforce.update({"id": lead, "Title": "CEO"})
    assert result["errors"][0]["statusCode"] == "CANNOT_UPDATE_CONVERTED_LEAD"


def test_deleting_a_converted_lead_leaves_the_contacts_memberships(
    salesforce: Salesforce, admin: Admin
) -> None:
    lead, campaign = make(salesforce, "Lead", **PERSON), make(salesforce, "Campaign")
    member = make(salesforce, "CampaignMember", CampaignId=campaign, LeadId=lead)
    convert(admin, lead)
    salesforce("DELETE", f"sobjects/Lead/{lead}")
    assert values(salesforce, member, "CampaignMember", "IsDeleted") == (False,)
