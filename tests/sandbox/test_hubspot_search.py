from typing import Any

import pytest

from tests.sandbox.clients import CONTACTS, Admin, HubSpot, filtered


@pytest.fixture
def probes(hubspot: HubSpot, admin: Admin) -> HubSpot:
    """Three contacts a minute apart; the last has no city."""
    admin.setting(hubspot_search_limit=1000)
    for name, city in (("one", "Oslo"), ("two", "New Delhi"), ("three", "")):
        admin.advance(60)
        hubspot.create(email=f"{name}@probe.example", firstname=name, company="Probe", city=city)
    return hubspot


def found(hubspot: HubSpot, *filters: dict[str, Any], **body: Any) -> str:
    probe = filtered("company", "EQ", "PROBE")
    answer = hubspot.search(probe, *filters, properties=["firstname"], **body)
    assert answer.status_code == 200
    return " ".join(contact["properties"]["firstname"] for contact in answer.json()["results"])


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (filtered("city", "EQ", "oslo"), "one"),
        (filtered("city", "NEQ", "oslo"), "three two"),
        (filtered("city", "IN", values=["oslo", "paris"]), "one"),
        (filtered("city", "NOT_IN", values=["oslo"]), "three two"),
        (filtered("city", "HAS_PROPERTY"), "one two"),
        (filtered("city", "NOT_HAS_PROPERTY"), "three"),
        (filtered("city", "CONTAINS_TOKEN", "delhi"), "two"),
        (filtered("city", "NOT_CONTAINS_TOKEN", "delhi"), "one three"),
        (filtered("lastmodifieddate", "GTE", "1782820920000"), "three two"),
        (filtered("lastmodifieddate", "GT", "2026-06-30T12:02:00Z"), "three"),
        (filtered("lastmodifieddate", "LT", "2026-06-30T12:02:00Z"), "one"),
        (filtered("createdate", "LTE", "2026-06-30T12:02:00.000Z"), "one two"),
        (
            filtered("createdate", "BETWEEN", "1782820920000", highValue="1782820980000"),
            "three two",
        ),
    ],
)
def test_a_filter_finds_what_hubspot_would(probes: HubSpot, condition: Any, names: str) -> None:
    assert found(probes, condition, sorts=["firstname"]) == names


def test_groups_are_alternatives(probes: HubSpot) -> None:
    groups = [{"filters": [filtered("firstname", "EQ", name)]} for name in ("one", "three")]
    answer = probes("POST", f"{CONTACTS}/search", json={"filterGroups": groups})
    assert answer.json()["total"] == 2


def test_pages_go_by_offset(probes: HubSpot) -> None:
    company = filtered("company", "EQ", "Probe")
    sorts = [{"propertyName": "createdate", "direction": "DESCENDING"}]
    first = probes.search(company, limit=2, sorts=sorts).json()
    assert (first["total"], first["paging"]) == (3, {"next": {"after": "2"}})
    rest = probes.search(company, limit=2, sorts=sorts, after="2").json()
    assert [contact["properties"]["firstname"] for contact in rest["results"]] == ["one"]
    assert "paging" not in rest


def test_a_default_page_has_ten_contacts_with_the_default_properties(hubspot: HubSpot) -> None:
    results = hubspot.search().json()["results"]
    assert len(results) == 10
    assert sorted(results[0]["properties"]) == [
        "createdate",
        "email",
        "firstname",
        "hs_object_id",
        "lastmodifieddate",
        "lastname",
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 201},
        {"limit": 200, "after": "9801"},
        {"sorts": ["email", "firstname"]},
        {"sorts": ["nope"]},
        {"query": "x" * 3001},
        {"filterGroups": [{"filters": []}] * 6},
        {"filterGroups": [{"filters": [filtered("email", "EQ", "x")] * 7}]},
        {"filterGroups": [{"filters": [filtered("email", "EQ", "x")] * 5}] * 4},
        {"filterGroups": [{"filters": [filtered("nope", "EQ", "x")]}]},
        {"filterGroups": [{"filters": [filtered("email", "EQ")]}]},
        {"filterGroups": [{"filters": [filtered("email", "IN")]}]},
        {"filterGroups": [{"filters": [filtered("email", "NEARLY", "x")]}]},
        {"filterGroups": [{"filters": [filtered("createdate", "GT", "soon")]}]},
    ],
)
def test_a_search_that_hubspot_refuses_is_refused(hubspot: HubSpot, body: dict[str, Any]) -> None:
    answer = hubspot("POST", f"{CONTACTS}/search", json=body)
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


def test_archived_contacts_are_never_found(probes: HubSpot) -> None:
    [contact] = probes.search(filtered("firstname", "EQ", "one")).json()["results"]
    probes("DELETE", f"{CONTACTS}/{contact['id']}")
    assert found(probes, sorts=["firstname"]) == "three two"


def test_the_index_may_lag_behind(probes: HubSpot, admin: Admin) -> None:
    admin.setting(hubspot_search_lag_seconds=30)
    assert found(probes, sorts=["firstname"]) == "one two"
    admin.advance(30)
    assert found(probes, sorts=["firstname"]) == "one three two"
