"""Lists of HubSpot as tests ask for them."""

from typing import Any

from tests.sandbox.clients import HubSpot

LISTS = "/crm/v3/lists"


def make(hubspot: HubSpot, processing: str = "MANUAL", **more: Any) -> Any:
    body = {"name": "Ours", "objectTypeId": "0-1", "processingType": processing, **more}
    return hubspot("POST", LISTS, json=body)


def list_id(hubspot: HubSpot, processing: str = "MANUAL", **more: Any) -> str:
    answer = make(hubspot, processing, **more)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["list"]["listId"])


def branch(*filters: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """Return a filter branch: all filters must hold."""
    given = [{"filterType": "PROPERTY", "property": n, "operation": op} for n, op in filters]
    inner = {"filterBranchType": "AND", "filterBranches": [], "filters": given}
    return {"filterBranchType": "OR", "filterBranches": [inner], "filters": []}


def operation(kind: str, operator: str, **more: Any) -> dict[str, Any]:
    return {"operationType": kind, "operator": operator, **more}


IS_OURS = ("company", operation("STRING", "IS_EQUAL_TO", value="Ours GmbH"))


def members(hubspot: HubSpot, known: str, end: str = "", **params: Any) -> list[str]:
    answer = hubspot("GET", f"{LISTS}/{known}/memberships{end}", params=params)
    assert answer.status_code == 200, answer.text
    return [member["recordId"] for member in answer.json()["results"]]
