"""The sandbox's HubSpot as our client reads it, and as others change it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from connectors.hubspot.catalogs.reader import CatalogReader
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.streams import CATALOGS
from connectors.records import Batch
from tests.contract.cases import hubspot_client
from tests.contract.conftest import Sandbox

MACHINE = {
    "name": "machine",
    "labels": {"singular": "Machine", "plural": "Machines"},
    "primaryDisplayProperty": "serial",
    "requiredProperties": ["serial"],
    "properties": [{"name": "serial", "label": "Serial", "type": "string", "fieldType": "text"}],
    "associatedObjects": ["CONTACT"],
}
"""A custom object as HubSpot takes its definition."""


@dataclass(frozen=True)
class Portal:
    """The sandbox's HubSpot, read by our client and changed over its own API."""

    sandbox: Sandbox
    client: HubSpotClient

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Send a request as the account's key."""
        login = self.sandbox.hubspot
        key = {"Authorization": f"Bearer {login['access_token']}"}
        url = login["base_url"] + path
        response = requests.request(method, url, json=body, headers=key, timeout=30)
        response.raise_for_status()
        return response.json() if response.content else None

    def ids(self, object_name: str) -> list[str]:
        """Return the ids of an object's first records."""
        page = self.ask("GET", f"/crm/v3/objects/{object_name}?limit=9")
        return [found["id"] for found in page["results"]]

    def read(self, name: str) -> list[Batch]:
        """Read a catalog."""
        return list(CatalogReader(self.client, CATALOGS[name]).read())

    def record_ids(self, name: str) -> set[str]:
        """Return the ids of a catalog's rows."""
        return {
            record_id
            for batch in self.read(name)
            for record_id in batch.tables[name]["_record_id"].to_pylist()
        }

    def withhold(self, *scopes: str) -> None:
        """Take scopes from our key."""
        self.set(hubspot_withheld_scopes=list(scopes))

    def set(self, **settings: object) -> None:
        """Change settings of the sandbox."""
        self.sandbox.order("settings", settings, method="PATCH")


@contextmanager
def opened(sandbox: Sandbox) -> Iterator[Portal]:
    """Let the sandbox's HubSpot be changed as fast as we like."""
    portal = Portal(sandbox, hubspot_client(sandbox))
    portal.set(rate_limits=False)
    try:
        yield portal
    finally:
        portal.set(rate_limits=True, hubspot_withheld_scopes=[])
