"""The vendors' own kind of clients, which know nothing of this sandbox, get along with it."""

from typing import Any

import pytest
import requests
from hubspot import HubSpot as HubSpotClient
from hubspot.crm.contacts import (
    ApiException,
    BatchInputSimplePublicObjectBatchInput,
    BatchReadInputSimplePublicObjectId,
    PublicObjectSearchRequest,
    SimplePublicObjectInput,
    SimplePublicObjectInputForCreate,
)
from simple_salesforce.api import Salesforce as SalesforceClient
from simple_salesforce.exceptions import SalesforceMalformedRequest, SalesforceResourceNotFound

from connectors.sandbox.server import RunningSandbox
from tests.sandbox.clients import Admin, Salesforce


class Loopback(requests.adapters.HTTPAdapter):
    """simple-salesforce writes https:// itself: send that to the sandbox."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        request.url = self._url + request.path_url
        return super().send(request, **options)


@pytest.fixture
def foreign(running: RunningSandbox, salesforce: Salesforce) -> Any:
    session = requests.Session()
    session.mount("https://", Loopback(running.url))
    keys = running.credentials["salesforce"]
    return SalesforceClient(
        consumer_key=keys["client_id"],
        consumer_secret=keys["client_secret"],
        domain="acme.my",
        session=session,
        version="59.0",
    )


@pytest.fixture
def sdk(running: RunningSandbox) -> HubSpotClient:
    keys = running.credentials["hubspot"]
    return HubSpotClient(access_token=keys["access_token"], host=keys["base_url"])


def test_simple_salesforce_reads_pages_and_describes(foreign: Any, admin: Admin) -> None:
    admin.setting(salesforce_page_size=10)
    records = list(foreign.query_all_iter("SELECT Id, Name FROM Lead"))
    assert len(records) == foreign.query("SELECT COUNT() FROM Lead")["totalSize"]
    assert foreign.Lead.describe()["keyPrefix"] == "00Q"
    assert foreign.limits()["DailyApiRequests"]["Max"] == 100_000


def test_simple_salesforce_creates_updates_and_deletes(foreign: Any) -> None:
    created = foreign.Lead.create({"LastName": "Probe", "Company": "Probe"})
    assert foreign.Lead.update(created["id"], {"Title": "CEO"}) == 204
    assert foreign.Lead.get(created["id"])["Title"] == "CEO"
    assert foreign.Lead.delete(created["id"]) == 204
    with pytest.raises(SalesforceResourceNotFound):
        foreign.Lead.get(created["id"])


def test_simple_salesforce_understands_refusals(foreign: Any) -> None:
    with pytest.raises(SalesforceMalformedRequest) as refusal:
        foreign.query("SELECT Nope FROM Lead")
    assert "INVALID_FIELD" in str(refusal.value.content)


def test_simple_salesforce_makes_a_field_with_the_tooling_api(foreign: Any) -> None:
    metadata = {"type": "Text", "length": 80, "label": "Stage"}
    body = {"FullName": "Lead.Stage__c", "Metadata": metadata}
    assert foreign.toolingexecute("sobjects/CustomField", "POST", body)["success"]


def test_simple_salesforce_logs_in_again_when_the_session_ends(foreign: Any, admin: Admin) -> None:
    admin.advance(7_200)
    assert foreign.query("SELECT COUNT() FROM Lead")["done"]


def test_the_hubspot_sdk_lists_all_contacts(sdk: HubSpotClient, admin: Admin) -> None:
    living = [c for c in admin.dump()["hubspot"]["contacts"] if c["archived_at"] is None]
    listed = sdk.crm.contacts.get_all(properties_with_history=["lifecyclestage"])
    assert [contact.id for contact in listed] == [str(contact["id"]) for contact in living]
    assert listed[0].properties_with_history["lifecyclestage"][0].timestamp.tzinfo is not None


def test_the_hubspot_sdk_creates_searches_and_updates(sdk: HubSpotClient) -> None:
    api = sdk.crm.contacts
    made = SimplePublicObjectInputForCreate(properties={"email": "a@b.example"})
    contact = api.basic_api.create(simple_public_object_input_for_create=made)
    api.basic_api.update(contact.id, SimplePublicObjectInput(properties={"city": "Oslo"}))
    condition = {"propertyName": "city", "operator": "EQ", "value": "oslo"}
    request = PublicObjectSearchRequest(filter_groups=[{"filters": [condition]}])
    assert [found.id for found in api.search_api.do_search(request).results] == [contact.id]
    api.basic_api.archive(contact.id)
    archived = api.basic_api.get_by_id(contact.id, archived=True)
    assert archived.archived


def test_the_hubspot_sdk_sees_partial_failure_in_a_batch(sdk: HubSpotClient) -> None:
    known = sdk.crm.contacts.basic_api.get_page(limit=1).results[0].id
    inputs = [
        {"id": known, "properties": {"city": "Oslo"}},
        {"id": "1", "properties": {"city": "x"}},
    ]
    batch = BatchInputSimplePublicObjectBatchInput(inputs=inputs)
    answer = sdk.crm.contacts.batch_api.update(batch)
    assert (len(answer.results), answer.num_errors) == (1, 1)


def test_the_hubspot_sdk_reads_a_batch_by_address(sdk: HubSpotClient) -> None:
    [first] = sdk.crm.contacts.basic_api.get_page(limit=1).results
    request = BatchReadInputSimplePublicObjectId(
        inputs=[{"id": first.properties["email"]}],
        id_property="email",
        properties=["email"],
        properties_with_history=[],
    )
    answer = sdk.crm.contacts.batch_api.read(request)
    assert [contact.id for contact in answer.results] == [first.id]


def test_the_hubspot_sdk_understands_refusals(sdk: HubSpotClient) -> None:
    made = SimplePublicObjectInputForCreate(properties={"nope": "1"})
    with pytest.raises(ApiException) as refusal:
        sdk.crm.contacts.basic_api.create(simple_public_object_input_for_create=made)
    assert refusal.value.status == 400
