"""Properties in lists, batches and groups."""

from tests.sandbox.clients import HubSpot
from tests.sandbox.properties import MINE, PATH, create


def test_ten_properties_of_an_object_have_unique_values_for_good(hubspot: HubSpot) -> None:
    inputs = [{**MINE, "name": f"u{n}", "hasUniqueValue": True} for n in range(11)]
    answer = hubspot("POST", f"{PATH}/batch/create", json={"inputs": inputs})
    assert (answer.status_code, len(answer.json()["results"])) == (207, 10)
    changed = hubspot("PATCH", f"{PATH}/u0", json={"hasUniqueValue": False}).json()
    assert changed["hasUniqueValue"] is True


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


def test_the_list_says_which_values_are_hubspots_to_set(hubspot: HubSpot) -> None:
    listed = {entry["name"]: entry for entry in hubspot("GET", PATH).json()["results"]}
    read_only = {
        name for name, entry in listed.items() if entry["modificationMetadata"]["readOnlyValue"]
    }
    assert {"createdate", "hs_object_id", "hubspotscore", "lastmodifieddate"} <= read_only
    assert not {"email", "lifecyclestage", "hs_lead_status"} & read_only
