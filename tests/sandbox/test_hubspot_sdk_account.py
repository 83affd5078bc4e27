"""HubSpot's own Python client understands what there is around the records."""

import pytest
from hubspot import HubSpot as HubSpotClient
from hubspot.crm.associations.v4 import BatchInputPublicAssociationMultiPost
from hubspot.crm.associations.v4.schema import PublicAssociationDefinitionCreateRequest
from hubspot.crm.lists import ListCreateRequest
from hubspot.crm.pipelines import PipelineInput, PipelineStageInput
from hubspot.crm.properties import PropertyCreate, PropertyUpdate
from hubspot.webhooks import SettingsChangeRequest, SubscriptionCreateRequest

from connectors.sandbox.server import RunningSandbox
from tests.sandbox.clients import HubSpot


@pytest.fixture
def sdk(running: RunningSandbox) -> HubSpotClient:
    login = running.credentials["hubspot"]
    return HubSpotClient(access_token=login["access_token"], host=login["base_url"])


def test_it_fills_a_list(sdk: HubSpotClient, hubspot: HubSpot) -> None:
    body = ListCreateRequest(object_type_id="0-1", processing_type="MANUAL", name="Ours")
    made = sdk.crm.lists.lists_api.create(list_create_request=body).list
    contact = hubspot.create(email="a@b.example")
    added = sdk.crm.lists.memberships_api.add(made.list_id, request_body=[contact])
    page = sdk.crm.lists.memberships_api.get_page(list_id=made.list_id)
    assert added.records_ids_added == [member.record_id for member in page.results] == [contact]
    assert sdk.crm.lists.lists_api.get_by_id(list_id=made.list_id).list.size == 1


def test_it_makes_pipelines_and_properties(sdk: HubSpotClient) -> None:
    stage = PipelineStageInput(label="Open", display_order=0, metadata={"probability": "0.1"})
    body = PipelineInput(label="Renewals", display_order=1, stages=[stage])
    made = sdk.crm.pipelines.pipelines_api.create("deals", pipeline_input=body)
    stages = sdk.crm.pipelines.pipeline_stages_api.get_all("deals", made.id).results
    assert [stage.metadata["probability"] for stage in stages] == ["0.1"]
    asked = {"name": "mine", "label": "Mine", "type": "string", "field_type": "text"}
    given = PropertyCreate(**asked, group_name="contactinformation")
    sdk.crm.properties.core_api.create("contacts", property_create=given)
    change = PropertyUpdate(label="Ours")
    changed = sdk.crm.properties.core_api.update("contacts", "mine", property_update=change)
    sdk.crm.properties.core_api.archive("contacts", "mine")
    [gone] = sdk.crm.properties.core_api.get_all("contacts", archived=True).results
    assert (changed.label, gone.name, gone.archived) == ("Ours", "mine", True)


def test_it_labels_associations(sdk: HubSpotClient, hubspot: HubSpot) -> None:
    body = PublicAssociationDefinitionCreateRequest(label="Boss", inverse_label="Team", name="boss")
    labels = sdk.crm.associations.v4.schema.definitions_api
    made = labels.create("contacts", "contacts", public_association_definition_create_request=body)
    first, second = (hubspot.create(email=f"{name}@b.example") for name in "ab")
    kind = {"associationCategory": "USER_DEFINED", "associationTypeId": made.results[0].type_id}
    entry = {"from": {"id": first}, "to": {"id": second}, "types": [kind]}
    batch = BatchInputPublicAssociationMultiPost(inputs=[entry])
    answer = sdk.crm.associations.v4.batch_api.create("contacts", "contacts", batch)
    page = sdk.crm.associations.v4.basic_api.get_page("contacts", second, "contacts")
    assert answer.results[0].labels == ["Boss"]
    assert "Team" in [kind.label for kind in page.results[0].association_types]


def test_it_refreshes_tokens_and_subscribes_to_events(running: RunningSandbox) -> None:
    keys = running.credentials["hubspot"]
    names = ("client_id", "client_secret", "refresh_token")
    sdk = HubSpotClient(host=keys["base_url"], api_key=keys["developer_api_key"])
    grant = {"grant_type": "refresh_token", **{name: keys[name] for name in names}}
    token = sdk.oauth.tokens_api.create(**grant)
    told = sdk.oauth.access_tokens_api.get(token.access_token)
    assert (told.hub_id, token.expires_in) == (24681357, 1800)
    target = SettingsChangeRequest(
        target_url="http://127.0.0.1:9/", throttling={"maxConcurrentRequests": 10}
    )
    sdk.webhooks.settings_api.configure(told.app_id, settings_change_request=target)
    wanted = SubscriptionCreateRequest(event_type="contact.creation", active=True)
    api = sdk.webhooks.subscriptions_api
    made = api.create(told.app_id, subscription_create_request=wanted)
    assert [one.id for one in api.get_all(told.app_id).results] == [made.id]
