"""What the administrators of an org, its sharing and its automation do to a write."""

import time
from typing import Any

import pytest

from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import LIKELY, change, lines, make, values

FLOW = {"object": "Lead", "when_changed": "Status", "sets": {"Rating": "Hot"}}
WARNING = {
    "object": "Lead",
    "fields": ["Email"],
    "name": "Standard_Lead_Duplicate_Rule",
    "matching_rule": "Standard_Lead_Match_Rule_v1_0",
}


def create(salesforce: Salesforce, kind: str, **record: Any) -> list[dict[str, Any]]:
    """Create a record that is refused, and return the refusal."""
    answer = salesforce("POST", f"sobjects/{kind}", json=LIKELY.get(kind, {}) | record)
    assert answer.status_code == 400, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


@pytest.mark.parametrize(
    ("rule", "record"),
    [
        ({"pattern": r"\+\d{6,}"}, {"Phone": "none"}),
        ({"required_when": {"Status": "Working"}}, {"Status": "Working"}),
    ],
)
def test_a_validation_rule_refuses_with_its_own_message(
    salesforce: Salesforce, admin: Admin, rule: dict[str, Any], record: dict[str, Any]
) -> None:
    rule = {"object": "Lead", "field": "Phone", "message": "Call them how?", **rule}
    admin.setting(salesforce_validation_rules=[rule])
    expected = {
        "message": "Call them how?",
        "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "fields": ["Phone"],
    }
    assert create(salesforce, "Lead", **record) == [expected]
    make(salesforce, "Lead", **{**record, "Phone": "+491234567"})


def test_a_rule_of_the_wrong_shape_is_no_setting(admin: Admin) -> None:
    answer = admin("PATCH", "settings", {"salesforce_validation_rules": [{"object": "Lead"}]})
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("salesforce_validation_rules: ")


def test_a_duplicate_is_refused_with_the_record_it_is_like(
    salesforce: Salesforce, admin: Admin
) -> None:
    admin.setting(salesforce_duplicate_rules=[WARNING])
    twin = make(salesforce, "Lead", Email="a@b.example")
    [refused] = create(salesforce, "Lead", Email="A@b.example")
    url = f"/services/data/v66.0/sobjects/Lead/{twin}"
    record = {"attributes": {"type": "Lead", "url": url}, "Id": twin}
    match = {
        "entityType": "Lead",
        "errors": [],
        "matchEngine": "ExactMatchEngine",
        "matchRecords": [
            {
                "additionalInformation": [],
                "fieldDiffs": [],
                "matchConfidence": 100.0,
                "record": record,
            }
        ],
        "rule": "Standard_Lead_Match_Rule_v1_0",
        "size": 1,
        "success": True,
    }
    details = {
        "allowSave": True,
        "duplicateRule": "Standard_Lead_Duplicate_Rule",
        "duplicateRuleEntityType": "Lead",
        "errorMessage": "Use one of these records?",
        "matchResults": [match],
    }
    assert refused == {
        "message": "Use one of these records?",
        "errorCode": "DUPLICATES_DETECTED",
        "duplicateResut": details,
    }


def test_a_header_saves_a_duplicate_unless_the_rule_blocks(
    salesforce: Salesforce, admin: Admin
) -> None:
    admin.setting(salesforce_duplicate_rules=[WARNING])
    make(salesforce, "Lead", Email="a@b.example")
    salesforce.session.headers["Sforce-Duplicate-Rule-Header"] = "allowSave=true"
    make(salesforce, "Lead", Email="a@b.example")
    admin.setting(salesforce_duplicate_rules=[{**WARNING, "allow_save": False}])
    assert create(salesforce, "Lead", Email="a@b.example")[0]["errorCode"] == "DUPLICATES_DETECTED"


def test_the_header_works_in_orgs_that_let_it(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_duplicate_rules=[WARNING], salesforce_duplicate_header=False)
    make(salesforce, "Lead", Email="a@b.example")
    salesforce.session.headers["Sforce-Duplicate-Rule-Header"] = "allowSave=true"
    assert create(salesforce, "Lead", Email="a@b.example")[0]["errorCode"] == "DUPLICATES_DETECTED"


def test_a_duplicate_shows_its_twin_on_demand(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(
        salesforce_duplicate_rules=[{**WARNING, "on_update": True}],
        salesforce_duplicate_result_key="duplicateResult",
    )
    make(salesforce, "Lead", Email="a@b.example", Title="Twin")
    other = make(salesforce, "Lead")
    header = {"Sforce-Duplicate-Rule-Header": "allowSave=false; includeRecordDetails=true"}
    body = {"Email": "a@b.example"}
    answer = salesforce("PATCH", f"sobjects/Lead/{other}", json=body, headers=header)
    [match] = answer.json()[0]["duplicateResult"]["matchResults"]
    assert match["matchRecords"][0]["record"]["Title"] == "Twin"


def test_a_duplicate_among_many_is_refused_without_details(
    salesforce: Salesforce, admin: Admin
) -> None:
    admin.setting(salesforce_duplicate_rules=[{**WARNING, "on_update": True}])
    make(salesforce, "Lead", Email="a@b.example")
    [refused] = salesforce.update({"id": salesforce.lead_ids(1)[0], "Email": "a@b.example"})
    message = "Use one of these records?"
    expected = {"statusCode": "DUPLICATES_DETECTED", "message": message, "fields": []}
    assert refused["errors"] == [expected]


def test_a_failing_trigger_refuses_the_row(salesforce: Salesforce, admin: Admin) -> None:
    message = "LeadTrigger: execution of BeforeUpdate\n\ncaused by: System.LimitException"
    failure = {"object": "Lead", "message": message, "when": {"Title": "Boom"}}
    admin.setting(salesforce_trigger_failures=[failure])
    first, second = salesforce.lead_ids(2)
    bad, good = salesforce.update({"id": first, "Title": "Boom"}, {"id": second, "Title": "Ok"})
    assert bad["errors"] == [
        {"statusCode": "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "message": message, "fields": []}
    ]
    assert good["success"] is True


def test_other_owners_records_may_be_for_reading_only(salesforce: Salesforce, admin: Admin) -> None:
    theirs = salesforce.query("SELECT Id FROM Account LIMIT 1")[0]["Id"]
    mine = make(salesforce, "Account")
    admin.setting(salesforce_read_only_sharing=True)
    answers = [
        salesforce("PATCH", f"sobjects/Account/{theirs}", json={"Phone": "1"}),
        salesforce("DELETE", f"sobjects/Account/{theirs}"),
    ]
    expected = {
        "message": "insufficient access rights on object id",
        "errorCode": "INSUFFICIENT_ACCESS_OR_READONLY",
        "fields": [],
    }
    assert [(answer.status_code, answer.json()) for answer in answers] == [(403, [expected])] * 2
    change(salesforce, "Account", mine, Phone="1")


def test_converted_leads_may_be_open_to_a_permission(salesforce: Salesforce, admin: Admin) -> None:
    converted = salesforce.query("SELECT Id FROM Lead WHERE IsConverted = true LIMIT 1")[0]["Id"]
    admin.setting(salesforce_edits_converted_leads=True)
    [result] = salesforce.update({"id": converted, "Title": "CEO"})
    assert result == {"id": converted, "success": True, "errors": []}


def test_a_new_owner_has_not_left(salesforce: Salesforce) -> None:
    gone = salesforce.query("SELECT Id FROM User WHERE IsActive = false LIMIT 1")[0]["Id"]
    [refused] = create(salesforce, "Lead", OwnerId=gone)
    assert (refused["errorCode"], refused["fields"]) == ("INACTIVE_OWNER_OR_USER", ["OwnerId"])


def test_a_flow_moves_the_system_modstamp_alone(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_automation=[{**FLOW, "after_seconds": 90}])
    lead_id = make(salesforce, "Lead")
    change(salesforce, "Lead", lead_id, Title="CEO")
    admin.advance(600)
    assert values(salesforce, lead_id, "Lead", "Rating", "SystemModstamp", "LastModifiedDate") == (
        "Hot",
        "2026-06-30T12:01:30.000+0000",
        "2026-06-30T12:00:00.000+0000",
    )


def test_a_flow_waits_until_it_is_due(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_automation=[{**FLOW, "after_seconds": 90}])
    lead_id = make(salesforce, "Lead")
    admin.advance(89)
    before = salesforce.lead(lead_id)["Rating"]
    admin.advance(1)
    assert (before, salesforce.lead(lead_id)["Rating"]) == (None, "Hot")


def test_a_flow_writes_the_record_that_another_refers_to(
    salesforce: Salesforce, admin: Admin
) -> None:
    flow = {
        "object": "Contact",
        "when_changed": "Title",
        "through": "AccountId",
        "sets": {"Phone": "$now"},
    }
    admin.setting(salesforce_automation=[flow])
    account_id = make(salesforce, "Account")
    contact_id = make(salesforce, "Contact", AccountId=account_id)
    change(salesforce, "Contact", contact_id, Title="CEO")
    assert values(salesforce, account_id, "Account", "Phone") == ("2026-06-30T12:00:00.000+0000",)


def test_a_flow_writes_history_of_what_it_sets(salesforce: Salesforce, admin: Admin) -> None:
    flow = {"object": "Lead", "when_changed": "Title", "sets": {"LeadSource": "Web"}}
    admin.setting(salesforce_automation=[flow])
    lead_id = make(salesforce, "Lead")
    change(salesforce, "Lead", lead_id, Title="CEO")
    assert lines(salesforce, "LeadHistory", lead_id, "Field", "NewValue")[-1] == (
        "LeadSource",
        "Web",
    )


def test_a_written_child_keeps_its_parent_locked_for_other_requests(
    salesforce: Salesforce, admin: Admin
) -> None:
    account_id = make(salesforce, "Account")
    twins = [make(salesforce, "Contact", AccountId=account_id) for _ in range(2)]
    admin.setting(salesforce_lock_seconds=60)
    typed = [{"attributes": {"type": "Contact"}, "id": one, "Title": "CEO"} for one in twins]
    first = salesforce("PATCH", "composite/sobjects", json={"records": typed}).json()
    second = salesforce("PATCH", "composite/sobjects", json={"records": typed[:1]}).json()
    assert [result["success"] for result in first] == [True, True]
    message = f"unable to obtain exclusive access to this record or 1 records: {account_id}"
    assert second[0]["errors"] == [
        {"statusCode": "UNABLE_TO_LOCK_ROW", "message": message, "fields": []}
    ]


def test_children_of_other_owners_records_are_not_written(
    salesforce: Salesforce, admin: Admin
) -> None:
    campaign_id = salesforce.query("SELECT Id FROM Campaign LIMIT 1")[0]["Id"]
    mine, lead_id = make(salesforce, "Campaign"), make(salesforce, "Lead")
    admin.setting(salesforce_read_only_sharing=True)
    [refused] = create(salesforce, "CampaignMember", CampaignId=campaign_id, LeadId=lead_id)
    assert (refused["errorCode"], refused["message"]) == (
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
        "insufficient access rights on cross-reference id",
    )
    make(salesforce, "CampaignMember", CampaignId=mine, LeadId=lead_id)


def test_nothing_refers_to_a_deleted_record(salesforce: Salesforce) -> None:
    account_id = make(salesforce, "Account")
    salesforce("DELETE", f"sobjects/Account/{account_id}")
    [refused] = create(salesforce, "Contact", AccountId=account_id)
    assert (refused["errorCode"], refused["message"], refused["fields"]) == (
        "ENTITY_IS_DELETED",
        "entity is deleted",
        ["AccountId"],
    )


def test_a_request_waits_for_a_lock_and_is_counted_once(
    salesforce: Salesforce, admin: Admin
) -> None:
    account = make(salesforce, "Account")
    admin.setting(salesforce_lock_seconds=1, salesforce_lock_wait_seconds=5.0)
    make(salesforce, "Contact", AccountId=account)
    admin("POST", "calls/reset")
    before = usage(salesforce)
    make(salesforce, "Contact", AccountId=account)
    assert admin("GET", "calls").json()["salesforce"]["write"] == 1
    assert usage(salesforce) == before + 2


def test_a_request_waits_for_a_lock_no_longer_than_it_may(
    salesforce: Salesforce, admin: Admin
) -> None:
    account = make(salesforce, "Account")
    admin.setting(salesforce_lock_seconds=60, salesforce_lock_wait_seconds=0.05)
    make(salesforce, "Contact", AccountId=account)
    started = time.monotonic()
    [refused] = create(salesforce, "Contact", AccountId=account)
    assert refused["errorCode"] == "UNABLE_TO_LOCK_ROW"
    assert time.monotonic() - started > 0.05


def usage(salesforce: Salesforce) -> int:
    """Return how many requests of the day have been used, this one included."""
    told = salesforce("GET", "limits").headers["Sforce-Limit-Info"]
    return int(told.removeprefix("api-usage=").partition("/")[0])
