"""HubSpot's own Python client understands the answers on more than contacts."""

import pytest
from hubspot import HubSpot as HubSpotClient
from hubspot.crm.associations.v4 import BatchInputPublicFetchAssociationsBatchRequest
from hubspot.crm.contacts import PublicMergeInput
from hubspot.crm.objects import SimplePublicObjectInputForCreate

from connectors.sandbox.server import RunningSandbox
from tests.sandbox.clients import HubSpot


@pytest.fixture
def sdk(running: RunningSandbox) -> HubSpotClient:
    login = running.credentials["hubspot"]
    return HubSpotClient(access_token=login["access_token"], host=login["base_url"])


@pytest.fixture
def call(sdk: HubSpotClient, hubspot: HubSpot) -> tuple[str, str]:
    """A call with a contact: both ids."""
    contact_id = hubspot.create(email="a@b.example")
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 194}]
    body = SimplePublicObjectInputForCreate(
        properties={"hs_timestamp": "2026-06-29T08:00:00Z", "hs_call_title": "Hello"},
        associations=[{"to": {"id": contact_id}, "types": types}],
    )
    made = sdk.crm.objects.basic_api.create("calls", simple_public_object_input_for_create=body)
    return made.id, contact_id


def test_it_reads_an_activity_with_inline_associations(
    sdk: HubSpotClient, call: tuple[str, str]
) -> None:
    found = sdk.crm.objects.basic_api.get_by_id("calls", call[0], associations=["contacts"])
    [linked] = found.associations["contacts"].results
    assert (linked.id, linked.type) == (call[1], "call_to_contact")


def test_it_reads_associations_in_batches_with_those_who_have_none(
    sdk: HubSpotClient, call: tuple[str, str]
) -> None:
    body = BatchInputPublicFetchAssociationsBatchRequest(inputs=[{"id": call[0]}, {"id": "1"}])
    answer = sdk.crm.associations.v4.batch_api.get_page("calls", "contacts", body)
    [result] = answer.results
    assert (result._from.id, result.to[0].association_types[0].type_id) == (call[0], 194)
    assert [error.sub_category for error in answer.errors] == [
        "crm.associations.NO_ASSOCIATIONS_FOUND"
    ]


def test_it_reads_pipelines_and_owners(sdk: HubSpotClient) -> None:
    [pipeline] = sdk.crm.pipelines.pipelines_api.get_all("deals").results
    assert [stage.id for stage in pipeline.stages][-2:] == ["closedwon", "closedlost"]
    owner = sdk.crm.owners.owners_api.get_page(limit=1).results[0]
    assert sdk.crm.owners.owners_api.get_by_id(int(owner.id)).email == owner.email


def test_it_merges_contacts(sdk: HubSpotClient, hubspot: HubSpot) -> None:
    first, second = (hubspot.create(email=f"{name}@b.example") for name in ("a", "b"))
    body = PublicMergeInput(primary_object_id=first, object_id_to_merge=second)
    merged = sdk.crm.contacts.basic_api.merge(public_merge_input=body)
    assert sdk.crm.contacts.basic_api.get_by_id(second).id == merged.id
