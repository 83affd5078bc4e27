import pytest

from connectors.changes import OwnField, ProvisionResult
from connectors.errors import InvalidRequestError
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.destination import SalesforceDestination
from connectors.salesforce.fields import describe_field
from tests.unit.connectors.salesforce.conftest import DATA
from tests.unit.connectors.scripted import Answer, Asked, Script

TOOLING = f"{DATA}/tooling/sobjects/CustomField"
STAGE = OwnField("Stage__c", "Stage", "string", "Where", length=80)
MADE = Answer({"id": "0PS000000000001AAA", "success": True}, status=201)


def refusal(code: str) -> Answer:
    return Answer([{"errorCode": code, "message": "Stage"}], status=400)


@pytest.fixture
def bare_org(org: Script) -> Script:
    """An org without our permission set."""
    nothing = {"totalSize": 0, "done": True, "records": []}
    org.on("GET", f"{DATA}/queryAll/", Answer(nothing))
    for name in ("PermissionSet", "FieldPermissions", "PermissionSetAssignment"):
        org.on("POST", f"{DATA}/sobjects/{name}", MADE)
    return org


def provision(client: SalesforceClient) -> list[ProvisionResult]:
    return SalesforceDestination(client).provision("Lead", [STAGE])


def test_a_missing_field_is_created_and_granted_to_our_user(
    bare_org: Script, client: SalesforceClient
) -> None:
    bare_org.on("POST", TOOLING, MADE)
    assert provision(client) == [ProvisionResult("Stage__c", "created")]
    [grant] = bare_org.asked_for(f"{DATA}/sobjects/FieldPermissions")
    [assignment] = bare_org.asked_for(f"{DATA}/sobjects/PermissionSetAssignment")
    assert (grant.json()["Field"], assignment.json()["AssigneeId"]) == (
        "Lead.Stage__c",
        "005000000000001AAA",
    )


def test_a_field_that_our_user_cannot_see_is_present(
    bare_org: Script, client: SalesforceClient
) -> None:
    bare_org.on("POST", TOOLING, refusal("DUPLICATE_DEVELOPER_NAME"))
    assert provision(client) == [ProvisionResult("Stage__c", "present")]


def test_another_refusal_is_raised(bare_org: Script, client: SalesforceClient) -> None:
    bare_org.on("POST", TOOLING, refusal("INVALID_FULL_NAME"))
    with pytest.raises(InvalidRequestError, match="INVALID_FULL_NAME"):
        provision(client)


def test_what_is_granted_already_is_left_alone(org: Script, client: SalesforceClient) -> None:
    def found(asked: Asked) -> Answer:
        record = {"Id": "0PS000000000001AAA", "Field": "Lead.Email"}
        return Answer({"totalSize": 1, "done": True, "records": [record]})

    org.on("GET", f"{DATA}/queryAll/", found)
    fields = [OwnField("Email", "Email", "string")]
    results = SalesforceDestination(client).provision("Lead", fields)
    assert results == [ProvisionResult("Email", "present")]
    assert client.calls.write == 0


def test_each_type_has_its_metadata() -> None:
    assert describe_field(STAGE) == {
        "label": "Stage",
        "description": "Where",
        "type": "Text",
        "length": 80,
    }
    score = describe_field(OwnField("Score__c", "Score", "decimal"))
    assert (score["type"], score["precision"], score["scale"]) == ("Number", 18, 2)
    assert describe_field(OwnField("At__c", "At", "datetime"))["type"] == "DateTime"
