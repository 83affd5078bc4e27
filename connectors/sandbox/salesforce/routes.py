"""Which Salesforce path goes where, and what every answer has in common."""

import re
from dataclasses import replace

from connectors.sandbox.context import Sandbox
from connectors.sandbox.limits import count_today
from connectors.sandbox.salesforce import composite, handlers, sessions, tooling
from connectors.sandbox.salesforce.errors import Refusal, not_found
from connectors.sandbox.web import Answer, Call, Endpoint, find_endpoint, methods_of

_DATA = "/services/data/{version}"
_VERSION = re.compile(r"/services/data/v(\d+)\.0(?:/|$)")
HEADER_LIMIT = 16_384
"""Bytes of request line and headers that Salesforce takes."""

OPEN_ENDPOINTS = (
    Endpoint("POST", "/services/oauth2/token", sessions.give_token, "auth"),
    Endpoint("GET", "/services/data", handlers.list_versions),
)
ENDPOINTS = (
    Endpoint("GET", "/services/oauth2/userinfo", sessions.tell_user, "auth"),
    Endpoint("GET", _DATA, handlers.list_resources),
    Endpoint("GET", f"{_DATA}/limits", handlers.tell_limits),
    Endpoint("GET", f"{_DATA}/query", handlers.query),
    Endpoint("GET", f"{_DATA}/queryAll", handlers.query_all),
    Endpoint("GET", f"{_DATA}/query/{{locator}}", handlers.query_more),
    Endpoint("GET", f"{_DATA}/queryAll/{{locator}}", handlers.query_more),
    Endpoint("GET", f"{_DATA}/sobjects", handlers.list_objects),
    Endpoint("GET", f"{_DATA}/sobjects/{{object}}/describe", handlers.describe),
    Endpoint("POST", f"{_DATA}/sobjects/{{object}}", handlers.create, "write"),
    Endpoint("GET", f"{_DATA}/sobjects/{{object}}/{{id}}", handlers.read),
    Endpoint("PATCH", f"{_DATA}/sobjects/{{object}}/{{id}}", handlers.update, "write"),
    Endpoint("DELETE", f"{_DATA}/sobjects/{{object}}/{{id}}", handlers.delete, "write"),
    Endpoint("POST", f"{_DATA}/composite/sobjects", composite.create_many, "write"),
    Endpoint("PATCH", f"{_DATA}/composite/sobjects", composite.update_many, "write"),
    Endpoint("DELETE", f"{_DATA}/composite/sobjects", composite.delete_many, "write"),
    Endpoint("POST", f"{_DATA}/composite/sobjects/{{object}}", composite.read_many),
    Endpoint("GET", f"{_DATA}/tooling/query", handlers.tooling_query),
    Endpoint("POST", f"{_DATA}/tooling/sobjects/CustomField", tooling.create_field, "write"),
)


def answer(sandbox: Sandbox, call: Call) -> Answer:
    """Answer any request to the Salesforce org; each is one transaction, or two when refused."""
    try:
        with sandbox.store.transaction():
            return _answer_open(sandbox, call)
    except Refusal as refusal:
        return _finished(refusal.answer())


def _answer_open(sandbox: Sandbox, call: Call) -> Answer:
    found = find_endpoint(OPEN_ENDPOINTS, call.method, call.path)
    if found is None:
        return _answer_closed(sandbox, call)
    endpoint, arguments = found
    sandbox.calls.count("salesforce", endpoint.kind)
    return _finished(endpoint.handler(sandbox, replace(call, arguments=arguments)))


def _answer_closed(sandbox: Sandbox, call: Call) -> Answer:
    found = find_endpoint(ENDPOINTS, call.method, call.path)
    sandbox.calls.count("salesforce", "read" if found is None else found[0].kind)
    if call.size > HEADER_LIMIT:
        return Answer(414, "<h1>URI Too Long</h1>", {"Content-Type": "text/html"})
    sessions.check_session(sandbox, call)
    used = count_today(sandbox.store, sandbox.clock, "salesforce")
    usage = f"api-usage={used}/{sandbox.settings.salesforce_daily_limit}"
    if used > sandbox.settings.salesforce_daily_limit:
        message = "TotalRequests Limit exceeded."
        return _finished(Refusal("REQUEST_LIMIT_EXCEEDED", message, 403).answer(), usage)
    try:
        with sandbox.store.savepoint():
            _check_version(call)
            if found is None:
                raise _no_endpoint(call)
            return _finished(found[0].handler(sandbox, replace(call, arguments=found[1])), usage)
    except Refusal as refusal:
        return _finished(refusal.answer(), usage)


def _check_version(call: Call) -> None:
    if not call.path.startswith("/services/data/"):
        return
    found = _VERSION.match(call.path)
    if found is None or int(found.group(1)) >= handlers.VERSIONS.stop:
        raise not_found()
    if int(found.group(1)) < handlers.VERSIONS.start:
        message = f"API version {found.group(1)}.0 is no longer supported"
        raise Refusal("UNSUPPORTED_API_VERSION", message, 410)


def _no_endpoint(call: Call) -> Refusal:
    allowed = methods_of(ENDPOINTS, call.path)
    if not allowed:
        return not_found()
    message = f"HTTP Method '{call.method}' not allowed. Allowed are {', '.join(allowed)}"
    return Refusal("METHOD_NOT_ALLOWED", message, 405)


def _finished(made: Answer, usage: str = "") -> Answer:
    headers = {
        "Content-Type": "application/json;charset=UTF-8",
        "X-Content-Type-Options": "nosniff",
    }
    # Real answers without a body carry no usage either.
    if usage and made.body is not None:
        headers["Sforce-Limit-Info"] = usage
    return replace(made, headers={**headers, **made.headers} if made.body is not None else {})
