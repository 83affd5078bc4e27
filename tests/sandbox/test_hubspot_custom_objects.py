"""Custom objects: their schemas, and records that are addressed by any of their names."""

from pathlib import Path
from typing import Any

import pytest
import requests

from tests.sandbox.clients import CONTACTS, PORTAL, Admin, HubSpot, codes
from tests.sandbox.conftest import Stage

SCHEMAS = "/crm-object-schemas/v3/schemas"
NOW = "2026-06-30T12:00:00Z"
CARS = {
    "name": "cars",
    "labels": {"singular": "Car", "plural": "Cars"},
    "primaryDisplayProperty": "model",
    "requiredProperties": ["model"],
    "searchableProperties": ["model"],
    "properties": [
        {"name": "model", "label": "Model", "type": "string"},
        {"name": "vin", "label": "VIN", "fieldType": "text", "hasUniqueValue": True},
    ],
    "associatedObjects": ["CONTACT"],
}


@pytest.fixture
def cars(hubspot: HubSpot) -> dict[str, Any]:
    """The schema of cars."""
    answer = hubspot("POST", SCHEMAS, json=CARS)
    assert answer.status_code == 201
    made: dict[str, Any] = answer.json()
    return made


def create(hubspot: HubSpot, **properties: str) -> requests.Response:
    return hubspot("POST", "/crm/v3/objects/cars", json={"properties": properties})


def test_a_schema_tells_its_names(cars: dict[str, Any]) -> None:
    told = {name: value for name, value in cars.items() if name not in CARS}
    del told["associations"]
    assert told == {
        "secondaryDisplayProperties": [],
        "description": None,
        "metaType": "PORTAL_SPECIFIC",
        "id": cars["objectTypeId"].removeprefix("2-"),
        "fullyQualifiedName": f"p{PORTAL}_cars",
        "objectTypeId": cars["objectTypeId"],
        "createdAt": NOW,
        "updatedAt": NOW,
        "archived": False,
    }


def test_a_schema_repeats_what_was_said_of_it(cars: dict[str, Any]) -> None:
    said = {**CARS, "properties": cars["properties"]}
    del said["associatedObjects"]
    assert {name: cars[name] for name in said} == said
    vin = next(entry for entry in cars["properties"] if entry["name"] == "vin")
    assert (vin["hasUniqueValue"], vin["type"], vin["groupName"]) == (
        True,
        "string",
        "cars_information",
    )
    kinds = [entry["name"] for entry in cars["associations"]]
    assert kinds == ["cars_to_contact", "contact_to_cars"]


def test_a_record_is_found_under_every_name_of_its_object(
    hubspot: HubSpot, cars: dict[str, Any]
) -> None:
    made = create(hubspot, model="T").json()
    names = ("cars", "CARS", "p_cars", cars["fullyQualifiedName"], cars["objectTypeId"])
    found = [hubspot("GET", f"/crm/v3/objects/{n}/{made['id']}").json() for n in names]
    own = {"hs_createdate": NOW, "hs_lastmodifieddate": NOW, "hs_object_id": made["id"]}
    stamps = {"createdAt": NOW, "updatedAt": NOW, "archived": False}
    assert found == [{"id": made["id"], "properties": own, **stamps}] * len(names)


def test_a_required_property_must_be_set(hubspot: HubSpot, cars: dict[str, Any]) -> None:
    assert cars["requiredProperties"] == ["model"]
    assert create(hubspot, vin="1").json()["context"] == {"properties": ["model"]}


def test_records_are_searched_upserted_and_associated(
    hubspot: HubSpot, cars: dict[str, Any]
) -> None:
    entry = {"id": "1", "idProperty": "vin", "properties": {"model": "Ford T"}}
    path = "/crm/v3/objects/cars"
    [made] = hubspot("POST", f"{path}/batch/upsert", json={"inputs": [entry]}).json()["results"]
    found = hubspot("POST", f"{path}/search", json={"query": "ford"}).json()["results"]
    assert [record["id"] for record in found] == [made["id"]]
    contact_id = hubspot.create(email="a@b.example")
    link = f"/crm/v4/objects/cars/{made['id']}/associations/default/contacts/{contact_id}"
    assert hubspot("PUT", link).status_code == 200
    params = {"associations": "cars"}
    inline = hubspot("GET", f"/crm/v3/objects/contacts/{contact_id}", params=params).json()
    listed = inline["associations"][cars["fullyQualifiedName"]]["results"]
    assert [record["id"] for record in listed] == [made["id"]]


def test_a_schema_is_listed_read_and_changed(hubspot: HubSpot, cars: dict[str, Any]) -> None:
    assert hubspot("GET", SCHEMAS).json() == {"results": [cars]}
    changed = hubspot("PATCH", f"{SCHEMAS}/cars", json={"requiredProperties": []}).json()
    assert changed == {**cars, "requiredProperties": []}
    assert hubspot("GET", f"{SCHEMAS}/{cars['objectTypeId']}").json() == changed
    assert create(hubspot, vin="1").status_code == 201


def test_the_guide_has_another_path_to_the_schemas(hubspot: HubSpot, cars: dict[str, Any]) -> None:
    assert hubspot("GET", "/crm/v3/schemas").json() == {"results": [cars]}
    changed = hubspot("PATCH", "/crm/v3/schemas/cars", json={"description": "On wheels"}).json()
    assert changed == {**cars, "description": "On wheels"}
    assert hubspot("GET", f"{SCHEMAS}/cars").json() == changed


@pytest.mark.usefixtures("cars")
def test_custom_objects_have_a_scope_that_other_paths_do_without(
    hubspot: HubSpot, admin: Admin
) -> None:
    admin.setting(hubspot_withheld_scopes=["crm.objects.custom.read"])
    paths = ("/crm/v3/objects/cars", "/crm/v3/objects/quotes", "/account-info/v3/details")
    assert [hubspot("GET", path).status_code for path in paths] == [403, 200, 200]


def test_an_object_goes_once_it_has_no_records(hubspot: HubSpot, cars: dict[str, Any]) -> None:
    record_id = create(hubspot, model="T").json()["id"]
    assert hubspot("DELETE", f"{SCHEMAS}/{cars['name']}").status_code == 400
    hubspot("DELETE", f"/crm/v3/objects/cars/{record_id}")
    assert hubspot("DELETE", f"{SCHEMAS}/cars").status_code == 204
    message = "Unable to infer object type from: cars"
    assert hubspot("GET", "/crm/v3/objects/cars").json()["message"] == message
    assert hubspot("GET", SCHEMAS).json() == {"results": []}


def test_with_an_object_go_its_lists_and_what_others_say_of_it(
    hubspot: HubSpot, cars: dict[str, Any]
) -> None:
    trucks = {**CARS, "name": "trucks", "associatedObjects": ["cars"]}
    hubspot("POST", SCHEMAS, json=trucks).raise_for_status()
    manual = {"name": "L", "objectTypeId": cars["objectTypeId"], "processingType": "MANUAL"}
    list_id = hubspot("POST", "/crm/v3/lists", json=manual).json()["list"]["listId"]
    assert hubspot("DELETE", f"{SCHEMAS}/cars").status_code == 204
    params = {"listIds": list_id}
    assert hubspot("GET", "/crm/v3/lists", params=params).json() == {"lists": []}
    assert hubspot("GET", SCHEMAS).json()["results"][0]["associations"] == []


def test_with_an_object_go_its_associations(hubspot: HubSpot, cars: dict[str, Any]) -> None:
    record_id, kind = create(hubspot, model="T").json()["id"], int(cars["associations"][1]["id"])
    contact = hubspot.create(email="a@b.example")
    link = f"/crm/v4/objects/cars/{record_id}/associations/default/contacts/{contact}"
    hubspot("PUT", link).raise_for_status()
    for path in (f"/crm/v3/objects/cars/{record_id}", f"{SCHEMAS}/cars"):
        assert hubspot("DELETE", path).status_code == 204
    types = [{"associationCategory": "USER_DEFINED", "associationTypeId": kind}]
    body = {"properties": {"city": "Oslo"}, "associations": [{"to": {"id": 1}, "types": types}]}
    assert hubspot("POST", CONTACTS, json=body).status_code == 400


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({}, 409),
        ({"name": "contacts"}, 409),
        ({"name": "Red Cars"}, 400),
        ({"name": "trucks", "requiredProperties": ["nope"]}, 400),
        ({"name": "trucks", "properties": []}, 400),
        ({"name": "trucks", "associatedObjects": ["butterflies"]}, 400),
    ],
)
def test_a_schema_that_hubspot_refuses_is_refused(
    hubspot: HubSpot, cars: dict[str, Any], more: dict[str, Any], status: int
) -> None:
    assert cars["name"] == "cars"
    assert hubspot("POST", SCHEMAS, json={**CARS, **more}).status_code == status


def test_standard_objects_have_no_schema_of_the_account(hubspot: HubSpot) -> None:
    assert hubspot("GET", f"{SCHEMAS}/contacts").status_code == 404


def test_custom_objects_and_blocked_addresses_outlive_a_restart(
    hubspot: HubSpot, cars: dict[str, Any], state: Path, stage: Stage
) -> None:
    record = create(hubspot, model="T").json()["id"]
    erasure = {"objectId": "a@b.example", "idProperty": "email"}
    hubspot("POST", f"{CONTACTS}/gdpr-delete", json=erasure).raise_for_status()
    stage.restart(state)
    assert hubspot("GET", SCHEMAS).json() == {"results": [cars]}
    assert hubspot("GET", f"/crm/v3/objects/p_cars/{record}").status_code == 200
    blocked = hubspot("POST", CONTACTS, json={"properties": {"email": "a@b.example"}})
    assert codes(blocked) == [("INVALID_EMAIL", "email")]
