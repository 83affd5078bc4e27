"""What was made around HubSpot's records is still there after a restart."""

from pathlib import Path

import requests

from connectors.sandbox.server import RunningSandbox, running_sandbox
from tests.sandbox.clients import CONTACTS, Admin, HubSpot
from tests.sandbox.webhooks import APP, Developer, Receiver, deliver

MADE = {
    "/crm/v3/lists": {"name": "Ours", "objectTypeId": "0-1", "processingType": "MANUAL"},
    "/crm/v4/associations/contacts/deals/labels": {"name": "n", "label": "Buyer"},
    "/crm/v3/pipelines/tickets": {"label": "Two", "stages": [{"label": "Open"}]},
    "/marketing/v3/forms": {"name": "Trial", "formType": "hubspot"},
}
OURS = {
    "name": "ours",
    "label": "Ours",
    "type": "string",
    "fieldType": "text",
    "groupName": "contactinformation",
}
READ = (
    "/crm/v3/lists?listIds=1",
    "/crm/v4/associations/deals/contacts/labels",
    "/crm/v3/pipelines/tickets",
    "/marketing/v3/forms",
)


def test_lists_labels_pipelines_forms_and_tokens_survive_a_restart(state: Path) -> None:
    with running_sandbox(state) as first:
        hubspot, token = HubSpot(first), access_token(first)
        for path, body in MADE.items():
            hubspot("POST", path, json=body).raise_for_status()
        before = [hubspot("GET", path).json() for path in READ]
    with running_sandbox(state) as second:
        hubspot = HubSpot(second)
        hubspot.session.headers["Authorization"] = f"Bearer {token}"
        assert [hubspot("GET", path).json() for path in READ] == before


def test_subscriptions_and_waiting_events_survive_a_restart(
    state: Path, receiver: Receiver
) -> None:
    with running_sandbox(state) as first:
        developer = Developer(first)
        developer.aim_at(receiver)
        developer.subscribe("contact.creation")
        made = HubSpot(first).create(email="a@b.example")
        before = developer("GET", f"{APP}/subscriptions").json()
    with running_sandbox(state) as second:
        assert Developer(second)("GET", f"{APP}/subscriptions").json() == before
        assert deliver(Admin(second))["sent"] == 1
    assert [event["objectId"] for event in receiver.events] == [int(made)]


def test_members_of_lists_and_archived_properties_survive_a_restart(state: Path) -> None:
    archived, members = "/crm/v3/properties/contacts?archived=true", "/crm/v3/lists/1/memberships"
    with running_sandbox(state) as first:
        hubspot = HubSpot(first)
        hubspot("POST", "/crm/v3/lists", json=MADE["/crm/v3/lists"]).raise_for_status()
        hubspot("PUT", f"{members}/add", json=[hubspot.contacts(1)[0]["id"]]).raise_for_status()
        hubspot("POST", "/crm/v3/properties/contacts", json=OURS).raise_for_status()
        hubspot("DELETE", "/crm/v3/properties/contacts/ours").raise_for_status()
        before = [hubspot("GET", path).json()["results"] for path in (archived, members)]
    assert [len(results) for results in before] == [1, 1]
    with running_sandbox(state) as second:
        hubspot = HubSpot(second)
        assert [hubspot("GET", path).json()["results"] for path in (archived, members)] == before
        again = hubspot("POST", CONTACTS, json={"properties": {"ours": "x"}})
        assert again.status_code == 400


def access_token(running: RunningSandbox) -> str:
    keys = running.credentials["hubspot"]
    form = {name: keys[name] for name in ("client_id", "client_secret", "refresh_token")}
    form["grant_type"] = "refresh_token"
    answer = requests.post(f"{running.url}/oauth/v1/token", form, timeout=10)
    return str(answer.json()["access_token"])
