"""One store behind every family of paths: v3, v4 and the date-based versions."""

import pytest

from tests.sandbox.clients import HubSpot

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


def test_a_path_that_takes_other_methods_says_so(hubspot: HubSpot) -> None:
    answer = hubspot("DELETE", "/crm/v3/owners")
    assert (answer.status_code, answer.json()["category"]) == (405, "METHOD_NOT_ALLOWED")
