"""Requests of another shape than HubSpot gives them are refused, and break nothing."""

import logging
from typing import Any

import pytest

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot import owners, routes
from connectors.sandbox.web import Call
from tests.sandbox.clients import CONTACTS, HubSpot, codes, filtered

LISTS, PROPERTIES = "/crm/v3/lists", "/crm/v3/properties/contacts"
KNOWN = {"filterType": "PROPERTY", "property": "city", "operation": {}}
FAR = 10**20


def listing(*filters: Any, **branch: Any) -> dict[str, Any]:
    """The body of a new list with filters on contacts."""
    root = {"filterBranchType": "OR", "filters": list(filters), **branch}
    body = {"name": "L", "objectTypeId": "0-1", "processingType": "DYNAMIC"}
    return {**body, "filterBranch": root}


def operation(kind: str, operator: str, **more: Any) -> dict[str, Any]:
    told = {"operationType": kind, "operator": operator, **more}
    return {"filterType": "PROPERTY", "property": "createdate", "operation": told}


NOW = {"timeType": "INDEXED", "indexReference": {"referenceType": "NOW"}}
LATER = operation("TIME_POINT", "IS_AFTER", timePoint={**NOW, "offset": {"days": 10**12}})
AGO = operation("ROLLING_DATE_RANGE", "IS_LESS_THAN_X_DAYS_AGO", numberOfDays=10**12)
IS_KNOWN = operation("ALL_PROPERTY", "IS_KNOWN")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (CONTACTS, {"properties": 5}),
        (CONTACTS, {"properties": {"city": ["Oslo"]}}),
        (CONTACTS, {"properties": {"city": "Oslo"}, "associations": 5}),
        (CONTACTS, {"properties": {"city": "Oslo"}, "associations": [{"to": 5}]}),
        (CONTACTS, {"properties": {"city": "Oslo"}, "associations": [{"types": [5]}]}),
        (f"{CONTACTS}/search", {"filterGroups": "x"}),
        (f"{CONTACTS}/search", {"filterGroups": [{"filters": ["x"]}]}),
        (f"{CONTACTS}/search", {"sorts": 5}),
        (f"{CONTACTS}/search", {"properties": 5}),
        (f"{CONTACTS}/search", {"limit": 0}),
        (f"{CONTACTS}/search", {"after": FAR}),
        (f"{CONTACTS}/search", {"query": "\ud800"}),
        (f"{CONTACTS}/batch/read", {"inputs": 5}),
        (f"{CONTACTS}/batch/read", {"inputs": [], "properties": "city"}),
        (LISTS, listing(filterBranches="x")),
        (LISTS, {**listing(), "filterBranch": "x"}),
        (LISTS, listing(*[IS_KNOWN] * 1_100)),
        (LISTS, listing(LATER)),
        (LISTS, listing(AGO)),
        (LISTS, listing({**KNOWN, "operation": "x"})),
        (f"{LISTS}/search", {"listIds": 5}),
        ("/crm/v3/properties/contacts/groups", {"name": "g", "label": "G", "displayOrder": "-"}),
        ("/crm/v3/properties/contacts/batch/read", {"inputs": ["x"]}),
        ("/crm/v3/pipelines/deals", {"label": "P", "stages": "x"}),
        ("/marketing/v3/forms", {"name": "F", "formType": "hubspot", "fieldGroups": 5}),
        ("/marketing/v3/forms", {"name": "F", "formType": "hubspot", "configuration": 5}),
        (
            "/marketing/v3/forms",
            {"name": "F", "formType": "hubspot", "fieldGroups": [{"fields": 5}]},
        ),
        ("/crm-object-schemas/v3/schemas", {"name": "cars", "labels": 5, "properties": [{}]}),
        ("/crm-object-schemas/v3/schemas", {"name": "cars", "labels": {"a": "b"}, "properties": 5}),
        ("/crm/v4/associations/contacts/companies/batch/archive", {"inputs": [{"to": 5}]}),
    ],
)
def test_a_body_of_another_shape_is_refused(hubspot: HubSpot, path: str, body: Any) -> None:
    answer = hubspot("POST", path, json=body)
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize("path", [CONTACTS, "/crm/v3/owners", "/marketing/v3/forms"])
def test_a_place_in_a_list_beyond_all_numbers_is_refused(hubspot: HubSpot, path: str) -> None:
    assert [hubspot("GET", path, params={"after": far}).status_code for far in (FAR, "²")] == [
        400
    ] * 2


@pytest.mark.parametrize("strange", ["²", str(FAR), "٣"])
def test_what_is_no_number_is_no_id_either(hubspot: HubSpot, strange: str) -> None:
    paths = (f"{CONTACTS}/{strange}", f"{LISTS}/{strange}")
    told = [hubspot("GET", path) for path in paths]
    assert [answer.status_code for answer in told] == [404, 404]
    assert "subCategory" not in told[1].json()
    label = f"/crm/v4/associations/contacts/companies/labels/{strange}"
    assert hubspot("DELETE", label).status_code == 404


@pytest.mark.parametrize("body", [b"{}", b"x", b"[5]", b"[" * 10_000, b'["\xed\xa0\x80"]'])
def test_a_list_of_association_types_must_be_one(hubspot: HubSpot, body: bytes) -> None:
    [contact] = hubspot.contacts(1)
    path = f"/crm/v4/objects/contacts/{contact['id']}/associations/contacts/{contact['id']}"
    assert hubspot("PUT", path, data=body).status_code == 400


def test_many_values_of_one_filter_are_taken(hubspot: HubSpot) -> None:
    values = [f"City {number}" for number in range(40_000)]
    body = listing({**operation("STRING", "IS_EQUAL_TO", values=values), "property": "city"})
    assert hubspot("POST", LISTS, json=body).json()["list"]["size"] == 0
    chosen = filtered("hs_merged_object_ids", "IN", values=values[:3_000])
    assert hubspot.search(chosen).json()["total"] == 0


@pytest.mark.parametrize(
    "change",
    [
        {"fields": [5]},
        {"context": 5},
        {"fields": [{"objectTypeId": "0-2", "name": "email", "value": "a@b.example"}]},
    ],
)
def test_a_form_of_another_shape_is_refused(hubspot: HubSpot, change: Any) -> None:
    fields = [{"objectTypeId": "0-1", "name": "email", "value": "a@b.example"}]
    path = f"/submissions/v3/integration/submit/24681357/{hubspot.form('Demo request')}"
    answer = hubspot("POST", path, json={"fields": fields, **change})
    assert (answer.status_code, answer.json()["status"]) == (400, "error")


@pytest.mark.parametrize("moment", ["999999999999999", "-99999999999999", "0001-01-01T00:00+14:00"])
def test_a_moment_outside_of_the_calendar_is_refused(hubspot: HubSpot, moment: str) -> None:
    born = {"name": "born", "label": "Born", "type": "date", "fieldType": "date"}
    hubspot("POST", PROPERTIES, json={**born, "groupName": "contactinformation"})
    refused = [
        hubspot("POST", path, json={"properties": {name: moment}})
        for path, name in (("/crm/v3/objects/deals", "closedate"), (CONTACTS, "born"))
    ]
    assert [codes(answer) for answer in refused] == [
        [("INVALID_LONG", "closedate")],
        [("INVALID_DATE", "born")],
    ]


@pytest.mark.parametrize("number", ["1_0", "1e3", "nan", "٣", "9" * 400, "1.2.3"])
def test_what_python_alone_calls_a_number_is_refused(hubspot: HubSpot, number: str) -> None:
    answer = hubspot("POST", "/crm/v3/objects/deals", json={"properties": {"amount": number}})
    assert codes(answer) == [("INVALID_INTEGER", "amount")]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"])
def test_the_first_and_the_last_moment_of_the_calendar_are_kept(
    hubspot: HubSpot, moment: str
) -> None:
    values = {"dealname": "D", "dealstage": "closedwon", "closedate": moment}
    made = hubspot("POST", "/crm/v3/objects/deals", json={"properties": values})
    assert made.json()["properties"]["closedate"] == moment


def test_failures_are_told_as_hubspot_tells_them_and_logged_without_values(
    hubspot: HubSpot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(call: Call, default: int, most: int) -> int:
        raise LookupError("a@b.example")

    monkeypatch.setattr(owners, "page_limit", fail)
    answer = hubspot("GET", "/crm/v3/owners")
    told = {"status": "error", "message": "internal error"}
    told["correlationId"] = answer.headers["X-HubSpot-Correlation-Id"]
    assert (answer.status_code, answer.json()) == (500, told)
    [logged] = [entry.getMessage() for entry in caplog.records if entry.levelno == logging.ERROR]
    assert logged.startswith("GET /crm/v3/owners ended in LookupError at hubspot/owners.py:")
    assert "a@b.example" not in logged


def test_failures_before_a_handler_are_told_alike(
    hubspot: HubSpot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(sandbox: Sandbox, caller: str, is_search: bool) -> None:
        raise LookupError("a@b.example")

    monkeypatch.setattr(routes, "take", fail)
    answer = hubspot("GET", "/crm/v3/owners")
    assert (answer.status_code, answer.json()["message"]) == (500, "internal error")
    [logged] = [entry.getMessage() for entry in caplog.records if entry.levelno == logging.ERROR]
    assert logged.startswith(
        "GET, outside of its handler ended in LookupError at hubspot/routes.py:"
    )
