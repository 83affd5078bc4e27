"""Lists: their definitions, filters and memberships."""

from typing import Any

import pytest

from tests.sandbox.clients import Admin, HubSpot

LISTS = "/crm/v3/lists"


def make(hubspot: HubSpot, processing: str = "MANUAL", **more: Any) -> Any:
    body = {"name": "Ours", "objectTypeId": "0-1", "processingType": processing, **more}
    return hubspot("POST", LISTS, json=body)


def list_id(hubspot: HubSpot, processing: str = "MANUAL", **more: Any) -> str:
    answer = make(hubspot, processing, **more)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["list"]["listId"])


def branch(*filters: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """Return a filter branch: all filters must hold."""
    given = [{"filterType": "PROPERTY", "property": n, "operation": op} for n, op in filters]
    inner = {"filterBranchType": "AND", "filterBranches": [], "filters": given}
    return {"filterBranchType": "OR", "filterBranches": [inner], "filters": []}


def operation(kind: str, operator: str, **more: Any) -> dict[str, Any]:
    return {"operationType": kind, "operator": operator, **more}


IS_OURS = ("company", operation("STRING", "IS_EQUAL_TO", value="Ours GmbH"))


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


def members(hubspot: HubSpot, known: str, end: str = "", **params: Any) -> list[str]:
    answer = hubspot("GET", f"{LISTS}/{known}/memberships{end}", params=params)
    assert answer.status_code == 200, answer.text
    return [member["recordId"] for member in answer.json()["results"]]


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
    added = hubspot("PUT", f"{LISTS}/{known}/memberships/remove", json=[people["ann"]])
    assert added.status_code == 200


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


NOW = {"timeType": "INDEXED", "indexReference": {"referenceType": "NOW"}}
DAY = {"timeType": "DATE", "year": 2026, "month": 6, "day": 30, "zoneId": "Europe/Berlin"}


@pytest.mark.parametrize(
    ("name", "kind", "operator", "more", "who"),
    [
        ("hs_lead_status", "ALL_PROPERTY", "IS_KNOWN", {}, "ann bob"),
        ("hs_lead_status", "ALL_PROPERTY", "IS_UNKNOWN", {}, "cy"),
        ("email", "STRING", "STARTS_WITH", {"value": "B"}, "bob"),
        ("email", "STRING", "ENDS_WITH", {"value": "@ours.example"}, "ann bob cy"),
        ("city", "STRING", "CONTAINS", {"value": "0%"}, "bob"),
        ("city", "STRING", "DOES_NOT_CONTAIN", {"value": "own"}, "ann"),
        ("city", "MULTISTRING", "IS_EQUAL_TO", {"values": ["Bonn", "Rome"]}, "ann"),
        ("city", "STRING", "IS_NOT_EQUAL_TO", {"value": "Bonn"}, "bob"),
        ("hs_lead_status", "ENUMERATION", "IS_NONE_OF", {"values": ["NEW"]}, "bob"),
        (
            "hs_lead_status",
            "ENUMERATION",
            "IS_NONE_OF",
            {"values": ["NEW"], "includeObjectsWithNoValueSet": True},
            "bob cy",
        ),
        ("hs_lead_status", "ENUMERATION", "IS_EXACTLY", {"values": ["NEW"]}, "ann"),
        ("hs_lead_status", "ENUMERATION", "CONTAINS_ALL", {"values": ["NEW", "OPEN"]}, ""),
        ("hs_object_id", "NUMBER", "IS_GREATER_THAN", {"value": 0}, "ann bob cy"),
        ("hs_object_id", "NUMBER_RANGED", "IS_BETWEEN", {"lowerBound": 1, "upperBound": 2}, ""),
        ("createdate", "TIME_POINT", "IS_AFTER", {"timePoint": DAY}, "ann bob cy"),
        ("createdate", "TIME_POINT", "IS_BEFORE", {"timePoint": NOW}, ""),
        (
            "createdate",
            "TIME_POINT",
            "IS_BEFORE",
            {"timePoint": NOW, "endpointBehavior": "INCLUSIVE"},
            "ann bob cy",
        ),
        (
            "createdate",
            "TIME_RANGED",
            "IS_BETWEEN",
            {"lowerBoundTimePoint": DAY, "upperBoundTimePoint": NOW},
            "ann bob cy",
        ),
        (
            "createdate",
            "ROLLING_DATE_RANGE",
            "IS_LESS_THAN_X_DAYS_AGO",
            {"numberOfDays": 1},
            "ann bob cy",
        ),
        ("createdate", "ROLLING_DATE_RANGE", "IS_MORE_THAN_X_DAYS_AGO", {"numberOfDays": 1}, ""),
    ],
)
def test_filters_hold_as_their_operators_say(  # noqa: PLR0917 - one row of a table
    hubspot: HubSpot,
    people: dict[str, str],
    name: str,
    kind: str,
    operator: str,
    more: dict[str, Any],
    who: str,
) -> None:
    given = branch(IS_OURS, (name, operation(kind, operator, **more)))
    known = list_id(hubspot, "DYNAMIC", filterBranch=given)
    names = {record_id: who for who, record_id in people.items()}
    assert " ".join(names[record_id] for record_id in members(hubspot, known)) == who


@pytest.mark.parametrize(
    "given",
    [
        {"filterBranchType": "AND", "filterBranches": [], "filters": []},
        {"filterBranchType": "OR", "filterBranches": [], "filters": []},
        branch(("nope", operation("STRING", "IS_EQUAL_TO", value="x"))),
        branch(("city", operation("STRING", "HAS_EVER_BEEN_EQUAL_TO", value="x"))),
        branch(("city", operation("DATE", "IS_EQUAL_TO"))),
        branch(("createdate", operation("TIME_POINT", "IS_AFTER", timePoint=DAY | {"day": 31}))),
        branch(
            ("createdate", operation("TIME_POINT", "IS_AFTER", timePoint=DAY | {"zoneId": "X"}))
        ),
        {
            "filterBranchType": "OR",
            "filterBranches": [],
            "filters": [{"filterType": "IN_LIST", "operator": "IN_LIST", "listId": "1"}],
        },
    ],
)
def test_filters_that_are_not_understood_are_refused(hubspot: HubSpot, given: Any) -> None:
    answer = make(hubspot, "DYNAMIC", filterBranch=given)
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


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
    more = {**body, "offset": first["offset"], "additionalProperties": ["hs_list_size"]}
    rest = hubspot("POST", f"{LISTS}/search", json=more).json()
    assert [one["name"] for one in rest["lists"]] == ["Other"]
    assert rest["lists"][0]["additionalProperties"] == {"hs_list_size": "0"}
    assert rest["hasMore"] is False


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
