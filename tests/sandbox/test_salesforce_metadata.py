"""Deployments: packages in, components out, and every way in which they fail."""

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.server import running_sandbox
from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.packages import (
    NUMBER,
    assign,
    deploy,
    field_xml,
    fields_package,
    manifest,
    object_xml,
    permission_set_xml,
    problems,
    start,
    zipped,
)
from tests.sandbox.salesforce_records import change, lines, make

DEPLOYS = "metadata/deployRequest"
LONG = {"type": "LongTextArea", "length": 32_768, "visibleLines": 3}
GRADES = {
    "restricted": True,
    "valueSetDefinition": {
        "sorted": False,
        "value": [{"fullName": grade, "default": False, "label": grade} for grade in "AB"],
    },
}


def statuses(salesforce: Salesforce, deploy_id: str, times: int) -> list[str]:
    path = f"{DEPLOYS}/{deploy_id}"
    answers = [salesforce("GET", path).json() for _ in range(times)]
    return [answer["deployResult"]["status"] for answer in answers]


def field_names(salesforce: Salesforce) -> list[str]:
    soql = "SELECT DeveloperName FROM CustomField ORDER BY DeveloperName"
    records = salesforce("GET", "tooling/query", params={"q": soql}).json()["records"]
    return [record["DeveloperName"] for record in records]


def test_fields_and_their_permission_set_arrive_in_one_package(salesforce: Salesforce) -> None:
    fields = field_xml("Grade__c", type="Picklist", valueSet=GRADES) + field_xml("Why__c", **LONG)
    members = {
        "CustomField": ["Lead.Grade__c", "Lead.Why__c"],
        "PermissionSet": ["Readers"],
    }
    grants = permission_set_xml("Lead.Grade__c", "Lead.Why__c")
    package = zipped(members, Lead_object=object_xml(fields), Readers_permissionset=grants)
    result = deploy(salesforce, package)
    assert (result["status"], result["success"], result["done"]) == ("Succeeded", True, True)
    counts = ("numberComponentsDeployed", "numberComponentErrors", "numberComponentsTotal")
    assert [result[key] for key in counts] == [3, 0, 3]
    assert salesforce.refusal("SELECT Grade__c FROM Lead")["errorCode"] == "INVALID_FIELD"
    assign(salesforce, "Readers")
    lead_id = make(salesforce, "Lead", Grade__c="A", Why__c="long " * 100)
    assert salesforce.lead(lead_id)["Grade__c"] == "A"


def test_each_component_has_a_message_of_its_own(salesforce: Salesforce) -> None:
    package = fields_package("Lead", Score__c=NUMBER)
    [listed, field] = deploy(salesforce, package)["details"]["componentSuccesses"]
    assert (listed["fullName"], listed["componentType"]) == ("package.xml", "")
    assert field.pop("id").startswith("00N")
    assert field == {
        "changed": True,
        "columnNumber": None,
        "componentType": "CustomField",
        "created": True,
        "createdDate": "2026-06-30T12:00:00.000+0000",
        "deleted": False,
        "fileName": "objects/Lead.object",
        "fullName": "Lead.Score__c",
        "lineNumber": None,
        "problem": None,
        "problemType": None,
        "success": True,
    }
    [_, again] = deploy(salesforce, package)["details"]["componentSuccesses"]
    assert (again["created"], again["changed"]) == (False, False)


def test_a_deployment_waits_and_works_before_it_is_done(
    salesforce: Salesforce, admin: Admin
) -> None:
    package = fields_package("Lead", Score__c=NUMBER)
    first = start(salesforce, package)["id"]
    assert statuses(salesforce, first, 4) == ["Pending", "InProgress", "Succeeded", "Succeeded"]
    admin.setting(salesforce_deploy_polls=0)
    assert statuses(salesforce, start(salesforce, package)["id"], 1) == ["Succeeded"]


def test_details_come_only_when_asked_for(salesforce: Salesforce) -> None:
    asked = start(salesforce, fields_package("Lead", Score__c=NUMBER))
    assert (asked["deployResult"]["status"], asked["deployResult"]["details"]) == ("Pending", None)
    plain = salesforce("GET", f"{DEPLOYS}/{asked['id']}").json()
    assert (plain["id"], plain["deployResult"]["details"]) == (asked["id"], None)
    assert plain["deployOptions"]["rollbackOnError"] is True


def test_one_failure_undoes_the_whole_deployment(salesforce: Salesforce) -> None:
    package = fields_package("Lead", Good__c=NUMBER, Bad__c={"type": "Number", "precision": 4})
    result = deploy(salesforce, package)
    [failure] = result["details"]["componentFailures"]
    assert (result["status"], result["success"]) == ("Failed", False)
    keys = ("fullName", "problem", "problemType", "lineNumber", "columnNumber")
    problem = "Must specify 'scale' for a CustomField of type Number"
    assert [failure[key] for key in keys] == ["Lead.Bad__c", problem, "Error", 4, 1]
    assert field_names(salesforce) == []


def test_without_rollback_what_is_good_stays(salesforce: Salesforce) -> None:
    package = fields_package("Lead", Good__c=NUMBER, Bad__c={"type": "Number"})
    result = deploy(salesforce, package, rollbackOnError=False)
    assert (result["status"], field_names(salesforce)) == ("SucceededPartial", ["Good"])


def test_a_check_changes_nothing(salesforce: Salesforce) -> None:
    package = fields_package("Lead", Score__c=NUMBER)
    result = deploy(salesforce, package, checkOnly=True, testLevel="RunLocalTests")
    assert (result["status"], result["checkOnly"], result["runTestsEnabled"]) == (
        "Succeeded",
        True,
        True,
    )
    assert field_names(salesforce) == []


def test_a_deployment_can_be_cancelled_until_it_is_done(salesforce: Salesforce) -> None:
    package = fields_package("Lead", Score__c=NUMBER)
    path = f"{DEPLOYS}/{start(salesforce, package)['id']}"
    body = {"deployResult": {"status": "Canceling"}}
    answer = salesforce("PATCH", path, json=body)
    assert (answer.status_code, answer.json()["deployResult"]["status"]) == (202, "Canceled")
    assert statuses(salesforce, path.rpartition("/")[2], 2) == ["Canceled", "Canceled"]
    again = salesforce("PATCH", path, json=body).json()
    assert (again[0]["message"], field_names(salesforce)) == ("Job is already completed", [])


def test_a_deployment_under_way_outlives_the_process(state: Path) -> None:
    with running_sandbox(state) as first:
        salesforce = Salesforce(first)
        deploy_id = start(salesforce, fields_package("Lead", Score__c=NUMBER))["id"]
        assert statuses(salesforce, deploy_id, 1) == ["Pending"]
    with running_sandbox(state) as second:
        again = Salesforce(second)
        assert statuses(again, deploy_id, 2) == ["InProgress", "Succeeded"]
        assert field_names(again) == ["Score"]


FIELD = field_xml("Score__c", **NUMBER)
ONE = {"CustomField": ["Lead.Score__c"]}
TWO = {"CustomField": ["Lead.Score__c", "Lead.Gone__c"]}
ABSENT = (
    "An object 'Lead.Gone__c' of type CustomField was named in package.xml, but was not found in "
    "zipped directory"
)
MISPLACED = (
    "Error parsing file: Element {http://soap.sforce.com/2006/04/metadata}scales invalid at this "
    "location in type CustomField"
)
DOUBLED = "Error parsing file: Element label is duplicated at this location in type CustomField"
ENTITY = object_xml("&all;").replace("<Cust", '<!DOCTYPE c [<!ENTITY all "x">]><Cust', 1)


def with_part(part: str) -> str:
    return object_xml(FIELD.replace("</fields>", f"{part}</fields>"))


@pytest.mark.parametrize(
    ("members", "file", "problem"),
    [
        (TWO, object_xml(FIELD), ABSENT),
        (ONE, object_xml(FIELD + field_xml("Stray__c", **NUMBER)), "Not in package.xml"),
        (ONE, object_xml(FIELD.replace("scale>", "scales>")), MISPLACED),
        (
            ONE,
            object_xml(FIELD.replace("<scale>2", "<scale>two")),
            "Error parsing file: 'two' is not a valid value for the type xsd:int",
        ),
        (
            ONE,
            with_part("<unique>maybe</unique>"),
            "Error parsing file: 'maybe' is not a valid value for the type xsd:boolean",
        ),
        (ONE, with_part("<label>Twice</label>"), DOUBLED),
        (
            ONE,
            object_xml(FIELD).replace("CustomObject", "Profile"),
            "Error parsing file: Root element Profile does not match type CustomObject",
        ),
        (ONE, object_xml(FIELD)[:-3], "Error parsing file: unclosed token"),
        (ONE, ENTITY, "Error parsing file: DOCTYPE is disallowed"),
        (
            {"CustomField": ["Lead.Score"]},
            object_xml(FIELD.replace("__c<", "<", 1)),
            "Could not resolve standard field's name.",
        ),
    ],
)
def test_a_package_that_does_not_add_up_fails_in_salesforce_s_words(
    salesforce: Salesforce, members: dict[str, list[str]], file: str, problem: str
) -> None:
    result = deploy(salesforce, zipped(members, Lead_object=file))
    assert (result["status"], problems(result)) == ("Failed", [problem])


@pytest.mark.parametrize(
    ("package", "message"),
    [
        (b"no zip", "UNKNOWN_EXCEPTION: File is not a zip file"),
        (b"PK\x05\x06" + bytes(18), "No package.xml found"),
        (zipped({"Nope": ["A"]}), "Unknown type name 'Nope' specified in package.xml"),
    ],
)
def test_what_is_no_package_fails_as_a_whole(
    salesforce: Salesforce, package: bytes, message: str
) -> None:
    result = deploy(salesforce, package)
    assert (result["status"], result["errorMessage"]) == ("Failed", message)


def test_a_request_without_a_zip_is_refused(salesforce: Salesforce) -> None:
    bare = {"json": (None, json.dumps({"deployOptions": {}}), "application/json")}
    answer = salesforce("POST", DEPLOYS, files=bare)
    assert answer.json()[0]["errorCode"] == "INVALID_MULTIPART_REQUEST"
    assert salesforce("GET", f"{DEPLOYS}/0Af000000000001").status_code == 404


def test_components_are_taken_away_by_destructive_changes(salesforce: Salesforce) -> None:
    deploy(salesforce, fields_package("Lead", Score__c=NUMBER))
    removed = manifest({"CustomField": ["Lead.Score__c", "Lead.Never__c"]})
    result = deploy(salesforce, zipped({}, destructiveChanges_xml=removed))
    told = [(m["fullName"], m["deleted"]) for m in result["details"]["componentSuccesses"]]
    assert told[2:] == [("Lead.Score__c", True), ("Lead.Never__c", False)]
    warning = result["details"]["componentSuccesses"][-1]
    assert warning["problem"] == "No CustomField named: Lead.Never__c found"
    assert field_names(salesforce) == []


def test_fields_of_activities_are_deployed_to_activity_alone(salesforce: Salesforce) -> None:
    field = {"Mood__c": NUMBER}
    assert deploy(salesforce, fields_package("Task", **field))["status"] == "Failed"
    assert deploy(salesforce, fields_package("Activity", **field))["status"] == "Succeeded"
    grants = permission_set_xml("Task.Mood__c", "Event.Mood__c")
    package = zipped({"PermissionSet": ["Moods"]}, Moods_permissionset=grants)
    assert deploy(salesforce, package)["status"] == "Succeeded"
    assign(salesforce, "Moods")
    make(salesforce, "Event", Mood__c=2)
    assert salesforce.query("SELECT Mood__c FROM Event WHERE Mood__c = 2") == [{"Mood__c": 2.0}]


def test_a_tracked_field_keeps_its_history(salesforce: Salesforce) -> None:
    tracked = field_xml("Grade__c", type="Picklist", valueSet=GRADES, trackHistory=True)
    members = {"CustomField": ["Lead.Grade__c"], "PermissionSet": ["Grades"]}
    grants = permission_set_xml("Lead.Grade__c")
    package = zipped(members, Lead_object=object_xml(tracked), Grades_permissionset=grants)
    deploy(salesforce, package)
    assign(salesforce, "Grades")
    lead_id = make(salesforce, "Lead", Grade__c="A")
    change(salesforce, "Lead", lead_id, Grade__c="B")
    [_, line] = lines(salesforce, "LeadHistory", lead_id, "Field", "OldValue", "NewValue")
    assert line == ("Grade__c", "A", "B")


def test_twenty_fields_of_an_object_are_tracked_at_most(salesforce: Salesforce) -> None:
    tracked = {f"Tracked_{n}__c": {**NUMBER, "trackHistory": True} for n in range(18)}
    found = problems(deploy(salesforce, fields_package("Lead", **tracked)))
    assert found == ["You can track at most 20 fields on Lead"]


def test_a_permission_set_grants_what_it_says_now_and_nothing_else(
    salesforce: Salesforce,
) -> None:
    def put(*fields: str, inner: str = "") -> dict[str, Any]:
        text = permission_set_xml(*fields, inner=inner)
        return deploy(salesforce, zipped({"PermissionSet": ["Set"]}, Set_permissionset=text))

    rights = "<allowEdit>true</allowEdit><allowRead>true</allowRead><object>Lead</object>"
    put("Lead.Title", "Lead.Rating")
    put("Lead.Title", inner=f"<objectPermissions>{rights}</objectPermissions>")
    fields = salesforce.query("SELECT Field FROM FieldPermissions")
    objects = salesforce.query("SELECT SobjectType, PermissionsEdit FROM ObjectPermissions")
    assert fields == [{"Field": "Lead.Title"}]
    assert objects == [{"SobjectType": "Lead", "PermissionsEdit": True}]


DELETES_ONLY = (
    "<objectPermissions><allowDelete>true</allowDelete><allowRead>true</allowRead>"
    "<object>Lead</object></objectPermissions>"
)


@pytest.mark.parametrize(
    ("fields", "inner", "problem"),
    [
        (("Lead.Nope__c",), "", "In field: field - no CustomField named Lead.Nope__c found"),
        (("Lead.Company",), "", "You cannot deploy to a required field: Lead.Company"),
        ((), DELETES_ONLY, "Permission Delete Lead depends on permission(s): Edit Lead"),
    ],
)
def test_a_permission_set_grants_nothing_that_can_t_be(
    salesforce: Salesforce, fields: tuple[str, ...], inner: str, problem: str
) -> None:
    text = permission_set_xml(*fields, inner=inner)
    package = zipped({"PermissionSet": ["Set"]}, Set_permissionset=text)
    assert problems(deploy(salesforce, package)) == [problem]
