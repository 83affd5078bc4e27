"""Which HubSpot path goes where, and what every answer has in common."""

from collections.abc import Mapping
from dataclasses import replace

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot import (
    account,
    batches,
    objects,
    owners,
    search,
)
from connectors.sandbox.hubspot.allowances import take
from connectors.sandbox.hubspot.custom import endpoints as custom
from connectors.sandbox.hubspot.errors import PageNotFound, Refusal, not_found
from connectors.sandbox.hubspot.form_api import forms, submissions
from connectors.sandbox.hubspot.linking import batches as linking_batches
from connectors.sandbox.hubspot.linking import labels, old, single
from connectors.sandbox.hubspot.lists import definitions as lists
from connectors.sandbox.hubspot.lists import memberships
from connectors.sandbox.hubspot.oauth import endpoints as oauth
from connectors.sandbox.hubspot.oauth.access import caller_of
from connectors.sandbox.hubspot.oauth.scopes import check_scope
from connectors.sandbox.hubspot.pipeline_api import pipelines, stages
from connectors.sandbox.hubspot.property_api import definitions, groups
from connectors.sandbox.hubspot.versions import undated
from connectors.sandbox.hubspot.webhooks import subscriptions
from connectors.sandbox.hubspot.webhooks.deliveries import push
from connectors.sandbox.web import Answer, Call, Endpoint, Routes, find_endpoint, methods_of

OPEN_ENDPOINTS = (*submissions.OPEN_ENDPOINTS, *oauth.OPEN_ENDPOINTS)
"""What needs no key."""
ENDPOINTS = (
    *search.ENDPOINTS,
    *batches.ENDPOINTS,
    *objects.ENDPOINTS,
    *custom.ENDPOINTS,
    *groups.ENDPOINTS,
    *definitions.ENDPOINTS,
    *pipelines.ENDPOINTS,
    *stages.ENDPOINTS,
    *single.ENDPOINTS,
    *linking_batches.ENDPOINTS,
    *labels.ENDPOINTS,
    *old.ENDPOINTS,
    *subscriptions.ENDPOINTS,
    *owners.ENDPOINTS,
    *lists.ENDPOINTS,
    *memberships.ENDPOINTS,
    *forms.ENDPOINTS,
    *submissions.ENDPOINTS,
    *account.ENDPOINTS,
)
_OPEN, _CLOSED = Routes(OPEN_ENDPOINTS), Routes(ENDPOINTS)
_ALL = Routes((*OPEN_ENDPOINTS, *ENDPOINTS))


def answer(sandbox: Sandbox, call: Call) -> Answer:
    """Answer any request to the HubSpot account; each is one transaction."""
    with sandbox.store.transaction():
        made = _answer(sandbox, call)
        correlation_id = _correlation_id(sandbox)
        made = _with_headers(made, {"X-HubSpot-Correlation-Id": correlation_id}, correlation_id)
    if sandbox.settings.hubspot_webhook_pushes:
        push(sandbox)
    return made


def carry_out(sandbox: Sandbox, call: Call) -> Answer:
    """Do what somebody else asks of the account, without key, count or limit."""
    with sandbox.store.transaction():
        path = undated(call.path)
        found = find_endpoint(_ALL, call.method, path)
        made = _no_endpoint(path) if found is None else _handled(sandbox, call, *found)
        return _with_headers(made, {}, _correlation_id(sandbox))


def _answer(sandbox: Sandbox, call: Call) -> Answer | Refusal:
    if call.size > sandbox.settings.hubspot_uri_limit:
        html = "<html><body><h1>414 Request-URI Too Large</h1></body></html>"
        return Answer(414, html, {"Content-Type": "text/html"})
    path = undated(call.path)
    found = find_endpoint(_OPEN, call.method, path)
    if found is not None:
        sandbox.calls.count("hubspot", found[0].kind)
        return _handled(sandbox, call, *found)
    found = find_endpoint(_CLOSED, call.method, path)
    kind = "read" if found is None else found[0].kind
    sandbox.calls.count("hubspot", kind)
    try:
        caller = caller_of(sandbox, call)
        if found is not None:
            check_scope(sandbox, *found)
    except Refusal as refusal:
        return refusal
    limits, refused = take(sandbox, caller, kind == "search")
    made = refused or (_no_endpoint(path) if found is None else _handled(sandbox, call, *found))
    if isinstance(made, Answer):
        return replace(made, headers={**limits, **made.headers})
    made.headers = {**limits, **made.headers}
    return made


def _handled(
    sandbox: Sandbox, call: Call, endpoint: Endpoint, arguments: Mapping[str, str]
) -> Answer | Refusal:
    try:
        with sandbox.store.savepoint():
            return endpoint.handler(sandbox, replace(call, arguments=arguments))
    except PageNotFound:
        html = "<html><head><title>Error 404</title></head><body>resource not found</body></html>"
        headers = {"Content-Type": "text/html;charset=iso-8859-1", "X-HubSpot-NotFound": "true"}
        return Answer(404, html, headers)
    except Refusal as refusal:
        return refusal


def _with_headers(
    made: Answer | Refusal, headers: Mapping[str, str], correlation_id: str
) -> Answer:
    if isinstance(made, Refusal):
        made = Answer(made.status, made.body(correlation_id), made.headers)
    return replace(made, headers={**made.headers, **headers})


def _no_endpoint(path: str) -> Refusal:
    if methods_of(_CLOSED, path):
        return Refusal("HTTP 405 Method Not Allowed", 405, "METHOD_NOT_ALLOWED")
    return not_found("resource not found")


def _correlation_id(sandbox: Sandbox) -> str:
    digits = sandbox.secret(f"request {sandbox.store.next_number('hubspot requests')}", 32)
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"
