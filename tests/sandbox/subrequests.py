"""Requests inside requests to the Salesforce sandbox, and how those look that were undone."""

from typing import Any

ROOT = "/services/data/v66.0"
HALTED = "The transaction was rolled back since another operation in the same transaction failed."
BAD_LEAD = {"LastName": "B", "Company": "C", "Status": "Nope"}


def post(name: str, kind: str, **record: Any) -> dict[str, Any]:
    """Return a request that creates a record."""
    url = f"{ROOT}/sobjects/{kind}"
    return {"method": "POST", "url": url, "referenceId": name, "body": record}


def undone(name: str) -> dict[str, Any]:
    """Return the result of a request that was undone because another failed."""
    return {
        "body": [{"message": HALTED, "errorCode": "PROCESSING_HALTED"}],
        "httpHeaders": {},
        "httpStatusCode": 400,
        "referenceId": name,
    }
