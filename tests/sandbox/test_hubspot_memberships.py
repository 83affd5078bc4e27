"""Who is on which list: how many, several records at once, merged ones, and the older ids."""

import pytest

from tests.sandbox.clients import CONTACTS, Admin, HubSpot

LISTS = "/crm/v3/lists"
OF_RECORDS = "/records/memberships/batch/read"
SINCE = "2026-06-30T12:00:00Z"
ON_IT = {
    "listId": "1",
    "listVersion": 1,
    "firstAddedTimestamp": SINCE,
    "lastAddedTimestamp": SINCE,
}


@pytest.fixture
def members(hubspot: HubSpot) -> list[str]:
    """Three contacts on list 1."""
    body = {"name": "Ours", "objectTypeId": "0-1", "processingType": "MANUAL"}
    hubspot("POST", LISTS, json=body).raise_for_status()
    ids = [hubspot.create(email=f"{name}@ours.example") for name in "abc"]
    hubspot("PUT", f"{LISTS}/1/memberships/add", json=ids).raise_for_status()
    return ids


@pytest.mark.usefixtures("members")
@pytest.mark.parametrize("end", ["", "/join-order"])
def test_every_page_tells_how_many_are_on_the_list(hubspot: HubSpot, end: str) -> None:
    page = hubspot("GET", f"{LISTS}/1/memberships{end}", params={"limit": 2}).json()
    assert (len(page["results"]), page["total"]) == (2, 3)


@pytest.mark.parametrize("root", [LISTS, "/crm/lists/2026-03"])
def test_the_lists_of_several_records_are_read_at_once(
    hubspot: HubSpot, members: list[str], root: str
) -> None:
    stranger = hubspot.create(email="d@ours.example")
    inputs = [{"objectTypeId": "0-1", "recordId": known} for known in (members[0], stranger)]
    body = hubspot("POST", root + OF_RECORDS, json={"inputs": inputs}).json()
    assert body == {
        "status": "COMPLETE",
        "results": [
            {**inputs[0], "recordListMemberships": [ON_IT]},
            {**inputs[1], "recordListMemberships": []},
        ],
        "startedAt": SINCE,
        "completedAt": SINCE,
    }


def test_records_whose_lists_are_read_are_named_in_full_and_may_be_seen(
    hubspot: HubSpot, admin: Admin
) -> None:
    bodies = [{"inputs": [{"recordId": "1"}]}, {"inputs": [{"objectTypeId": "0-1", "recordId": 1}]}]
    statuses = [hubspot("POST", LISTS + OF_RECORDS, json=body).status_code for body in bodies]
    admin.setting(hubspot_hidden_objects=["contacts"])
    hidden = hubspot("POST", LISTS + OF_RECORDS, json=bodies[1]).status_code
    assert (statuses, hidden) == ([400, 200], 403)


def test_the_old_ids_of_a_merged_record_lead_to_its_lists(
    hubspot: HubSpot, members: list[str]
) -> None:
    merge = {"primaryObjectId": members[0], "objectIdToMerge": members[1]}
    survivor = hubspot("POST", f"{CONTACTS}/merge", json=merge).json()["id"]
    ids = (*members[:2], survivor)
    paths = [f"{LISTS}/records/0-1/{known}/memberships" for known in ids]
    assert [hubspot("GET", path).json()["total"] for path in paths] == [1, 1, 1]


@pytest.mark.usefixtures("members")
def test_ids_of_the_older_api_are_those_of_today(hubspot: HubSpot) -> None:
    one = hubspot("GET", f"{LISTS}/idmapping", params={"legacyListId": "1"})
    none = hubspot("GET", f"{LISTS}/idmapping", params={"legacyListId": "9"})
    several = hubspot("POST", "/crm/lists/2026-03/idmapping", json=["1", "9"]).json()
    assert (one.json(), none.status_code) == ({"legacyListId": "1", "listId": "1"}, 404)
    assert several == {
        "legacyListIdsToIdsMapping": [{"legacyListId": "1", "listId": "1"}],
        "missingLegacyListIds": ["9"],
    }
    too_many = hubspot("POST", f"{LISTS}/idmapping", json=["1"] * 10_001)
    assert too_many.status_code == 400


def test_folders_of_lists_are_no_path(hubspot: HubSpot) -> None:
    answer = hubspot("GET", f"{LISTS}/folders")
    assert (answer.status_code, answer.json()["message"]) == (404, "resource not found")
