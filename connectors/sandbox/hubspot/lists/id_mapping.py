"""Ids of the older lists API, told in those of today.

HubSpot's reference ("ID mapping"). The lists of this account are younger than that API: they have
one id for both.
"""

from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import bad_input
from connectors.sandbox.hubspot.lists.record_lists import all_lists, find_list
from connectors.sandbox.hubspot.requests import json_list
from connectors.sandbox.web import Answer, Call, Endpoint

MOST = 10_000


def map_id(sandbox: Sandbox, call: Call) -> Answer:
    """GET crm/v3/lists/idmapping?legacyListId=."""
    return Answer(200, _pair(str(find_list(sandbox.store, call.one("legacyListId")).id)))


def map_ids(sandbox: Sandbox, call: Call) -> Answer:
    """POST crm/v3/lists/idmapping: a list of ids; those of no list apart."""
    given = json_list(call)
    if len(given) > MOST:
        raise bad_input(f"A list of up to {MOST} ids is required")
    wanted = [str(list_id) for list_id in given]
    known = {str(one.id) for one in all_lists(sandbox.store)}
    body = {
        "legacyListIdsToIdsMapping": [_pair(text) for text in wanted if text in known],
        "missingLegacyListIds": [text for text in wanted if text not in known],
    }
    return Answer(200, body)


def _pair(list_id: str) -> dict[str, Any]:
    return {"legacyListId": list_id, "listId": list_id}


_PATH = "/crm/v3/lists/idmapping"
ENDPOINTS = (Endpoint("GET", _PATH, map_id), Endpoint("POST", _PATH, map_ids))
