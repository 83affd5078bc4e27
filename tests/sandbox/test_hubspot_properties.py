"""Definitions of properties: what they must be like, and what of them may be changed."""

from typing import Any

import pytest

from tests.sandbox.clients import HubSpot
from tests.sandbox.properties import CHOICE, MINE, PATH, create


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


@pytest.mark.parametrize("kind", [("datetime", "date"), ("bool", "booleancheckbox")])
def test_only_texts_and_numbers_may_be_unique(hubspot: HubSpot, kind: tuple[str, str]) -> None:
    other = {"type": kind[0], "fieldType": kind[1]}
    assert create(hubspot, hasUniqueValue=True, **other).status_code == 400
    assert create(hubspot, hasUniqueValue=True).status_code == 201
    assert hubspot("PATCH", f"{PATH}/mine", json=other).status_code == 400


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


@pytest.mark.parametrize(
    ("name", "change"),
    [("lifecyclestage", {"label": "X"}), ("hs_analytics_source", {"options": []})],
)
def test_the_rest_of_hubspots_own_definitions_stays(
    hubspot: HubSpot, name: str, change: Any
) -> None:
    assert hubspot("PATCH", f"{PATH}/{name}", json=change).status_code == 400
    assert hubspot("DELETE", f"{PATH}/{name}").status_code == 400


def test_a_property_can_be_relabelled_and_hubspots_own_can_not(hubspot: HubSpot) -> None:
    hubspot("POST", PATH, json=MINE)
    changed = hubspot("PATCH", f"{PATH}/mine", json={"label": "Ours"}).json()
    assert (changed["label"], changed["type"]) == ("Ours", "number")
    assert hubspot("PATCH", f"{PATH}/email", json={"label": "Ours"}).status_code == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Mine"},
        {"name": ""},
        {"fieldType": "text"},
        {"groupName": "nope"},
        {"label": None},
    ],
)
def test_a_property_that_makes_no_sense_is_refused(hubspot: HubSpot, changes: Any) -> None:
    answer = hubspot("POST", PATH, json={**MINE, **changes})
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


def test_options_come_in_the_order_of_the_stages(hubspot: HubSpot) -> None:
    options = hubspot("GET", f"{PATH}/lifecyclestage").json()["options"]
    ordered = sorted(options, key=lambda option: option["displayOrder"])
    assert [option["value"] for option in ordered] == [
        "subscriber",
        "lead",
        "marketingqualifiedlead",
        "salesqualifiedlead",
        "opportunity",
        "customer",
        "evangelist",
        "other",
    ]


def test_an_unknown_property_is_not_found(hubspot: HubSpot) -> None:
    assert hubspot("GET", f"{PATH}/nope").json()["category"] == "OBJECT_NOT_FOUND"
