"""One store behind every family of paths: v3, v4 and the date-based versions."""

import pytest
import requests

from tests.sandbox.clients import Admin, HubSpot

DATES = ("2025-09", "2026-03", "2026-09", "2026-09-beta")
DATED = [
    ("/crm/v3/objects/contacts", "/crm/objects/{}/contacts"),
    ("/crm/v3/objects/0-1", "/crm/objects/{}/0-1"),
    ("/crm/v3/properties/contacts/email", "/crm/properties/{}/contacts/email"),
    ("/crm/v3/properties/contacts/groups", "/crm/properties/{}/contacts/groups"),
    ("/crm/v3/pipelines/deals", "/crm/pipelines/{}/deals"),
    ("/crm/v3/owners", "/crm/owners/{}"),
    ("/crm/v3/lists?listIds=1", "/crm/lists/{}?listIds=1"),
    ("/crm/v4/associations/deals/contacts/labels", "/crm/associations/{}/deals/contacts/labels"),
    ("/crm-object-schemas/v3/schemas", "/crm-object-schemas/{}/schemas"),
    ("/settings/v3/users/teams", "/settings/users/{}/teams"),
    ("/marketing/v3/forms", "/marketing/forms/{}"),
    ("/account-info/v3/details", "/account-info/{}/details"),
]


@pytest.mark.parametrize(("numbered", "dated"), DATED)
def test_a_date_leads_where_a_number_leads(hubspot: HubSpot, numbered: str, dated: str) -> None:
    paths = [numbered, *(dated.format(date) for date in DATES)]
    answers = [hubspot("GET", path) for path in paths]
    first, *others = [{**answer.json(), "paging": None} for answer in answers]
    assert {answer.status_code for answer in answers} == {200}
    assert others == [first] * len(DATES)


@pytest.mark.parametrize("dated", [dated for _, dated in DATED])
def test_a_date_without_a_version_leads_nowhere(hubspot: HubSpot, dated: str) -> None:
    answer = hubspot("GET", dated.format("2024-03"))
    assert (answer.status_code, answer.json()["category"]) == (404, "OBJECT_NOT_FOUND")


@pytest.mark.parametrize(
    "path", ["/crm/v3/owners/", "/crm/owners/2026-09/", "/marketing/v3/forms/"]
)
def test_a_slash_at_the_end_changes_nothing(hubspot: HubSpot, path: str) -> None:
    assert hubspot("GET", path).json() == hubspot("GET", path.removesuffix("/")).json()


def test_v4_numbers_associated_records_where_dates_may_write_their_ids_as_texts(
    hubspot: HubSpot, admin: Admin
) -> None:
    contact_id = hubspot.create(email="a@b.example")
    body = {"properties": {"name": "Acme"}}
    company = int(hubspot("POST", "/crm/v3/objects/companies", json=body).json()["id"])
    end = f"contacts/{contact_id}/associations"
    hubspot("PUT", f"/crm/v4/objects/{end}/default/companies/{company}").raise_for_status()
    paths = [f"/crm/{root}/{end}/companies" for root in ("v4/objects", "objects/2026-09")]
    shown = [hubspot("GET", path).json()["results"][0]["toObjectId"] for path in paths]
    admin.setting(hubspot_dated_association_ids_are_texts=False)
    as_number = hubspot("GET", paths[1]).json()["results"][0]["toObjectId"]
    assert (shown, as_number) == ([company, str(company)], company)


@pytest.mark.parametrize("path", ["/crm/v3/owners", "/oauth/v1/token"])
def test_a_path_that_takes_other_methods_says_so(hubspot: HubSpot, path: str) -> None:
    answer = hubspot("DELETE", path)
    assert (answer.status_code, answer.json()["category"]) == (405, "METHOD_NOT_ALLOWED")


def test_what_needs_no_key_says_without_one_that_it_takes_other_methods(hubspot: HubSpot) -> None:
    answer = requests.put(f"{hubspot.url}/oauth/v3/token", timeout=10)
    assert (answer.status_code, answer.json()["category"]) == (405, "METHOD_NOT_ALLOWED")
