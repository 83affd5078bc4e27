"""Property definitions and groups: creation rules, changes, archiving, batches."""

from typing import Any

import pytest

from tests.sandbox.clients import HubSpot

PATH = "/crm/v3/properties/contacts"
MINE = {
    "name": "mine",
    "label": "Mine",
    "type": "number",
    "fieldType": "number",
    "groupName": "contactinformation",
}
CHOICE = {**MINE, "type": "enumeration", "fieldType": "select"}


def create(hubspot: HubSpot, **changes: Any) -> Any:
    return hubspot("POST", PATH, json={**MINE, **changes})


def test_a_definition_has_the_keys_of_the_real_one(hubspot: HubSpot) -> None:
    assert create(hubspot, description="Ours", displayOrder=2).json() == {
        **MINE,
        "description": "Ours",
        "options": [],
        "displayOrder": 2,
        "calculated": False,
        "externalOptions": False,
        "hasUniqueValue": False,
        "hidden": False,
        "hubspotDefined": False,
        "showCurrencySymbol": False,
        "modificationMetadata": {
            "archivable": True,
            "readOnlyDefinition": False,
            "readOnlyValue": False,
        },
        "formField": True,
        "dataSensitivity": "non_sensitive",
        "archived": False,
        "createdAt": "2026-06-30T12:00:00Z",
        "updatedAt": "2026-06-30T12:00:00Z",
    }


def test_an_archived_property_takes_no_values_and_is_listed_apart(hubspot: HubSpot) -> None:
    create(hubspot)
    contact = hubspot.create(email="a@b.example", mine="1")
    assert hubspot("DELETE", f"{PATH}/mine").status_code == 204
    assert hubspot.patch(contact, mine="2").json()["errors"][0]["code"] == "PROPERTY_DOESNT_EXIST"
    assert "mine" not in hubspot.read(contact, "mine")
    [gone] = hubspot("GET", PATH, params={"archived": "true"}).json()["results"]
    assert (gone["name"], gone["archived"], gone["archivedAt"]) == (
        "mine",
        True,
        "2026-06-30T12:00:00Z",
    )
    read = [hubspot("GET", f"{PATH}/mine", params={"archived": a}) for a in ("false", "true")]
    assert [answer.status_code for answer in read] == [404, 200]


def test_the_name_of_an_archived_property_is_free_again(hubspot: HubSpot) -> None:
    create(hubspot)
    hubspot("DELETE", f"{PATH}/mine")
    assert create(hubspot, label="Anew").json()["label"] == "Anew"
    assert hubspot("GET", PATH, params={"archived": "true"}).json()["results"] == []


def test_a_property_that_exists_is_a_conflict(hubspot: HubSpot) -> None:
    create(hubspot)
    answer = create(hubspot)
    body = {key: answer.json()[key] for key in ("status", "message", "category")}
    assert (answer.status_code, body) == (
        409,
        {
            "status": "error",
            "message": "A property named 'mine' already exists.",
            "category": "OBJECT_ALREADY_EXISTS",
        },
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "enumeration", "fieldType": "select"},
        {"type": "bool", "fieldType": "booleancheckbox", "options": [{"label": "A", "value": "a"}]},
        {"fieldType": "calculation_equation"},
        {"type": "string", "fieldType": "number"},
        {"displayOrder": "first"},
    ],
)
def test_definitions_that_can_not_be_are_refused(hubspot: HubSpot, changes: Any) -> None:
    answer = create(hubspot, **changes)
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


def test_options_come_in_their_order_with_all_that_was_said_of_them(hubspot: HubSpot) -> None:
    given = [
        {"label": "B", "value": "b", "displayOrder": 7, "hidden": True},
        {"label": "A", "value": "a", "displayOrder": 3, "description": "First"},
        {"label": "C", "value": "c"},
    ]
    options = create(hubspot, **{**CHOICE, "options": given}).json()["options"]
    assert options == [
        {"label": "A", "value": "a", "displayOrder": 3, "hidden": False, "description": "First"},
        {"label": "B", "value": "b", "displayOrder": 7, "hidden": True},
        {"label": "C", "value": "c", "displayOrder": 2, "hidden": False},
    ]


def test_a_boolean_property_has_two_options_by_itself(hubspot: HubSpot) -> None:
    made = create(hubspot, type="bool", fieldType="booleancheckbox").json()
    assert [option["value"] for option in made["options"]] == ["true", "false"]


def test_a_formula_makes_the_value_read_only(hubspot: HubSpot) -> None:
    made = create(hubspot, fieldType="calculation_equation", calculationFormula="1 + 1").json()
    assert (made["calculated"], made["calculationFormula"]) == (True, "1 + 1")
    assert made["modificationMetadata"]["readOnlyValue"] is True


def test_ten_properties_of_an_object_have_unique_values_for_good(hubspot: HubSpot) -> None:
    inputs = [{**MINE, "name": f"u{n}", "hasUniqueValue": True} for n in range(11)]
    answer = hubspot("POST", f"{PATH}/batch/create", json={"inputs": inputs})
    assert (answer.status_code, len(answer.json()["results"])) == (207, 10)
    changed = hubspot("PATCH", f"{PATH}/u0", json={"hasUniqueValue": False}).json()
    assert changed["hasUniqueValue"] is True


def test_a_custom_lifecycle_stage_has_a_number_and_takes_its_place(hubspot: HubSpot) -> None:
    options = hubspot("GET", f"{PATH}/lifecyclestage").json()["options"]
    options.insert(2, {"label": "Trial", "value": "2444598513"})
    numbered = [{**option, "displayOrder": place} for place, option in enumerate(options)]
    changed = hubspot("PATCH", f"{PATH}/lifecyclestage", json={"options": numbered})
    assert [option["value"] for option in changed.json()["options"]][1:4] == [
        "lead",
        "2444598513",
        "marketingqualifiedlead",
    ]
    contact = hubspot.create(email="a@b.example", lifecyclestage="2444598513")
    hubspot.patch(contact, lifecyclestage="lead")
    assert hubspot.read(contact, "lifecyclestage")["lifecyclestage"] == "2444598513"


@pytest.mark.parametrize(
    ("name", "change"),
    [("lifecyclestage", {"label": "X"}), ("hs_analytics_source", {"options": []})],
)
def test_the_rest_of_hubspots_own_definitions_stays(
    hubspot: HubSpot, name: str, change: Any
) -> None:
    assert hubspot("PATCH", f"{PATH}/{name}", json=change).status_code == 400
    assert hubspot("DELETE", f"{PATH}/{name}").status_code == 400


def test_batches_read_create_and_archive(hubspot: HubSpot) -> None:
    inputs = [{**MINE, "name": name} for name in ("one", "two")]
    made = hubspot("POST", f"{PATH}/batch/create", json={"inputs": [*inputs, MINE | {"name": "X"}]})
    assert (made.status_code, made.json()["errors"][0]["context"]) == (207, {"name": ["X"]})
    read = hubspot("POST", f"{PATH}/batch/read", json={"inputs": [{"name": "one"}, {"name": "no"}]})
    assert (read.status_code, [entry["name"] for entry in read.json()["results"]]) == (207, ["one"])
    gone = hubspot("POST", f"{PATH}/batch/archive", json={"inputs": [{"name": "one"}]})
    body = {"inputs": [{"name": "one"}], "archived": True}
    again = hubspot("POST", f"{PATH}/batch/read", json=body)
    assert (gone.status_code, again.json()["results"][0]["archived"]) == (204, True)


def test_sensitive_properties_are_listed_when_asked_for(hubspot: HubSpot) -> None:
    create(hubspot, dataSensitivity="sensitive")
    plain, sensitive = (
        {entry["name"] for entry in hubspot("GET", PATH, params=params).json()["results"]}
        for params in ({}, {"dataSensitivity": "sensitive"})
    )
    assert ("mine" in plain, sensitive) == (False, {"mine"})


def test_groups_are_read_changed_and_deleted_when_empty(hubspot: HubSpot) -> None:
    path = f"{PATH}/groups"
    hubspot("POST", path, json={"name": "ours", "label": "Ours", "displayOrder": 4})
    create(hubspot, groupName="ours")
    changed = hubspot("PATCH", f"{path}/ours", json={"label": "Ours again"}).json()
    assert changed == {"name": "ours", "label": "Ours again", "displayOrder": 4, "archived": False}
    assert hubspot("GET", f"{path}/ours").json() == changed
    refused = hubspot("DELETE", f"{path}/ours").status_code
    hubspot("DELETE", f"{PATH}/mine")
    statuses = [hubspot("DELETE", f"{path}/{name}").status_code for name in ("ours", "ours")]
    assert [refused, *statuses] == [400, 204, 404]
    assert hubspot("DELETE", f"{path}/contactinformation").status_code == 400
