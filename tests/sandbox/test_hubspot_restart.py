"""What was made around HubSpot's records is still there after a restart."""

from pathlib import Path

import requests

from connectors.sandbox.server import RunningSandbox, running_sandbox
from tests.sandbox.clients import HubSpot

MADE = {
    "/crm/v3/lists": {"name": "Ours", "objectTypeId": "0-1", "processingType": "MANUAL"},
    "/crm/v4/associations/contacts/deals/labels": {"name": "n", "label": "Buyer"},
    "/crm/v3/pipelines/tickets": {"label": "Two", "stages": [{"label": "Open"}]},
    "/marketing/v3/forms": {"name": "Trial", "formType": "hubspot"},
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


def access_token(running: RunningSandbox) -> str:
    keys = running.credentials["hubspot"]
    form = {name: keys[name] for name in ("client_id", "client_secret", "refresh_token")}
    form["grant_type"] = "refresh_token"
    answer = requests.post(f"{running.url}/oauth/v1/token", form, timeout=10)
    return str(answer.json()["access_token"])
