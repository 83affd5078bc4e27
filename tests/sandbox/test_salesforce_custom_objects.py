"""Objects that a company makes itself: by a package or over SOAP, read once they are granted."""

from pathlib import Path

import pytest

from tests.sandbox.bulk import ingested, queried
from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.conftest import Stage
from tests.sandbox.packages import (
    assign,
    deploy,
    field_xml,
    manifest,
    object_xml,
    problems,
    zipped,
)
from tests.sandbox.packages import permission_set_xml as granting
from tests.sandbox.salesforce_records import change, make, values

NAMED = "<nameField><label>Serial</label><type>Text</type></nameField>"
LABELS = "<label>Machine</label><pluralLabel>Machines</pluralLabel>"
OWNER = {"type": "Lookup", "referenceTo": "Account", "relationshipName": "Machines"}
HEAT = {"type": "Number", "precision": 5, "scale": 1}
ALL_ROWS = (
    "<objectPermissions><allowRead>true</allowRead><object>Machine__c</object></objectPermissions>"
)


def package(inner: str = LABELS + NAMED) -> bytes:
    fields = field_xml("Heat__c", **HEAT) + field_xml("Account__c", **OWNER)
    return zipped({"CustomObject": ["Machine__c"]}, Machine__c_object=object_xml(inner + fields))


def grant(salesforce: Salesforce) -> None:
    text = granting("Machine__c.Heat__c", "Machine__c.Account__c", inner=ALL_ROWS)
    done = deploy(salesforce, zipped({"PermissionSet": ["Machines"]}, Machines_permissionset=text))
    assert done["success"], problems(done)
    assign(salesforce, "Machines")


@pytest.fixture
def machines(salesforce: Salesforce) -> Salesforce:
    """An org with machines, which the API user may read."""
    done = deploy(salesforce, package())
    assert done["success"], problems(done)
    grant(salesforce)
    return salesforce


def test_an_object_is_there_once_it_is_granted(salesforce: Salesforce) -> None:
    assert deploy(salesforce, package())["success"]
    assert salesforce.refusal("SELECT Id FROM Machine__c")["errorCode"] == "INVALID_TYPE"
    assert salesforce("GET", "sobjects/Machine__c/describe").status_code == 404
    grant(salesforce)
    assert salesforce.query("SELECT Id, Heat__c FROM Machine__c") == []


def test_an_object_is_described_like_any_other(machines: Salesforce) -> None:
    body = machines("GET", "sobjects/Machine__c/describe").json()
    flags = {name: body[name] for name in ("custom", "keyPrefix", "label", "labelPlural")}
    assert flags == {
        "custom": True,
        "keyPrefix": "a00",
        "label": "Machine",
        "labelPlural": "Machines",
    }
    names = [field["name"] for field in body["fields"]]
    system = ["CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById"]
    first = ["Id", "OwnerId", "IsDeleted", "Name", *system, "SystemModstamp"]
    assert names == [*first, "Heat__c", "Account__c"]
    listed = machines("GET", "sobjects").json()["sobjects"]
    assert "Machine__c" in {one["name"] for one in listed}


def test_records_are_written_and_read_like_any_others(machines: Salesforce) -> None:
    account = make(machines, "Account")
    made = make(machines, "Machine__c", Name="M-1", Heat__c=70.25, Account__c=account)
    assert made.startswith("a00")
    change(machines, "Machine__c", made, Heat__c=80)
    assert values(machines, made, "Machine__c", "Name", "Heat__c") == ("M-1", 80.0)
    [found] = machines.query("SELECT Account__r.Name FROM Machine__c")
    assert found["Account__r"]["Name"] == "Probe Works"
    [above] = machines.query(f"SELECT (SELECT Id FROM Machines__r) FROM Account {where(account)}")
    assert above["Machines__r"]["totalSize"] == 1


def where(record_id: str) -> str:
    return f"WHERE Id = '{record_id}'"


def test_a_record_without_a_name_is_called_by_its_id(machines: Salesforce) -> None:
    made = make(machines, "Machine__c")
    assert values(machines, made, "Machine__c", "Name") == (made,)


def test_records_are_written_and_read_in_bulk(machines: Salesforce) -> None:
    job = ingested(machines, "insert", "Name,Heat__c\nM-1,1\nM-2,2\n", object="Machine__c")
    assert (job["state"], job["numberRecordsProcessed"]) == ("JobComplete", 2)
    text = queried(machines, "SELECT Name, Heat__c FROM Machine__c ORDER BY Name")
    assert text == '"Name","Heat__c"\n"M-1","1.0"\n"M-2","2.0"\n'


def test_deleted_records_are_told_of_restored_and_purged(
    machines: Salesforce, admin: Admin
) -> None:
    one, other = make(machines, "Machine__c"), make(machines, "Machine__c")
    for made in (one, other):
        assert machines("DELETE", f"sobjects/Machine__c/{made}").status_code == 204
    body = {"crm": "salesforce", "object": "Machine__c", "record_id": one}
    admin("POST", "restores", body).raise_for_status()
    admin("POST", "purges", {"object": "Machine__c", "record_ids": [other]}).raise_for_status()
    span = {"start": "2026-06-30T11:00:00Z", "end": "2026-06-30T12:30:00Z"}
    changed = machines("GET", "sobjects/Machine__c/updated", params=span).json()["ids"]
    gone = machines("GET", "sobjects/Machine__c/deleted", params=span).json()["deletedRecords"]
    assert (changed, [line["id"] for line in gone]) == ([one], [other])
    assert admin("GET", "counts").json()["salesforce"]["Machine__c"] == {"living": 1, "deleted": 0}


def test_names_can_be_numbers(salesforce: Salesforce) -> None:
    numbered = "<type>AutoNumber</type><displayFormat>M-{00000}</displayFormat>"
    named = f"<nameField><label>Number</label>{numbered}</nameField>"
    assert deploy(salesforce, package(LABELS + named))["success"]
    grant(salesforce)
    made = [make(salesforce, "Machine__c") for _ in range(2)]
    names = [values(salesforce, one, "Machine__c", "Name")[0] for one in made]
    assert names == ["M-01001", "M-01002"]


def test_an_object_outlives_a_restart(machines: Salesforce, stage: Stage, state: Path) -> None:
    made = make(machines, "Machine__c", Name="M-1")
    stage.restart(state)
    assert values(machines, made, "Machine__c", "Name") == ("M-1",)


@pytest.mark.parametrize(
    ("inner", "problem"),
    [
        (NAMED, "Must specify a non-empty label for the CustomObject"),
        (LABELS, "Must specify a nameField of type Text or AutoNumber"),
    ],
)
def test_an_object_that_lacks_something_is_not_made(
    salesforce: Salesforce, inner: str, problem: str
) -> None:
    assert problem in problems(deploy(salesforce, package(inner)))
    assert salesforce("GET", "sobjects/Machine__c/describe").status_code == 404


def test_a_package_takes_an_object_away(machines: Salesforce, admin: Admin) -> None:
    make(machines, "Machine__c")
    gone = manifest({"CustomObject": ["Machine__c"]})
    done = deploy(machines, zipped({}, destructiveChanges_xml=gone))
    assert done["success"], problems(done)
    assert machines.refusal("SELECT Id FROM Machine__c")["errorCode"] == "INVALID_TYPE"
    assert "Machine__c" not in admin("GET", "counts").json()["salesforce"]


def test_the_tooling_api_knows_an_object_by_its_id(machines: Salesforce) -> None:
    soql = "SELECT DurableId FROM EntityDefinition WHERE QualifiedApiName = 'Machine__c'"
    [entity] = machines("GET", "tooling/query", params={"q": soql}).json()["records"]
    assert entity["DurableId"].startswith("01I")


def test_a_standard_object_can_be_withheld(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_hidden_objects=["Case"])
    assert salesforce.refusal("SELECT Id FROM Case")["errorCode"] == "INVALID_TYPE"
    assert salesforce("GET", "sobjects/Case/describe").status_code == 404
    names = {one["name"] for one in salesforce("GET", "sobjects").json()["sobjects"]}
    assert {"Case", "Lead"} & names == {"Lead"}
