"""Lists: their definitions, filters and memberships."""

from typing import Any

import pytest

from tests.sandbox.clients import Admin, HubSpot
from tests.sandbox.lists import IS_OURS, LISTS, branch, list_id, make, members, operation


@pytest.fixture
def people(hubspot: HubSpot) -> dict[str, str]:
    """Three contacts of one company, by their first names."""
    rows = {
        "ann": {"hs_lead_status": "NEW", "lifecyclestage": "lead", "city": "Bonn"},
        "bob": {"hs_lead_status": "OPEN", "lifecyclestage": "customer", "city": "100% Town"},
        "cy": {"lifecyclestage": "customer"},
    }
    return {
        name: hubspot.create(email=f"{name}@ours.example", company="Ours GmbH", **values)
        for name, values in rows.items()
    }


def test_a_list_by_hand_says_what_it_is(hubspot: HubSpot) -> None:
    assert make(hubspot).json() == {
        "list": {
            "listId": "1",
            "listVersion": 1,
            "name": "Ours",
            "objectTypeId": "0-1",
            "processingType": "MANUAL",
            "processingStatus": "COMPLETE",
            "createdAt": "2026-06-30T12:00:00Z",
            "updatedAt": "2026-06-30T12:00:00Z",
            "filtersUpdatedAt": "2026-06-30T12:00:00Z",
            "size": 0,
        }
    }


def test_records_are_put_on_a_list_and_taken_off_by_hand(
    hubspot: HubSpot, people: dict[str, str]
) -> None:
    known, [ann, bob, cy] = list_id(hubspot), people.values()
    path = f"{LISTS}/{known}/memberships"
    added = hubspot("PUT", f"{path}/add", json=[ann, int(bob), "1"]).json()
    assert added == {
        "recordsIdsAdded": [ann, bob],
        "recordIdsRemoved": [],
        "recordIdsMissing": ["1"],
    }
    both = {"recordIdsToAdd": [ann, cy], "recordIdsToRemove": [bob]}
    changed = hubspot("PUT", f"{path}/add-and-remove", json=both).json()
    assert (changed["recordsIdsAdded"], changed["recordIdsRemoved"]) == ([cy], [bob])
    assert hubspot("PUT", f"{path}/remove", json=[ann]).json()["recordIdsRemoved"] == [ann]
    assert members(hubspot, known) == [cy]
    assert hubspot("DELETE", path).status_code == 204
    assert members(hubspot, known) == []


def test_members_come_page_by_page_with_tokens_that_are_no_numbers(
    hubspot: HubSpot, people: dict[str, str]
) -> None:
    known = list_id(hubspot)
    hubspot("PUT", f"{LISTS}/{known}/memberships/add", json=list(people.values()))
    page = hubspot("GET", f"{LISTS}/{known}/memberships", params={"limit": 2}).json()
    after = page["paging"]["next"]["after"]
    assert [one["recordId"] for one in page["results"]] == list(people.values())[:2]
    assert page["results"][0]["membershipTimestamp"] == "2026-06-30T12:00:00Z"
    assert not after.isdigit()
    assert members(hubspot, known, after=after) == [people["cy"]]
    bad = hubspot("GET", f"{LISTS}/{known}/memberships", params={"after": "x"})
    assert bad.status_code == 400


def test_join_order_is_by_time(hubspot: HubSpot, admin: Admin, people: dict[str, str]) -> None:
    known = list_id(hubspot)
    for name in ("cy", "ann"):
        hubspot("PUT", f"{LISTS}/{known}/memberships/add", json=[people[name]])
        admin.advance(60)
    path = f"{LISTS}/{known}/memberships/join-order"
    page = hubspot("GET", path, params={"limit": 1}).json()
    after = page["paging"]["next"]["after"]
    assert [one["recordId"] for one in page["results"]] == [people["cy"]]
    assert members(hubspot, known, "/join-order", after=after) == [people["ann"]]


def test_a_dynamic_list_holds_whoever_fits_now(hubspot: HubSpot, people: dict[str, str]) -> None:
    customers = operation("ENUMERATION", "IS_ANY_OF", values=["customer"])
    known = list_id(hubspot, "DYNAMIC", filterBranch=branch(IS_OURS, ("lifecyclestage", customers)))
    before = members(hubspot, known)
    hubspot.patch(people["ann"], lifecyclestage="customer")
    hubspot("DELETE", f"/crm/v3/objects/contacts/{people['cy']}")
    assert (before, members(hubspot, known)) == (
        [people["bob"], people["cy"]],
        [people["ann"], people["bob"]],
    )
    assert hubspot("GET", f"{LISTS}/{known}").json()["list"]["size"] == 2


def test_a_snapshot_is_filtered_once(hubspot: HubSpot, people: dict[str, str]) -> None:
    known = list_id(hubspot, "SNAPSHOT", filterBranch=branch(IS_OURS))
    hubspot.create(email="d@ours.example", company="Ours GmbH")
    assert members(hubspot, known) == list(people.values())
    hubspot("PUT", f"{LISTS}/{known}/memberships/remove", json=[people["ann"]]).raise_for_status()
    assert members(hubspot, known) == [people["bob"], people["cy"]]


def test_members_of_a_dynamic_list_are_not_changed_by_hand(hubspot: HubSpot) -> None:
    known = list_id(hubspot, "DYNAMIC", filterBranch=branch(IS_OURS))
    path = f"{LISTS}/{known}/memberships"
    calls: tuple[tuple[str, str, Any], ...] = (
        ("PUT", "/add", ["1"]),
        ("PUT", "/remove", ["1"]),
        ("PUT", "/add-from/1", None),
        ("DELETE", "", None),
    )
    answers = [hubspot(method, path + end, json=body) for method, end, body in calls]
    assert {(a.status_code, a.json()["subCategory"]) for a in answers} == {
        (400, "ListError.INVALID_PROCESSING_TYPE")
    }


def test_lists_are_found_by_id_by_name_and_several_at_once(hubspot: HubSpot) -> None:
    known = list_id(hubspot, "DYNAMIC", filterBranch=branch(IS_OURS))
    with_filters = {"includeFilters": "true"}
    by_id = hubspot("GET", f"{LISTS}/{known}", params=with_filters).json()["list"]
    by_name = hubspot("GET", f"{LISTS}/object-type-id/0-1/name/Ours").json()["list"]
    several = hubspot("GET", f"/crm/lists/2026-09/?listIds={known}&listIds=99").json()["lists"]
    assert by_id["filterBranch"] == branch(IS_OURS)
    assert several == [by_name]
    assert "filterBranch" not in by_name
    assert hubspot("GET", f"{LISTS}/object-type-id/0-2/name/Ours").status_code == 404
    missing = hubspot("GET", f"{LISTS}/99")
    assert (missing.status_code, missing.json()["subCategory"]) == (404, "ListError.LIST_NOT_FOUND")


def test_a_search_finds_lists_by_name_and_type_page_by_page(hubspot: HubSpot) -> None:
    for name in ("One", "Two", "Other"):
        list_id(hubspot, name=name)
    list_id(hubspot, "DYNAMIC", name="Only", filterBranch=branch(IS_OURS))
    body = {"query": "o", "processingTypes": ["MANUAL"], "count": 2}
    first = hubspot("POST", f"{LISTS}/search", json=body).json()
    assert [one["name"] for one in first["lists"]] == ["One", "Two"]
    assert (first["hasMore"], first["offset"], first["total"]) == (True, 2, 3)
    more = {**body, "offset": first["offset"]}
    rest = hubspot("POST", f"{LISTS}/search", json=more).json()
    assert [one["name"] for one in rest["lists"]] == ["Other"]
    never_used = {"hs_list_size": "0", "hs_list_reference_count": "0"}
    assert rest["lists"][0]["additionalProperties"] == never_used
    assert rest["hasMore"] is False


def test_a_search_for_more_lists_than_a_page_holds_finds_a_page(
    hubspot: HubSpot, admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.sandbox.hubspot.lists.definitions.MOST_PER_SEARCH", 2)
    for name in ("One", "Two", "Three"):
        list_id(hubspot, name=name)
    found = hubspot("POST", f"{LISTS}/search", json={"count": 501}).json()
    assert (len(found["lists"]), found["offset"], found["hasMore"]) == (2, 2, True)
    admin.setting(hubspot_list_search_refuses_over_500=True)
    statuses = [hubspot("POST", f"{LISTS}/search", json={"count": n}).status_code for n in (2, 3)]
    assert statuses == [200, 400]


def test_a_name_is_taken_once_for_each_object(hubspot: HubSpot) -> None:
    list_id(hubspot)
    again = make(hubspot)
    assert again.json()["subCategory"] == "ListError.DUPLICATE_LIST_NAMES"
    assert make(hubspot, objectTypeId="0-2").status_code == 200


def test_names_and_filters_change_with_the_version(hubspot: HubSpot, admin: Admin) -> None:
    known = list_id(hubspot, "DYNAMIC", filterBranch=branch(IS_OURS))
    admin.advance(60)
    path = f"{LISTS}/{known}"
    named = hubspot("PUT", f"{path}/update-list-name", params={"listName": "New"}).json()
    filters = branch(("city", operation("ALL_PROPERTY", "IS_KNOWN")))
    params = {"includeFilters": "true"}
    body = {"filterBranch": filters}
    changed = hubspot("PUT", f"{path}/update-list-filters", params=params, json=body).json()
    updated = changed["updatedList"]
    assert (named["updatedList"]["name"], updated["listVersion"]) == ("New", 3)
    assert (updated["filterBranch"], updated["filtersUpdatedAt"]) == (
        filters,
        "2026-06-30T12:01:00Z",
    )
    manual = list_id(hubspot, name="Manual")
    refused = hubspot("PUT", f"{LISTS}/{manual}/update-list-filters", json=body)
    assert refused.status_code == 400


def test_a_deleted_list_can_be_had_back_for_ninety_days(hubspot: HubSpot, admin: Admin) -> None:
    known = list_id(hubspot)
    path = f"{LISTS}/{known}"
    statuses = [
        hubspot("DELETE", path).status_code,
        hubspot("GET", path).status_code,
        hubspot("PUT", f"{path}/restore").status_code,
        hubspot("GET", path).status_code,
    ]
    assert statuses == [204, 404, 204, 200]
    hubspot("DELETE", path)
    admin.advance(91 * 86_400)
    assert hubspot("PUT", f"{path}/restore").status_code == 404


def test_a_record_tells_its_lists_and_lists_take_from_each_other(
    hubspot: HubSpot, people: dict[str, str]
) -> None:
    manual = list_id(hubspot, name="Manual")
    dynamic = list_id(hubspot, "DYNAMIC", name="Dynamic", filterBranch=branch(IS_OURS))
    copied = hubspot("PUT", f"{LISTS}/{manual}/memberships/add-from/{dynamic}")
    assert (copied.status_code, members(hubspot, manual)) == (204, list(people.values()))
    path = f"{LISTS}/records/0-1/{people['ann']}/memberships"
    found = hubspot("GET", path).json()
    assert [one["listId"] for one in found["results"]] == [manual, dynamic]
    assert (found["total"], found["results"][0]["firstAddedTimestamp"]) == (
        2,
        "2026-06-30T12:00:00Z",
    )


def test_a_merged_record_stays_on_its_lists(hubspot: HubSpot, people: dict[str, str]) -> None:
    known = list_id(hubspot)
    hubspot("PUT", f"{LISTS}/{known}/memberships/add", json=[people["ann"], people["bob"]])
    body = {"primaryObjectId": people["ann"], "objectIdToMerge": people["bob"]}
    merged = hubspot("POST", "/crm/v3/objects/contacts/merge", json=body).json()["id"]
    assert members(hubspot, known) == [merged]
