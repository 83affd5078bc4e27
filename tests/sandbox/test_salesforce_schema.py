from typing import Any

import pytest

from tests.sandbox.clients import Salesforce


def described(salesforce: Salesforce) -> dict[str, dict[str, Any]]:
    answer = salesforce("GET", "sobjects/Lead/describe").json()
    return {field["name"]: field for field in answer["fields"]}


def test_a_new_field_is_hidden_until_a_permission_set_grants_it(salesforce: Salesforce) -> None:
    created = salesforce.add_field()
    assert created.status_code == 201
    assert "Score__c" not in described(salesforce)
    assert salesforce.refusal("SELECT Score__c FROM Lead")["errorCode"] == "INVALID_FIELD"
    salesforce.grant("Score__c")
    field = described(salesforce)["Score__c"]
    shown = {key: field[key] for key in ("type", "precision", "scale", "custom", "updateable")}
    assert shown == {
        "type": "double",
        "precision": 18,
        "scale": 2,
        "custom": True,
        "updateable": True,
    }


def test_a_field_that_may_only_be_read_refuses_the_whole_row(salesforce: Salesforce) -> None:
    salesforce.add_field()
    salesforce.grant("Score__c", edit=False)
    [lead_id] = salesforce.lead_ids(1)
    [result] = salesforce.update({"id": lead_id, "Score__c": 1, "Title": "CEO"})
    assert result["errors"][0]["statusCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"
    assert salesforce.lead(lead_id)["Title"] != "CEO"


def test_numbers_are_rounded_to_the_scale_and_refused_beyond_the_precision(
    salesforce: Salesforce,
) -> None:
    salesforce.add_field(precision=5, scale=2)
    salesforce.grant("Score__c")
    [lead_id] = salesforce.lead_ids(1)
    salesforce.update({"id": lead_id, "Score__c": 12.345})
    [refused] = salesforce.update({"id": lead_id, "Score__c": 1000})
    assert refused["errors"][0]["statusCode"] == "NUMBER_OUTSIDE_VALID_RANGE"
    assert salesforce.lead(lead_id)["Score__c"] == 12.35


def test_times_are_kept_in_whole_seconds_of_utc(salesforce: Salesforce) -> None:
    salesforce.add_field("Since__c", type="DateTime")
    salesforce.grant("Since__c")
    [lead_id] = salesforce.lead_ids(1)
    salesforce.update({"id": lead_id, "Since__c": "2026-05-01T09:25:37.123+02:00"})
    assert salesforce.lead(lead_id)["Since__c"] == "2026-05-01T07:25:37.000+0000"


def test_a_value_of_another_type_refuses_the_whole_request(salesforce: Salesforce) -> None:
    salesforce.add_field("Since__c", type="DateTime")
    salesforce.grant("Since__c")
    record = {"attributes": {"type": "Lead"}, "id": salesforce.lead_ids(1)[0], "Since__c": "soon"}
    answer = salesforce("PATCH", "composite/sobjects", json={"records": [record]})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "JSON_PARSER_ERROR")


def test_the_same_field_twice_is_a_duplicate(salesforce: Salesforce) -> None:
    salesforce.add_field()
    answer = salesforce.add_field()
    assert answer.status_code == 400
    assert answer.json()[0]["errorCode"] == "DUPLICATE_DEVELOPER_NAME"


@pytest.mark.parametrize(
    ("name", "metadata", "code"),
    [
        ("Score", {}, "FIELD_INTEGRITY_EXCEPTION"),
        ("My__Score__c", {}, "FIELD_INTEGRITY_EXCEPTION"),
        ("Score__c", {"precision": None}, "FIELD_INTEGRITY_EXCEPTION"),
        ("Score__c", {"label": ""}, "REQUIRED_FIELD_MISSING"),
        ("Score__c", {"type": "Nope"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
    ],
)
def test_a_field_that_salesforce_would_not_make_is_not_made(
    salesforce: Salesforce, name: str, metadata: dict[str, Any], code: str
) -> None:
    answer = salesforce.add_field(name, **metadata)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)


def test_the_tooling_api_lists_custom_fields(salesforce: Salesforce) -> None:
    salesforce.add_field()
    soql = "SELECT DeveloperName, TableEnumOrId FROM CustomField"
    [record] = salesforce("GET", "tooling/query", params={"q": soql}).json()["records"]
    assert (record["DeveloperName"], record["TableEnumOrId"]) == ("Score", "Lead")
    assert salesforce.refusal(soql)["errorCode"] == "INVALID_TYPE"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Field": "Lead.Nope__c"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ({"PermissionsRead": False}, "FIELD_INTEGRITY_EXCEPTION"),
        ({"ParentId": "0PS5e0000000zzz"}, "INVALID_CROSS_REFERENCE_KEY"),
        ({}, "DUPLICATE_VALUE"),
    ],
)
def test_a_grant_that_makes_no_sense_is_refused(
    salesforce: Salesforce, changes: dict[str, Any], code: str
) -> None:
    salesforce.add_field()
    salesforce.grant("Score__c")
    parent = salesforce.query("SELECT Id FROM PermissionSet")[0]["Id"]
    grant = {"ParentId": parent, "SobjectType": "Lead", "Field": "Lead.Score__c"}
    rights = {"PermissionsRead": True, "PermissionsEdit": True}
    answer = salesforce("POST", "sobjects/FieldPermissions", json={**grant, **rights, **changes})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)


def test_the_list_of_objects_names_those_that_can_be_queried(salesforce: Salesforce) -> None:
    listed = salesforce("GET", "sobjects").json()["sobjects"]
    assert {"Lead", "LeadHistory", "Task", "User"} <= {entry["name"] for entry in listed}
    assert "CustomField" not in {entry["name"] for entry in listed}
