"""Definitions of properties, for tests of what is done to them."""

from typing import Any

from tests.sandbox.clients import HubSpot

PATH = "/crm/v3/properties/contacts"
MINE = {
    "name": "mine",
    "label": "Mine",
    "type": "number",
    "fieldType": "number",
    "groupName": "contactinformation",
}
CHOICE = {**MINE, "type": "enumeration", "fieldType": "select"}


def create(hubspot: HubSpot, **changes: Any) -> Any:
    return hubspot("POST", PATH, json={**MINE, **changes})
