import pytest

from connectors.changes import OwnField, ProvisionResult
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.destination import HubSpotDestination
from connectors.hubspot.fields import describe_property
from connectors.records import FieldType
from tests.unit.connectors.scripted import Answer, Script

PROPERTIES = "/crm/v3/properties/contacts"
GROUPS = f"{PROPERTIES}/groups"
STAGE = OwnField("leadcycle_stage", "Stage", "string", "Where", length=80)


def describe(script: Script, groups: list[str], properties: list[str]) -> None:
    script.on("GET", GROUPS, Answer({"results": [{"name": name} for name in groups]}))
    found = [{"name": name, "type": "string"} for name in properties]
    script.on("GET", PROPERTIES, Answer({"results": found}))


def provision(client: HubSpotClient) -> list[ProvisionResult]:
    return HubSpotDestination(client).provision("contacts", [STAGE])


def test_group_and_property_are_created(script: Script, client: HubSpotClient) -> None:
    describe(script, ["contactinformation"], ["email"])
    script.on("POST", GROUPS, Answer({"name": "leadcycle"}, status=201))
    script.on("POST", PROPERTIES, Answer({"name": "leadcycle_stage"}, status=201))
    assert provision(client) == [ProvisionResult("leadcycle_stage", "created")]
    assert [asked.json() for asked in script.asked if asked.method == "POST"] == [
        {"name": "leadcycle", "label": "Leadcycle"},
        {
            "name": "leadcycle_stage",
            "label": "Stage",
            "description": "Where",
            "groupName": "leadcycle",
            "type": "string",
            "fieldType": "text",
        },
    ]


def test_what_is_there_is_left_alone(script: Script, client: HubSpotClient) -> None:
    describe(script, ["leadcycle"], ["leadcycle_stage"])
    assert provision(client) == [ProvisionResult("leadcycle_stage", "present")]
    assert client.calls.write == 0


def test_a_run_that_was_quicker_is_no_failure(script: Script, client: HubSpotClient) -> None:
    describe(script, [], ["email"])
    script.on("POST", GROUPS, Answer({"category": "OBJECT_ALREADY_EXISTS"}, status=409))
    script.on("POST", PROPERTIES, Answer({"category": "OBJECT_ALREADY_EXISTS"}, status=409))
    assert provision(client) == [ProvisionResult("leadcycle_stage", "present")]


@pytest.mark.parametrize(
    ("kind", "length", "shape"),
    [
        ("string", 80, ("string", "text")),
        ("string", 255, ("string", "textarea")),
        ("decimal", 255, ("number", "number")),
        ("integer", 255, ("number", "number")),
        ("datetime", 255, ("datetime", "date")),
        ("date", 255, ("date", "date")),
        ("boolean", 255, ("bool", "booleancheckbox")),
    ],
)
def test_each_type_has_its_shape(kind: FieldType, length: int, shape: tuple[str, str]) -> None:
    described = describe_property(OwnField("x", "X", kind, length=length))
    assert (described["type"], described["fieldType"]) == shape
