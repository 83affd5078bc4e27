"""What leads to the next page: `after`, and a link that can be followed as it is."""

from typing import Any

import pytest

from tests.sandbox.clients import CONTACTS, Admin, HubSpot

COMPANIES = "/crm/v3/objects/companies"


@pytest.fixture
def contact(hubspot: HubSpot) -> str:
    """A contact of two companies that has sent two forms and is on a list with another one."""
    contact_id = hubspot.create(email="a@acme.example")
    for name in ("Acme", "Beta"):
        company = hubspot("POST", COMPANIES, json={"properties": {"name": name}}).json()["id"]
        path = f"/crm/v4/objects/contacts/{contact_id}/associations/default/companies/{company}"
        hubspot("PUT", path).raise_for_status()
        hubspot.submit(hubspot.form("Newsletter"), email="a@acme.example").raise_for_status()
    body = {"name": "Ours", "objectTypeId": "0-1", "processingType": "MANUAL"}
    hubspot("POST", "/crm/v3/lists", json=body).raise_for_status()
    members = [contact_id, hubspot.create(email="b@acme.example")]
    hubspot("PUT", "/crm/v3/lists/1/memberships/add", json=members).raise_for_status()
    return contact_id


def followed(hubspot: HubSpot, page: dict[str, Any]) -> list[Any]:
    """Return what the link of a page leads to."""
    answer = hubspot.session.get(page["paging"]["next"]["link"], timeout=10)
    assert answer.status_code == 200, answer.text
    results: list[Any] = answer.json()["results"]
    return results


@pytest.mark.parametrize(
    "path",
    [
        CONTACTS,
        "/crm/v3/owners",
        "/marketing/v3/forms",
        "/form-integrations/v1/submissions/forms/{form}",
        "/crm/v4/objects/contacts/{contact}/associations/companies",
        "/crm/objects/2026-09/contacts/{contact}/associations/companies",
        "/crm/v3/objects/contacts/{contact}/associations/companies",
        "/crm/v3/lists/1/memberships",
    ],
)
def test_the_link_of_a_page_leads_to_the_next_one(
    hubspot: HubSpot, contact: str, path: str
) -> None:
    path = path.format(contact=contact, form=hubspot.form("Newsletter"))
    both = hubspot("GET", path, params={"limit": 2}).json()["results"]
    page = hubspot("GET", path, params={"limit": 1}).json()
    assert page["paging"]["next"]["after"] in page["paging"]["next"]["link"]
    assert [*page["results"], *followed(hubspot, page)][: len(both)] == both


@pytest.mark.parametrize("root", ["/crm/v4/associations", "/crm/associations/2026-09"])
def test_a_batch_of_associations_goes_on_at_each_record(
    hubspot: HubSpot, admin: Admin, contact: str, root: str
) -> None:
    path, body = f"{root}/contacts/companies/batch/read", {"inputs": [{"id": contact}]}
    [whole] = hubspot("POST", path, json=body).json()["results"]
    admin.setting(hubspot_association_page_size=1)
    [page] = hubspot("POST", path, json=body).json()["results"]
    assert [*page["to"], *followed(hubspot, page)] == whole["to"]
