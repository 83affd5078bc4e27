"""Filters of lists: what each operator finds, and what is not understood."""

from typing import Any

import pytest

from tests.sandbox.clients import HubSpot
from tests.sandbox.lists import IS_OURS, branch, list_id, make, members, operation

NOW = {"timeType": "INDEXED", "indexReference": {"referenceType": "NOW"}}
DAY = {"timeType": "DATE", "year": 2026, "month": 6, "day": 30, "zoneId": "Europe/Berlin"}


AHEAD = {**NOW, "offset": {"days": 3}}
OWN: tuple[dict[str, Any], ...] = (
    {"name": "flag", "type": "bool", "fieldType": "booleancheckbox"},
    {"name": "points", "type": "number", "fieldType": "number"},
    {"name": "due", "type": "datetime", "fieldType": "date"},
    {
        "name": "likes",
        "type": "enumeration",
        "fieldType": "checkbox",
        "options": [{"label": one, "value": one} for one in ("tea", "coffee", "cocoa")],
    },
)


@pytest.fixture
def people(hubspot: HubSpot) -> dict[str, str]:
    """Three contacts of one company, by their first names; the last one has no values."""
    for known in OWN:
        body = {"label": known["name"], "groupName": "contactinformation", **known}
        hubspot("POST", "/crm/v3/properties/contacts", json=body).raise_for_status()
    rows: dict[str, dict[str, str]] = {
        "ann": {
            "hs_lead_status": "NEW",
            "lifecyclestage": "lead",
            "city": "Bonn",
            "flag": "true",
            "points": "10",
            "due": "2026-07-02T12:00:00Z",
            "likes": "tea;coffee",
        },
        "bob": {
            "hs_lead_status": "OPEN",
            "city": "100% Town",
            "flag": "false",
            "points": "20",
            "due": "2026-06-20T12:00:00Z",
            "likes": "tea",
        },
        "cy": {},
    }
    return {
        name: hubspot.create(email=f"{name}@ours.example", company="Ours GmbH", **values)
        for name, values in rows.items()
    }


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
        ("hs_object_id", "NUMBER", "IS_GREATER_THAN", {"value": 0}, "ann bob cy"),
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
        ("hs_lead_status", "ALL_PROPERTY", "IS_NOT_BLANK", {}, "ann bob"),
        ("hs_lead_status", "ALL_PROPERTY", "IS_BLANK", {}, "cy"),
        ("flag", "BOOL", "IS_EQUAL_TO", {"value": True}, "ann"),
        ("flag", "BOOL", "IS_NOT_EQUAL_TO", {"value": True}, "bob"),
        ("points", "NUMBER", "IS_EQUAL_TO", {"value": 10}, "ann"),
        ("points", "NUMBER", "IS_NOT_EQUAL_TO", {"value": 10}, "bob"),
        ("points", "NUMBER", "IS_GREATER_THAN", {"value": 10}, "bob"),
        ("points", "NUMBER", "IS_GREATER_THAN_OR_EQUAL_TO", {"value": 10}, "ann bob"),
        ("points", "NUMBER", "IS_LESS_THAN", {"value": 20}, "ann"),
        ("points", "NUMBER", "IS_LESS_THAN_OR_EQUAL_TO", {"value": 20}, "ann bob"),
        ("points", "NUMBER_RANGED", "IS_BETWEEN", {"lowerBound": 15, "upperBound": 20}, "bob"),
        ("points", "NUMBER_RANGED", "IS_NOT_BETWEEN", {"lowerBound": 15, "upperBound": 20}, "ann"),
        ("likes", "ENUMERATION", "CONTAINS_ALL", {"values": ["tea", "coffee"]}, "ann"),
        ("likes", "ENUMERATION", "DOES_NOT_CONTAIN_ALL", {"values": ["tea", "coffee"]}, "bob"),
        ("likes", "ENUMERATION", "IS_EXACTLY", {"values": ["tea"]}, "bob"),
        ("likes", "ENUMERATION", "IS_NOT_EXACTLY", {"values": ["tea"]}, "ann"),
        (
            "due",
            "TIME_RANGED",
            "IS_NOT_BETWEEN",
            {"lowerBoundTimePoint": NOW, "upperBoundTimePoint": AHEAD},
            "bob",
        ),
        ("due", "ROLLING_DATE_RANGE", "IS_LESS_THAN_X_DAYS_AGO", {"numberOfDays": 10}, "bob"),
        ("due", "ROLLING_DATE_RANGE", "IS_MORE_THAN_X_DAYS_AGO", {"numberOfDays": 9}, "bob"),
        ("due", "ROLLING_DATE_RANGE", "IS_LESS_THAN_X_DAYS_FROM_NOW", {"numberOfDays": 2}, "ann"),
        ("due", "ROLLING_DATE_RANGE", "IS_MORE_THAN_X_DAYS_FROM_NOW", {"numberOfDays": 1}, "ann"),
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
        branch(("city", operation("STRING", "CONTAINS", values=["x"] * 1001))),
        branch(("city", operation("ENUMERATION", "IS_ANY_OF", values=["x"] * 1001))),
        branch(("city", operation("ENUMERATION", "CONTAINS_ALL", values=["x"] * 1001))),
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
