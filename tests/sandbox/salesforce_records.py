"""Records of the Salesforce sandbox, made and read over its API."""

from typing import Any

from tests.sandbox.clients import Salesforce

LIKELY: dict[str, dict[str, Any]] = {
    "Lead": {"LastName": "Probe", "Company": "Probe Works", "Status": "New"},
    "Contact": {"LastName": "Probe"},
    "Account": {"Name": "Probe Works"},
    "Opportunity": {"Name": "Deal", "StageName": "Prospecting", "CloseDate": "2026-09-30"},
    "Campaign": {"Name": "Fair"},
    "Event": {"StartDateTime": "2026-06-30T09:00:00Z", "DurationInMinutes": 30},
}
"""What a record of an object can't be without."""


def make(salesforce: Salesforce, kind: str, **values: Any) -> str:
    """Create a record from the least that its object needs, and return its id."""
    answer = salesforce("POST", f"sobjects/{kind}", json=LIKELY.get(kind, {}) | values)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def refusal(salesforce: Salesforce, kind: str, **values: Any) -> str:
    """Return the code by which the creation of a record is refused."""
    answer = salesforce("POST", f"sobjects/{kind}", json=LIKELY.get(kind, {}) | values)
    assert answer.status_code == 400
    return str(answer.json()[0]["errorCode"])


def change(salesforce: Salesforce, kind: str, record_id: str, **values: Any) -> None:
    """Change a record."""
    answer = salesforce("PATCH", f"sobjects/{kind}/{record_id}", json=values)
    assert answer.status_code == 204, answer.text


def values(salesforce: Salesforce, record_id: str, kind: str, *names: str) -> tuple[Any, ...]:
    """Return values of a record, deleted or not."""
    soql = f"SELECT {', '.join(names)} FROM {kind} WHERE Id = '{record_id}'"
    [record] = salesforce.query(soql, everything=True)
    return tuple(record[name] for name in names)


def lines(salesforce: Salesforce, kind: str, parent_id: str, *names: str) -> list[tuple[Any, ...]]:
    """Return the lines of a history of a record in the order they were written."""
    key = {"LeadHistory": "LeadId", "ContactHistory": "ContactId"}.get(kind, "OpportunityId")
    soql = f"SELECT {', '.join(names)} FROM {kind} WHERE {key} = '{parent_id}' ORDER BY Id"
    return [tuple(record[name] for name in names) for record in salesforce.query(soql)]
