"""Requests inside a request: read out of the body, sent through the same routes as any other.

Source: REST API Developer Guide, "Composite Request Body" and "Composite Subrequest Result".
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.web import Answer, Call

Dispatch = Callable[[Sandbox, Call], Answer]
"""Answers a call as the routes do, refusals included; it counts nothing and asks no session."""

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_INHERITED = frozenset({"accept", "authorization", "content-type"})
_OWN_HEADERS = frozenset({"location", "etag", "last-modified"})


@dataclass(frozen=True)
class Subrequest:
    """One request inside another; the address starts at `/services`."""

    method: str
    url: str
    reference_id: str = ""
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def sent(self, sandbox: Sandbox, outer: Call, dispatch: Dispatch) -> Answer:
        """Send it through the routes."""
        parts = urlsplit(self.url)
        inherited = {k: v for k, v in outer.headers.items() if k in _INHERITED}
        call = Call(
            method=self.method,
            path=unquote(parts.path).rstrip("/"),
            base_url=outer.base_url,
            headers={**inherited, **self.headers},
            query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
            body=b"" if self.body is None else json.dumps(self.body).encode(),
            size=outer.size,
        )
        return dispatch(sandbox, call)


def read_subrequest(given: Any) -> Subrequest:
    """Read one member of a `compositeRequest`.

    Raises:
        Refusal: it is no request, or gives a header that only the outer request may give.
    """
    entry = given if isinstance(given, dict) else {}
    method, url = entry.get("method"), entry.get("url")
    reference_id = entry.get("referenceId")
    if method not in _METHODS or not isinstance(url, str) or not isinstance(reference_id, str):
        message = "Each subrequest needs a method, a url and a referenceId"
        raise Refusal("JSON_PARSER_ERROR", message)
    headers = {name.lower(): str(text) for name, text in (entry.get("httpHeaders") or {}).items()}
    if headers.keys() & _INHERITED:
        message = "Subrequests inherit the headers Accept, Authorization and Content-Type"
        raise Refusal("INVALID_HTTP_HEADER", message)
    return Subrequest(method, url, reference_id, entry.get("body"), headers)


def read_subrequests(listed: Any) -> list[Subrequest]:
    """Read a whole `compositeRequest`.

    Raises:
        Refusal: it is no list of requests, or two share a reference id.
    """
    if not isinstance(listed, list) or not listed:
        raise Refusal("JSON_PARSER_ERROR", "compositeRequest: a list of subrequests is required")
    requests = [read_subrequest(entry) for entry in listed]
    check_unique([request.reference_id for request in requests], "referenceId")
    return requests


def check_unique(names: Sequence[str], what: str) -> None:
    """Check that no name is given twice.

    Raises:
        Refusal: one is.
    """
    if len(set(names)) < len(names):
        raise Refusal("DUPLICATE_VALUE", f"Duplicate {what} in the request: it must be unique")


def composite_result(request: Subrequest, answer: Answer) -> dict[str, Any]:
    """Return an answer as a member of `compositeResponse`."""
    headers = {k: v for k, v in answer.headers.items() if k.lower() in _OWN_HEADERS}
    return {
        "body": answer.body,
        "httpHeaders": headers,
        "httpStatusCode": answer.status,
        "referenceId": request.reference_id,
    }


def halted(request: Subrequest, message: str) -> dict[str, Any]:
    """Return the result of a request that was not sent, or was undone."""
    error = {"errorCode": "PROCESSING_HALTED", "message": message}
    return composite_result(request, Answer(400, [error]))


ROLLED_BACK = (
    "The transaction was rolled back since another operation in the same transaction failed."
)
