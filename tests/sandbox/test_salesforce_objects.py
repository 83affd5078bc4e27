import pytest

from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import change, lines, make, refusal, values


def test_a_contact_keeps_history_of_its_tracked_fields(salesforce: Salesforce) -> None:
    [works, labs] = [make(salesforce, "Account", Name=name) for name in ("Works", "Labs")]
    person = make(salesforce, "Contact", AccountId=works, Status__c="New")
    change(salesforce, "Contact", person, Status__c="Working", AccountId=labs, Title="CEO")
    assert lines(salesforce, "ContactHistory", person, "Field", "OldValue", "NewValue") == [
        ("created", None, None),
        ("Status__c", "New", "Working"),
        ("Account", "Works", "Labs"),
        ("Account", works, labs),
    ]


def test_the_orgs_own_fields_are_custom_and_need_no_grant(salesforce: Salesforce) -> None:
    lead = make(salesforce, "Lead", WeChat_ID__c="wx-1", Territory__c="APAC")
    assert values(salesforce, lead, "Lead", "WeChat_ID__c", "Territory__c") == ("wx-1", "APAC")
    described = salesforce("GET", "sobjects/Contact/describe").json()["fields"]
    custom = {field["name"] for field in described if field["custom"]}
    assert custom == {"WeChat_ID__c", "Status__c", "Account_Industry__c"}


def test_our_fields_can_be_added_to_contacts(salesforce: Salesforce) -> None:
    body = {
        "FullName": "Contact.Leadcycle_Stage__c",
        "Metadata": {"type": "Text", "length": 40, "label": "Stage"},
    }
    assert salesforce("POST", "tooling/sobjects/CustomField", json=body).status_code == 201
    assert refusal(salesforce, "Contact", Leadcycle_Stage__c="lead") == "INVALID_FIELD"
    grant_on_contact(salesforce, "Leadcycle_Stage__c")
    person = make(salesforce, "Contact", Leadcycle_Stage__c="lead")
    assert values(salesforce, person, "Contact", "Leadcycle_Stage__c") == ("lead",)
    assert salesforce.refusal("SELECT Leadcycle_Stage__c FROM Lead")["errorCode"] == "INVALID_FIELD"


def grant_on_contact(salesforce: Salesforce, name: str) -> None:
    """Let the API user read and write a field of Contact."""
    user_id = salesforce("GET", "/services/oauth2/userinfo").json()["user_id"]
    set_id = make(salesforce, "PermissionSet", Name="Ours", Label="Ours")
    rights = {"PermissionsRead": True, "PermissionsEdit": True}
    field = {"SobjectType": "Contact", "Field": f"Contact.{name}"}
    make(salesforce, "FieldPermissions", ParentId=set_id, **field, **rights)
    make(salesforce, "PermissionSetAssignment", AssigneeId=user_id, PermissionSetId=set_id)


def test_the_legacy_status_can_not_be_chosen(salesforce: Salesforce) -> None:
    code = refusal(salesforce, "Lead", Status="Open - Not Contacted")
    assert code == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"


def test_an_event_knows_its_end_from_its_length_and_the_other_way_round(
    salesforce: Salesforce,
) -> None:
    span = ("EndDateTime", "DurationInMinutes", "ActivityDate")
    event = make(salesforce, "Event", DurationInMinutes=45)
    ends = "2026-06-30T09:45:00.000+0000"
    assert values(salesforce, event, "Event", *span) == (ends, 45, "2026-06-30")
    change(salesforce, "Event", event, EndDateTime="2026-06-30T10:00:00Z")
    ends = "2026-06-30T10:00:00.000+0000"
    assert values(salesforce, event, "Event", *span) == (ends, 60, "2026-06-30")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"DurationInMinutes": None}, "REQUIRED_FIELD_MISSING"),
        ({"EndDateTime": "2026-06-30T08:00:00Z"}, "FIELD_INTEGRITY_EXCEPTION"),
    ],
)
def test_an_event_without_a_proper_end_is_refused(
    salesforce: Salesforce, given: dict[str, object], code: str
) -> None:
    assert refusal(salesforce, "Event", **given) == code


def test_events_of_a_year_ago_are_archived(salesforce: Salesforce, admin: Admin) -> None:
    event = make(salesforce, "Event")
    admin.advance(364 * 86_400)
    salesforce.log_in()
    assert values(salesforce, event, "Event", "IsArchived") == (False,)
    admin.advance(86_400)
    salesforce.log_in()
    assert values(salesforce, event, "Event", "IsArchived") == (True,)
    assert salesforce.query(f"SELECT Id FROM Event WHERE Id = '{event}'") == []


@pytest.mark.parametrize(
    ("status", "responded"), [("Responded", True), ("Attended", True), ("Scanned", False)]
)
def test_only_some_statuses_of_a_member_are_responses(
    salesforce: Salesforce, status: str, responded: bool
) -> None:
    campaign, lead = make(salesforce, "Campaign"), make(salesforce, "Lead")
    member = make(salesforce, "CampaignMember", CampaignId=campaign, LeadId=lead)
    change(salesforce, "CampaignMember", member, Status=status)
    day = "2026-06-30" if responded else None
    names = ("HasResponded", "FirstRespondedDate")
    assert values(salesforce, member, "CampaignMember", *names) == (responded, day)


def test_the_first_response_stays_the_first(salesforce: Salesforce, admin: Admin) -> None:
    people = {"CampaignId": make(salesforce, "Campaign"), "LeadId": make(salesforce, "Lead")}
    member = make(salesforce, "CampaignMember", **people, Status="Attended")
    admin.advance(86_400)
    salesforce.log_in()
    change(salesforce, "CampaignMember", member, Status="Responded")
    assert values(salesforce, member, "CampaignMember", "FirstRespondedDate") == ("2026-06-30",)


def test_nobody_is_a_member_twice_and_nobody_no_member(salesforce: Salesforce) -> None:
    people = {"CampaignId": make(salesforce, "Campaign"), "LeadId": make(salesforce, "Lead")}
    make(salesforce, "CampaignMember", **people)
    assert refusal(salesforce, "CampaignMember", **people) == "DUPLICATE_VALUE"
    alone = {"CampaignId": people["CampaignId"]}
    assert refusal(salesforce, "CampaignMember", **alone) == "REQUIRED_FIELD_MISSING"


def test_deleting_an_account_takes_everything_below_it_along(salesforce: Salesforce) -> None:
    account = make(salesforce, "Account")
    person = make(salesforce, "Contact", AccountId=account)
    deal = make(salesforce, "Opportunity", AccountId=account)
    below = {
        "Contact": person,
        "Opportunity": deal,
        "OpportunityContactRole": make(
            salesforce, "OpportunityContactRole", OpportunityId=deal, ContactId=person
        ),
        "Task": make(salesforce, "Task", WhoId=person),
        "Event": make(salesforce, "Event", WhatId=deal),
    }
    salesforce("DELETE", f"sobjects/Account/{account}")
    assert all(values(salesforce, known, kind, "IsDeleted")[0] for kind, known in below.items())
    for kind in ("OpportunityHistory", "OpportunityFieldHistory"):
        assert lines(salesforce, kind, deal, "Id") == []


def test_what_hangs_on_a_deleted_record_moves_its_stamp_only(
    salesforce: Salesforce, admin: Admin
) -> None:
    lead = make(salesforce, "Lead")
    task = make(salesforce, "Task", WhoId=lead)
    admin.advance(60)
    salesforce("DELETE", f"sobjects/Lead/{lead}")
    before, after = (f"2026-06-30T12:0{minute}:00.000+0000" for minute in (0, 1))
    stamps = ("SystemModstamp", "LastModifiedDate")
    assert values(salesforce, lead, "Lead", *stamps) == (after, after)
    assert values(salesforce, task, "Task", *stamps) == (after, before)
