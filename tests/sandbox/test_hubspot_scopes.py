"""Scopes that were not granted, and objects that may not be seen."""

from typing import Any

import pytest

from tests.sandbox.clients import CONTACTS, Admin, HubSpot, filtered


def test_a_withheld_scope_is_named(hubspot: HubSpot, admin: Admin) -> None:
    scope = "crm.objects.companies.read"
    admin.setting(hubspot_withheld_scopes=[scope])
    answer = hubspot("GET", "/crm/v3/objects/companies")
    body: Any = answer.json()
    assert (answer.status_code, body["category"]) == (403, "MISSING_SCOPES")
    assert body["errors"][0]["context"] == {"requiredGranularScopes": [scope]}
    assert hubspot("GET", CONTACTS).status_code == 200


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        ("crm.objects.contacts.write", "POST", CONTACTS),
        ("crm.objects.contacts.read", "GET", "/crm/v3/objects/notes"),
        ("crm.schemas.deals.read", "GET", "/crm/v3/properties/deals"),
        ("crm.objects.owners.read", "GET", "/crm/v3/owners"),
        ("crm.lists.write", "POST", "/crm/v3/lists"),
        ("forms", "GET", "/marketing/v3/forms"),
        ("tickets", "GET", "/crm/v3/objects/tickets"),
        ("crm.schemas.custom.read", "GET", "/crm-object-schemas/v3/schemas"),
        ("crm.schemas.custom.write", "POST", "/crm/v3/schemas"),
        ("settings.users.teams.read", "GET", "/settings/v3/users/teams"),
    ],
)
def test_each_area_has_its_scope(
    hubspot: HubSpot, admin: Admin, scope: str, method: str, path: str
) -> None:
    admin.setting(hubspot_withheld_scopes=[scope])
    assert hubspot(method, path, json={}).json()["category"] == "MISSING_SCOPES"


def test_a_hidden_object_is_refused_without_a_category(hubspot: HubSpot, admin: Admin) -> None:
    admin.setting(hubspot_hidden_objects=["contacts"])
    answer = hubspot("GET", CONTACTS)
    assert (answer.status_code, answer.json().keys()) == (
        403,
        {"status", "message", "correlationId"},
    )
    assert "ObjectTypeId{legacyObjectType=CONTACT}" in answer.json()["message"]


OF_ONE = filtered("associations.contact", "EQ", "1")
OF_CONTACTS: tuple[tuple[str, str, Any], ...] = (
    ("GET", "/crm/v3/objects/companies/{company}/associations/contacts", None),
    ("GET", "/crm/v4/objects/companies/{company}/associations/contacts", None),
    ("GET", "/crm/v3/objects/companies?associations=contacts", None),
    ("GET", "/crm/v3/objects/companies/{company}?associations=deals,0-1", None),
    ("POST", "/crm/v4/associations/companies/contacts/batch/read", {"inputs": []}),
    ("GET", "/crm/v4/associations/companies/contacts/labels", None),
    ("POST", "/crm/v3/lists", {"name": "A", "objectTypeId": "0-1", "processingType": "MANUAL"}),
    ("POST", "/crm/v3/objects/companies/search", {"filters": [OF_ONE]}),
    ("POST", "/crm/v3/objects/companies/search", {"filterGroups": [{"filters": [OF_ONE]}]}),
    ("GET", "/crm/v3/lists/{list}", None),
    ("GET", "/crm/v3/lists?listIds={list}", None),
    ("GET", "/crm/v3/lists/{list}/memberships", None),
    ("GET", "/crm/v3/lists/object-type-id/0-1/name/Ours", None),
    ("GET", "/crm/v3/lists/records/0-1/1/memberships", None),
)


@pytest.fixture
def places(hubspot: HubSpot) -> dict[str, str]:
    """Ids of a company and of a list of contacts."""
    body: dict[str, Any] = {"properties": {"name": "B"}}
    company = hubspot("POST", "/crm/v3/objects/companies", json=body).json()["id"]
    body = {"name": "Ours", "objectTypeId": "0-1", "processingType": "MANUAL"}
    made = hubspot("POST", "/crm/v3/lists", json=body).json()["list"]["listId"]
    return {"company": company, "list": made}


@pytest.mark.parametrize(("method", "path", "body"), OF_CONTACTS)
def test_withheld_contacts_are_read_nowhere(  # noqa: PLR0917 - one row of a table
    hubspot: HubSpot, admin: Admin, places: dict[str, str], method: str, path: str, body: Any
) -> None:
    scope = "crm.objects.contacts.read"
    admin.setting(hubspot_withheld_scopes=[scope])
    errors = hubspot(method, path.format(**places), json=body).json()["errors"]
    assert errors[0]["context"] == {"requiredGranularScopes": [scope]}


@pytest.mark.parametrize(("method", "path", "body"), OF_CONTACTS)
def test_hidden_contacts_are_seen_nowhere(  # noqa: PLR0917 - one row of a table
    hubspot: HubSpot, admin: Admin, places: dict[str, str], method: str, path: str, body: Any
) -> None:
    admin.setting(hubspot_hidden_objects=["contacts"])
    assert hubspot(method, path.format(**places), json=body).status_code == 403


def test_a_new_record_is_associated_only_where_writing_is_granted(
    hubspot: HubSpot, admin: Admin, places: dict[str, str]
) -> None:
    admin.setting(hubspot_withheld_scopes=["crm.objects.companies.write"])
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}]
    new = {"properties": {"email": "a@b.example"}}
    wanted = {**new, "associations": [{"to": {"id": places["company"]}, "types": types}]}
    answers = [hubspot("POST", CONTACTS, json=wanted), hubspot.batch("create", [wanted])]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert hubspot("POST", CONTACTS, json=new).status_code == 201


def test_lists_of_other_objects_stay_open(hubspot: HubSpot, admin: Admin) -> None:
    admin.setting(hubspot_withheld_scopes=["crm.objects.contacts.read"])
    body = {"name": "Firms", "objectTypeId": "0-2", "processingType": "MANUAL"}
    assert hubspot("POST", "/crm/v3/lists", json=body).status_code == 200


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize(
    "closing",
    [
        {"hubspot_withheld_scopes": ["crm.objects.contacts.read"]},
        {"hubspot_hidden_objects": ["contacts"]},
    ],
)
def test_a_search_finds_no_lists_of_closed_objects(
    hubspot: HubSpot, admin: Admin, closing: dict[str, Any]
) -> None:
    search = "/crm/v3/lists/search"
    types = {known["objectTypeId"] for known in hubspot("POST", search, json={}).json()["lists"]}
    admin.setting(**closing)
    found = hubspot("POST", search, json={}).json()["lists"]
    assert {known["objectTypeId"] for known in found} == types - {"0-1"} != types
