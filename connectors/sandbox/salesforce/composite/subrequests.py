"""Requests inside a request: read out of the body, sent through the same routes as any other.

Source: REST API Developer Guide, "Composite Request Body" and "Composite Subrequest Result".
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from connectors.sandbox.context import Sandbox
from connectors.sandbox.paths import decoded_path
from connectors.sandbox.salesforce.errors import Refusal, bad_json
from connectors.sandbox.web import Answer, Call

Dispatch = Callable[[Sandbox, Call], Answer]
"""Answers a call as the routes do, refusals included; it counts nothing and asks no session."""

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_REFERENCE_ID = re.compile(r"[A-Za-z0-9]\w*", re.ASCII)
REFERENCE_ID_RULE = (
    "must start with a letter or a number, and it can contain only letters, numbers and "
    "underscores ('_')."
)
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

    @property
    def path(self) -> str:
        """The path as the routes see it: limits that looked at the address could be evaded."""
        return decoded_path(self._parts[0]).rstrip("/")

    @property
    def _parts(self) -> tuple[str, str]:
        path, _, query = self.url.partition("#")[0].partition("?")
        return path, query

    def sent(self, sandbox: Sandbox, outer: Call, dispatch: Dispatch) -> Answer:
        """Send it through the routes."""
        inherited = {k: v for k, v in outer.headers.items() if k in _INHERITED}
        call = Call(
            method=self.method,
            path=self.path,
            base_url=outer.base_url,
            headers={**inherited, **self.headers},
            query=tuple(parse_qsl(self._parts[1], keep_blank_values=True)),
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
    given_texts = [entry.get(name) for name in ("method", "url", "referenceId")]
    method, url, reference_id = (text if isinstance(text, str) else None for text in given_texts)
    if method not in METHODS or url is None or reference_id is None:
        raise bad_json("Each subrequest needs a method, a url and a referenceId")
    if not _REFERENCE_ID.fullmatch(reference_id):
        raise bad_json(f"Provided referenceId ('{reference_id}') {REFERENCE_ID_RULE}")
    given_headers = entry.get("httpHeaders") or {}
    if not isinstance(given_headers, dict):
        raise bad_json("httpHeaders: an object is required")
    headers = {name.lower(): str(text) for name, text in given_headers.items()}
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
        raise bad_json("compositeRequest: a list of subrequests is required")
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
