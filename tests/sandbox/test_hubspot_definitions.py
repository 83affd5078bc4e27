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


def test_a_property_and_its_group_are_created_once(hubspot: HubSpot) -> None:
    group = {"name": "ours", "label": "Ours"}
    bodies = [(f"{PATH}/groups", group), (PATH, {**MINE, "groupName": "ours"})]
    statuses = [hubspot("POST", path, json=body).status_code for path, body in bodies * 2]
    assert statuses == [201, 201, 409, 409]
    read = hubspot("GET", "/crm/properties/2026-09/contacts/mine").json()
    assert {key: read[key] for key in ("type", "groupName", "hubspotDefined")} == {
        "type": "number",
        "groupName": "ours",
        "hubspotDefined": False,
    }


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


def test_the_list_says_which_values_are_hubspots_to_set(hubspot: HubSpot) -> None:
    listed = {entry["name"]: entry for entry in hubspot("GET", PATH).json()["results"]}
    read_only = {
        name for name, entry in listed.items() if entry["modificationMetadata"]["readOnlyValue"]
    }
    assert {"createdate", "hs_object_id", "hubspotscore", "lastmodifieddate"} <= read_only
    assert not {"email", "lifecyclestage", "hs_lead_status"} & read_only


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
