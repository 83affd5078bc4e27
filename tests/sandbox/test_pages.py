import re

import pytest
import requests

from tests.sandbox.clients import Admin, HubSpot, Salesforce


@pytest.fixture
def page(admin: Admin) -> "Page":
    return Page(admin.url)


class Page:
    def __init__(self, url: str) -> None:
        self.url = url

    def text(self, path: str) -> str:
        answer = requests.get(self.url + path, timeout=10)
        assert answer.status_code == 200
        return answer.text


def test_the_first_page_counts_and_lists_the_records_of_both_crms(page: Page, admin: Admin) -> None:
    text, dump = page.text("/"), admin.dump()
    living = [lead for lead in dump["salesforce"]["Lead"] if not lead["IsDeleted"]]
    assert f"<strong>{len(living)}</strong><span>leads</span>" in text
    assert "/ui/salesforce/Lead/" in text
    assert "/ui/hubspot/contacts/" in text


def test_a_search_finds_by_name_company_and_address(page: Page, hubspot: HubSpot) -> None:
    hubspot.create(email="a@quux.example", firstname="Zaphod", lastname="B", company="Magrathea")
    for text in ("zaphod b", "magrathea", "@quux"):
        assert "Zaphod B" in page.text(f"/ui/?q={text}&crm=hubspot")
    assert "Nobody matches" in page.text("/ui/?q=zaphod&crm=salesforce")


def test_values_are_escaped(page: Page, salesforce: Salesforce) -> None:
    body = {"LastName": "<script>alert(1)</script>", "Company": "B"}
    lead_id = salesforce("POST", "sobjects/Lead", json=body).json()["id"]
    for path in (f"/ui/salesforce/Lead/{lead_id}", "/ui/?q=%3Cscript%3E"):
        text = page.text(path)
        assert "<script" not in text
        assert "&lt;script&gt;" in text


def test_a_lead_shows_our_fields_once_they_exist(page: Page, salesforce: Salesforce) -> None:
    [lead_id] = salesforce.lead_ids(1)
    path = f"/ui/salesforce/Lead/{lead_id}"
    assert "<h2>Leadcycle</h2>" not in page.text(path)
    salesforce.add_field("Leadcycle_Score__c", label="Lead score")
    salesforce.grant("Leadcycle_Score__c")
    salesforce.update({"id": lead_id, "Leadcycle_Score__c": 48.5})
    shown = re.search(r"<dt>Lead score</dt><dd>([^<]*)</dd>", page.text(path))
    assert shown is not None
    assert shown.group(1) == "48.50"


def test_a_lead_tells_who_changed_it(page: Page, salesforce: Salesforce, admin: Admin) -> None:
    body = {"LastName": "Probe", "Company": "B", "Status": "New"}
    lead_id = salesforce("POST", "sobjects/Lead", json=body).json()["id"]
    edit = {"crm": "salesforce", "record_id": lead_id, "user": 1, "values": {"Status": "Working"}}
    admin("POST", "edits", edit)
    text = page.text(f"/ui/salesforce/Lead/{lead_id}")
    assert "New → Working" in text
    assert "Dana Osei" in text
    assert "Leadcycle Integration (API)" in text


def test_a_contact_tells_its_forms_and_changes(page: Page, hubspot: HubSpot) -> None:
    contact_id = hubspot.create(email="a@b.example", lifecyclestage="marketingqualifiedlead")
    hubspot.submit(hubspot.form("Demo request"), email="a@b.example")
    text = page.text(f"/ui/hubspot/contacts/{contact_id}")
    assert "Form sent: Demo request" in text
    assert '<li class="now" aria-current="step">Marketing Qualified Lead</li>' in text


def test_deleted_and_archived_records_say_so(
    page: Page, salesforce: Salesforce, hubspot: HubSpot
) -> None:
    [lead_id], [contact] = salesforce.lead_ids(1), hubspot.contacts(1)
    salesforce("DELETE", f"sobjects/Lead/{lead_id}")
    hubspot("DELETE", f"/crm/v3/objects/contacts/{contact['id']}")
    assert "recycle bin" in page.text(f"/ui/salesforce/Lead/{lead_id}")
    assert "archived" in page.text(f"/ui/hubspot/contacts/{contact['id']}")


def test_pages_ask_no_other_host(page: Page) -> None:
    sources = page.text("/ui/") + page.text("/ui/style.css")
    assert not re.search(r"(?:src|href|url)\W{1,3}(?:https?:)?//", sources)


@pytest.mark.parametrize(
    "path", ["salesforce/Lead/nobody", "hubspot/contacts/1", "hubspot/contacts/x"]
)
def test_a_page_of_nobody_is_not_found(admin: Admin, path: str) -> None:
    answer = requests.get(f"{admin.url}/ui/{path}", timeout=10)
    assert (answer.status_code, "No such record" in answer.text) == (404, True)
