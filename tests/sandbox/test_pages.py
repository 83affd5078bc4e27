import re
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress

import pytest
import requests

from tests.sandbox.clients import Admin, HubSpot, Salesforce
from tests.sandbox.conftest import Stage
from tests.sandbox.salesforce_records import change, make


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


def test_a_converted_lead_leads_to_its_contact(
    page: Page, salesforce: Salesforce, admin: Admin
) -> None:
    lead = make(salesforce, "Lead", FirstName="Ada")
    made = admin("POST", "conversions", {"lead_id": lead, "opportunity": True}).json()
    text = page.text(f"/ui/salesforce/Lead/{lead}")
    assert f'<a href="/ui/salesforce/Contact/{made["contact_id"]}">Ada Probe</a>' in text
    assert "Lead converted" in text
    text = page.text(f"/ui/salesforce/Contact/{made['contact_id']}")
    assert "Converted from (1)" in text
    assert f"/ui/salesforce/Lead/{lead}" in text


def test_an_account_lists_its_people_and_deals(page: Page, salesforce: Salesforce) -> None:
    account = make(salesforce, "Account")
    person = make(salesforce, "Contact", AccountId=account)
    deal = make(salesforce, "Opportunity", AccountId=account)
    text = page.text(f"/ui/salesforce/Account/{account}")
    assert ("Contacts (1)" in text, "Opportunities (1)" in text) == (True, True)
    assert f"/ui/salesforce/Contact/{person}" in text
    assert f"/ui/salesforce/Opportunity/{deal}" in text


def test_an_opportunity_tells_its_stages_and_roles(page: Page, salesforce: Salesforce) -> None:
    deal, person = make(salesforce, "Opportunity"), make(salesforce, "Contact")
    role = {"OpportunityId": deal, "ContactId": person, "Role": "Decision Maker"}
    make(salesforce, "OpportunityContactRole", **role)
    change(salesforce, "Opportunity", deal, StageName="Proposal")
    text = page.text(f"/ui/salesforce/Opportunity/{deal}")
    assert ("Stage history (2)" in text, "Decision Maker" in text) == (True, True)
    assert "Prospecting → Proposal" in text


@pytest.mark.parametrize("kind", ["Lead", "Contact", "Account", "Opportunity"])
def test_the_records_of_one_object_can_be_listed(
    page: Page, salesforce: Salesforce, kind: str
) -> None:
    record_id = make(salesforce, kind)
    linked = set(
        re.findall(r"/ui/salesforce/(\w+)/\w+", page.text(f"/ui/?crm=salesforce&kind={kind}"))
    )
    assert linked == {kind}
    assert f"/ui/salesforce/{kind}/{record_id}" in page.text(f"/ui/?crm=salesforce&kind={kind}")


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
    "path",
    [
        "salesforce/Lead/nobody",
        "salesforce/Task/00T5e0000000001AAA",
        "hubspot/contacts/1",
        "hubspot/contacts/x",
    ],
)
def test_a_page_of_nobody_is_not_found(admin: Admin, path: str) -> None:
    answer = requests.get(f"{admin.url}/ui/{path}", timeout=10)
    assert (answer.status_code, "No such record" in answer.text) == (404, True)


def test_a_page_shows_nothing_that_is_undone_later(
    page: Page, salesforce: Salesforce, stage: Stage
) -> None:
    [lead_id] = salesforce.lead_ids(1)
    store = stage.app.state.sandbox.store
    with ThreadPoolExecutor(1) as pool:
        with suppress(KeyError), store.transaction():
            store.run("update salesforce_Lead set Title = 'Undone'")
            shown = pool.submit(page.text, f"/ui/salesforce/Lead/{lead_id}")
            with suppress(NotYet):
                shown.result(timeout=0.2)
            raise KeyError
        assert "Undone" not in shown.result()
