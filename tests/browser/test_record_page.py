"""A salesperson's view: our fields on the page of a Contact, in the sandbox CRM."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, expect

from connectors.changes import RecordChange
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.destination import SalesforceDestination
from connectors.sandbox.server import RunningSandbox, running_sandbox
from pipelines.settings import PROJECT_ROOT
from pipelines.sync.config import Sync, load_syncs
from tests.sandbox.clients import Admin, Salesforce

pytestmark = pytest.mark.browser

SINCE = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
WRITTEN = {
    "Leadcycle_Stage__c": "Opportunity",
    "Leadcycle_Stage_Pass__c": "Opportunity-01",
    "Leadcycle_Stage_Since__c": SINCE,
    "Leadcycle_Score__c": Decimal("48.50"),
    "Leadcycle_Score_Reasons__c": "Asked for a demo (+30)",
    "Leadcycle_Person_Id__c": "p_0123456789abcdef",
}
SHOWN = {
    "Leadcycle Stage": "Opportunity",
    "Leadcycle Stage Pass": "Opportunity-01",
    "Leadcycle Stage Since": "01 Jun 2026, 09:30",
    "Leadcycle Score": "48.50",
    "Leadcycle Score Reasons": "Asked for a demo (+30)",
    "Leadcycle Person Id": "p_0123456789abcdef",
    "Leadcycle Synced At": "—",
}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """A small company whose Contacts have our fields."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox"), people=20) as running:
        yield running


@pytest.fixture(scope="module")
def converted(sandbox: RunningSandbox) -> tuple[str, str]:
    """The ids of a Lead and of the Contact it became, which we have written."""
    [lead_id] = Salesforce(sandbox).lead_ids(1)
    body = {"lead_id": lead_id, "opportunity": True}
    contact_id = Admin(sandbox)("POST", "conversions", body).json()["contact_id"]
    keys = sandbox.credentials["salesforce"]
    client = SalesforceClient.connect(keys["base_url"], keys["client_id"], keys["client_secret"])
    destination = SalesforceDestination(client)
    destination.provision("Contact", contact_sync().own_fields())
    destination.write("Contact", [RecordChange(contact_id, WRITTEN)])
    return lead_id, contact_id


def contact_sync() -> Sync:
    syncs = load_syncs(PROJECT_ROOT / "revops")
    return next(sync for sync in syncs if sync.name == "salesforce__contacts")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield page
    page.close()


def test_the_page_of_a_contact_shows_our_fields(
    sandbox: RunningSandbox, converted: tuple[str, str], page: Page
) -> None:
    page.goto(f"{sandbox.url}/ui/salesforce/Contact/{converted[1]}")
    own = page.locator("section", has=page.get_by_role("heading", name="Leadcycle"))

    labels, values = own.locator("dt").all_inner_texts(), own.locator("dd").all_inner_texts()
    assert dict(zip(labels, values, strict=True)) == SHOWN


def test_a_converted_lead_leads_there(
    sandbox: RunningSandbox, converted: tuple[str, str], page: Page
) -> None:
    page.goto(f"{sandbox.url}/ui/salesforce/Lead/{converted[0]}")
    page.locator(f"a[href='/ui/salesforce/Contact/{converted[1]}']").first.click()

    expect(page.get_by_role("heading", name="Leadcycle")).to_be_visible()
