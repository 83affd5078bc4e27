"""What a client sends ends up in values, never in the SQL of the sandbox or in other records."""

from typing import Any

import pytest

from tests.sandbox.clients import CONTACTS, Admin, HubSpot

SCHEMAS, PROPERTIES = "/crm-object-schemas/v3/schemas", "/crm/v3/properties/line_items"
ESCAPE = "model') from hubspot_records union select 1, email from hubspot_owners --"
CARS = {
    "name": "cars",
    "labels": {"singular": "Car"},
    "requiredProperties": ["model"],
    "searchableProperties": ["model"],
    "properties": [{"name": "model", "label": "Model", "type": "string"}],
}


@pytest.mark.parametrize("listed", ["requiredProperties", "searchableProperties"])
def test_an_object_lists_no_names_but_those_of_its_properties(
    hubspot: HubSpot, listed: str
) -> None:
    made = hubspot("POST", SCHEMAS, json={**CARS, listed: [ESCAPE]})
    hubspot("POST", SCHEMAS, json=CARS).raise_for_status()
    changed = hubspot("PATCH", f"{SCHEMAS}/cars", json={listed: [ESCAPE]})
    message = f"Properties of the schema don't exist: {ESCAPE}"
    assert [answer.json()["message"] for answer in (made, changed)] == [message] * 2
    found = hubspot("POST", "/crm/v3/objects/cars/search", json={"query": "a"})
    assert found.json() == {"total": 0, "results": []}


def test_stages_of_the_accounts_own_are_no_names_of_columns(hubspot: HubSpot) -> None:
    option = {"label": "Bad", "value": ESCAPE}
    body = {"name": "lifecyclestage", "label": "Stage", "type": "enumeration", "options": [option]}
    made = {**body, "fieldType": "select", "groupName": "lineiteminformation"}
    [group] = hubspot("GET", f"{PROPERTIES}/groups").json()["results"]
    hubspot("POST", PROPERTIES, json={**made, "groupName": group["name"]}).raise_for_status()
    filters = [{"propertyName": f"hs_v2_date_entered_{ESCAPE}", "operator": "HAS_PROPERTY"}]
    answer = hubspot("POST", "/crm/v3/objects/line_items/search", json={"filters": filters})
    assert answer.status_code == 400


@pytest.mark.parametrize("missing", [{}, {"id": ""}, {"id": None}])
def test_an_upsert_without_an_id_changes_nobody(
    hubspot: HubSpot, admin: Admin, missing: dict[str, Any]
) -> None:
    contact_id = hubspot.create(email="a@b.example", hs_additional_emails="c@b.example")
    hubspot.patch(contact_id, hs_additional_emails="").raise_for_status()
    entry = {**missing, "idProperty": "email", "properties": {"city": "Oslo"}}
    before = admin.dump()
    assert hubspot.batch("upsert", [entry]).status_code == 400
    params = {"idProperty": "email"}
    assert hubspot("GET", f"{CONTACTS}/%20", params=params).status_code == 404
    assert admin.dump() == before
