"""Composite: up to 25 requests that may build on each other, counted as one.

Source: REST API Developer Guide, "Composite" and "allOrNone Parameters in Composite and Collections
Requests".
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.composite.references import DanglingError, resolved
from connectors.sandbox.salesforce.composite.subrequests import (
    ROLLED_BACK,
    Dispatch,
    Subrequest,
    composite_result,
    halted,
    read_subrequests,
)
from connectors.sandbox.salesforce.composite.undoing import UndoneError
from connectors.sandbox.salesforce.errors import Refusal, bad_json
from connectors.sandbox.salesforce.requests import json_object
from connectors.sandbox.web import Answer, Call, Endpoint

LIMIT, HEAVY_LIMIT = 25, 5
_HEAVY = ("/query", "/queryAll", "/composite/sobjects")
_NESTED = ("/composite", "/composite/batch", "/composite/graph")
Result = dict[str, Any]


def run_composite(dispatch: Dispatch, sandbox: Sandbox, call: Call) -> Answer:
    """POST composite."""
    body = json_object(call)
    all_or_none = body.get("allOrNone", False)
    if not isinstance(all_or_none, bool):
        raise bad_json("allOrNone: true or false is required")
    requests = read_subrequests(body.get("compositeRequest"))
    _check_limits(requests)
    send = partial(Subrequest.sent, sandbox=sandbox, outer=call, dispatch=dispatch)
    if not all_or_none:
        return _answered(_results(requests, send, stops=False))
    try:
        with sandbox.store.savepoint():
            wanted = [_as_a_whole(request) for request in requests]
            return _answered(_results(wanted, send, stops=True))
    except UndoneError as error:
        return _answered(_rolled_back(requests, error.results))


def _answered(results: list[Result]) -> Answer:
    return Answer(200, {"compositeResponse": results})


def _results(requests: Sequence[Subrequest], send: Any, stops: bool) -> list[Result]:
    results: list[Result] = []
    answers: dict[str, Any] = {}
    for request in requests:
        try:
            answer = send(resolved(request, answers))
        except DanglingError as error:
            results.append(halted(request, str(error)))
        else:
            results.append(composite_result(request, answer))
            if answer.status < 400:
                answers[request.reference_id] = answer.body
        if stops and _failed(results[-1]):
            raise UndoneError(results)
    return results


def _failed(result: Result) -> bool:
    rows = result["body"] if isinstance(result["body"], list) else []
    undone = any(isinstance(row, dict) and row.get("success") is False for row in rows)
    return undone or result["httpStatusCode"] >= 400


def _rolled_back(requests: Sequence[Subrequest], results: Sequence[Result]) -> list[Result]:
    """Return the failed request's own result, and for all others that they were undone."""
    return [
        results[place] if place == len(results) - 1 else halted(request, ROLLED_BACK)
        for place, request in enumerate(requests)
    ]


def _as_a_whole(request: Subrequest) -> Subrequest:
    """Return a request of a collection that keeps all of its records or none."""
    if not _is(request, "/composite/sobjects") or request.method == "GET":
        return request
    if request.method == "DELETE":
        path, _, query = request.url.partition("?")
        return replace(request, url=f"{path}?allOrNone=true&{query}")
    if isinstance(request.body, dict) and "records" in request.body:
        return replace(request, body={**request.body, "allOrNone": True})
    return request


def _check_limits(requests: Sequence[Subrequest]) -> None:
    if len(requests) > LIMIT:
        message = f"Composite requests can't have more than {LIMIT} subrequests"
        raise Refusal("LIMIT_EXCEEDED", message)
    if sum(any(_is(request, kind) for kind in _HEAVY) for request in requests) > HEAVY_LIMIT:
        message = f"At most {HEAVY_LIMIT} subrequests can be queries or sObject Collections"
        raise Refusal("LIMIT_EXCEEDED", message)
    for request in requests:
        if not request.path.startswith("/services/data/v") or _tail(request) in _NESTED:
            message = f"The url {request.url} can not be called in a composite request"
            raise Refusal("INVALID_URL", message)


def _is(request: Subrequest, path: str) -> bool:
    tail = _tail(request)
    return tail == path or tail.startswith(f"{path}/")


def _tail(request: Subrequest) -> str:
    """Return the path of a request below its versioned root."""
    return "/" + "/".join(request.path.split("/")[4:])


def endpoints(dispatch: Dispatch) -> tuple[Endpoint, ...]:
    """Return the endpoint, which sends what it holds through the given dispatch."""
    path = "/services/data/{version}/composite"
    return (Endpoint("POST", path, partial(run_composite, dispatch), "write"),)
