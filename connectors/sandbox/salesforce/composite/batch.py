"""Composite batch: up to 25 requests that know nothing of each other, each counted.

Source: REST API Developer Guide, "Composite Batch" and "Batch Request Body".
"""

from functools import partial
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.composite.subrequests import METHODS, Dispatch, Subrequest
from connectors.sandbox.salesforce.errors import Refusal, bad_json
from connectors.sandbox.salesforce.quota import count_calls
from connectors.sandbox.salesforce.requests import json_object
from connectors.sandbox.web import Answer, Call, Endpoint

LIMIT = 25


def run_batch(dispatch: Dispatch, sandbox: Sandbox, call: Call) -> Answer:
    """POST composite/batch."""
    body = json_object(call)
    requests = _read(body.get("batchRequests"))
    if sandbox.settings.salesforce_batch_counts_each:
        # The batch itself has been counted as its first request.
        count_calls(sandbox, len(requests) - 1)
    results: list[dict[str, Any]] = []
    stops = body.get("haltOnError") is True
    for request in requests:
        if stops and any(result["statusCode"] >= 400 for result in results):
            message = "The batch was halted since an earlier request failed."
            error = {"errorCode": "BATCH_PROCESSING_HALTED", "message": message}
            results.append({"statusCode": 412, "result": [error]})
            continue
        answer = request.sent(sandbox, call, dispatch)
        results.append({"statusCode": answer.status, "result": answer.body})
    has_errors = any(result["statusCode"] >= 400 for result in results)
    return Answer(200, {"hasErrors": has_errors, "results": results})


def _read(listed: Any) -> list[Subrequest]:
    if not isinstance(listed, list) or not listed:
        raise bad_json("batchRequests: a list of requests is required")
    if len(listed) > LIMIT:
        message = f"A batch can't have more than {LIMIT} requests"
        raise Refusal("LIMIT_EXCEEDED", message)
    return [_read_one(entry) for entry in listed]


def _read_one(given: Any) -> Subrequest:
    entry = given if isinstance(given, dict) else {}
    method, url = str(entry.get("method", "")).upper(), entry.get("url")
    if method not in METHODS or not isinstance(url, str):
        raise bad_json("Each request of a batch needs a method and a url")
    # The documents write v34.0/sobjects/..., clients write the whole path too.
    below = url.removeprefix("/services/data/").lstrip("/")
    return Subrequest(method, f"/services/data/{below}", body=entry.get("richInput"))


def endpoints(dispatch: Dispatch) -> tuple[Endpoint, ...]:
    """Return the endpoint, which sends what it holds through the given dispatch."""
    path = "/services/data/{version}/composite/batch"
    return (Endpoint("POST", path, partial(run_batch, dispatch), "write"),)
