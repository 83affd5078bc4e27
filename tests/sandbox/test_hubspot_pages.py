import re

import pytest
import requests

from tests.sandbox.clients import CONTACTS, Admin, HubSpot

WHEN = "2026-06-29T08:00:00Z"


@pytest.fixture
def company(hubspot: HubSpot) -> str:
    return create(hubspot, "companies", name="Acme & Sons", domain="acme.example")


@pytest.fixture
def contact(hubspot: HubSpot, company: str) -> str:
    contact_id = hubspot.create(email="a@acme.example", firstname="Ada", lastname="Lovelace")
    link(hubspot, f"companies/{company}", contact_id)
    return contact_id


@pytest.fixture
def deal(hubspot: HubSpot, contact: str) -> str:
    deal_id = create(hubspot, "deals", dealname="Engines", dealstage="contractsent")
    link(hubspot, f"deals/{deal_id}", contact)
    return deal_id


def create(hubspot: HubSpot, kind: str, **properties: str) -> str:
    answer = hubspot("POST", f"/crm/v3/objects/{kind}", json={"properties": properties})
    return str(answer.json()["id"])


def link(hubspot: HubSpot, other: str, contact_id: str) -> None:
    """Associate a contact with `kind/id` of another record."""
    path = f"/crm/v4/objects/contacts/{contact_id}/associations/default/{other}"
    hubspot("PUT", path).raise_for_status()


def page(admin: Admin, path: str) -> str:
    answer = requests.get(f"{admin.url}/ui/hubspot/{path}", timeout=10)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.text)


def test_a_contact_shows_its_company_and_deals(
    admin: Admin, contact: str, company: str, deal: str
) -> None:
    text = page(admin, f"contacts/{contact}")
    assert f'<a href="/ui/hubspot/companies/{company}">Acme &amp; Sons</a>' in text
    assert "<span>acme.example, primary</span>" in text
    assert f'<a href="/ui/hubspot/deals/{deal}">Engines</a> <span>Contract Sent</span>' in text


def test_a_company_shows_its_people(admin: Admin, contact: str, company: str) -> None:
    text = page(admin, f"companies/{company}")
    assert "<h1>Acme &amp; Sons</h1>" in text
    assert f'<a href="/ui/hubspot/contacts/{contact}">Ada Lovelace</a>' in text


def test_a_deal_shows_where_it_stands_in_its_pipeline(admin: Admin, deal: str) -> None:
    text = page(admin, f"deals/{deal}")
    assert '<li class="past">Qualified To Buy</li>' in text
    assert '<li class="now" aria-current="step">Contract Sent</li>' in text
    assert '<li class="ahead">Closed Won</li>' in text


def test_activities_are_in_the_timeline_of_whom_they_were_with(
    admin: Admin, hubspot: HubSpot, contact: str
) -> None:
    values = {"hs_call_title": "First call", "hs_call_status": "NO_ANSWER"}
    call = create(hubspot, "calls", hs_timestamp=WHEN, **values)
    link(hubspot, f"calls/{call}", contact)
    text = page(admin, f"contacts/{contact}")
    assert (
        '<li class="call"> <time datetime="2026-06-29T08:00:00+00:00">29 Jun 2026, 08:00</time> '
        '<strong>Call: First call</strong> <span class="detail">No answer</span>'
    ) in text


def test_a_merged_contact_is_found_by_its_old_id(
    admin: Admin, hubspot: HubSpot, contact: str
) -> None:
    other = hubspot.create(email="b@acme.example")
    body = {"primaryObjectId": contact, "objectIdToMerge": other}
    hubspot("POST", f"{CONTACTS}/merge", json=body).raise_for_status()
    text = page(admin, f"contacts/{other}")
    assert f"Record {other} was merged into this contact." in text
    assert "<h1>Ada Lovelace</h1>" in text


def test_only_properties_made_over_the_api_are_ours(
    admin: Admin, hubspot: HubSpot, contact: str
) -> None:
    assert "<h2>Leadcycle</h2>" not in page(admin, f"contacts/{contact}")
    body = {"name": "mine", "label": "Mine", "type": "string", "fieldType": "text"}
    body["groupName"] = "contactinformation"
    hubspot("POST", "/crm/v3/properties/contacts", json=body).raise_for_status()
    hubspot.patch(contact, mine="x").raise_for_status()
    assert "<dt>Mine</dt><dd>x</dd>" in page(admin, f"contacts/{contact}")


@pytest.mark.parametrize("path", ["contacts/1", "companies/x", "deals/1", "notes/1"])
def test_a_page_of_nothing_is_not_found(admin: Admin, path: str) -> None:
    answer = requests.get(f"{admin.url}/ui/hubspot/{path}", timeout=10)
    assert (answer.status_code, "No such record" in answer.text) == (404, True)
