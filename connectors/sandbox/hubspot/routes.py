"""Which HubSpot path goes where, and what every answer has in common."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace

from connectors.sandbox.context import Sandbox, as_uuid
from connectors.sandbox.failures import told
from connectors.sandbox.hubspot import (
    account,
    objects,
    owners,
    record_batches,
    search,
    users,
)
from connectors.sandbox.hubspot.allowances import take
from connectors.sandbox.hubspot.custom import endpoints as custom
from connectors.sandbox.hubspot.errors import PageNotFound, Refusal, internal_error, not_found
from connectors.sandbox.hubspot.form_api import forms, submissions
from connectors.sandbox.hubspot.linking import labels, single, v3, v4_batches
from connectors.sandbox.hubspot.lists import definitions as lists
from connectors.sandbox.hubspot.lists import id_mapping, memberships
from connectors.sandbox.hubspot.oauth import endpoints as oauth
from connectors.sandbox.hubspot.oauth.access import caller_of
from connectors.sandbox.hubspot.oauth.scopes import check_scope
from connectors.sandbox.hubspot.pipeline_api import legacy as legacy_pipelines
from connectors.sandbox.hubspot.pipeline_api import pipelines, stages
from connectors.sandbox.hubspot.property_api import definitions, groups
from connectors.sandbox.hubspot.property_api import legacy as legacy_properties
from connectors.sandbox.hubspot.versions import undated
from connectors.sandbox.hubspot.webhooks import subscriptions
from connectors.sandbox.hubspot.webhooks.deliveries import push
from connectors.sandbox.web import Answer, Call, Endpoint, Routes, find_endpoint, methods_of

_log = logging.getLogger(__name__)
OPEN_ENDPOINTS = (*submissions.OPEN_ENDPOINTS, *oauth.OPEN_ENDPOINTS)
"""What needs no key."""
ENDPOINTS = (
    *search.ENDPOINTS,
    *record_batches.ENDPOINTS,
    *objects.ENDPOINTS,
    *custom.ENDPOINTS,
    *groups.ENDPOINTS,
    *definitions.ENDPOINTS,
    *legacy_properties.ENDPOINTS,
    *pipelines.ENDPOINTS,
    *stages.ENDPOINTS,
    *legacy_pipelines.ENDPOINTS,
    *single.ENDPOINTS,
    *v4_batches.ENDPOINTS,
    *labels.ENDPOINTS,
    *v3.ENDPOINTS,
    *subscriptions.ENDPOINTS,
    *owners.ENDPOINTS,
    *users.ENDPOINTS,
    *id_mapping.ENDPOINTS,
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
        what = f"{call.method}, outside of its handler"
        made = _netted(what, lambda: _answer(sandbox, call))
        correlation_id = _correlation_id(sandbox)
        made = _with_headers(made, {"X-HubSpot-Correlation-Id": correlation_id}, correlation_id)
    if sandbox.settings.hubspot_webhook_pushes:
        push(sandbox)
    return made


def answer_others(sandbox: Sandbox, call: Call) -> Answer:
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
    if found is None and methods_of(_OPEN, path):
        return _no_endpoint(path)
    kind = "read" if found is None else found[0].kind
    sandbox.calls.count("hubspot", kind)
    caller = caller_of(sandbox, call)
    if found is not None:
        check_scope(sandbox, call, *found)
    limits, refused = take(sandbox, caller, kind == "search")
    call = replace(call, caller=caller)
    made = refused or (_no_endpoint(path) if found is None else _handled(sandbox, call, *found))
    if isinstance(made, Answer):
        return replace(made, headers={**limits, **made.headers})
    made.headers = {**limits, **made.headers}
    return made


def _handled(
    sandbox: Sandbox, call: Call, endpoint: Endpoint, arguments: Mapping[str, str]
) -> Answer | Refusal:
    def handle() -> Answer:
        with sandbox.store.savepoint():
            return endpoint.handler(sandbox, replace(call, arguments=arguments))

    return _netted(f"{endpoint.method} {endpoint.path}", handle)


def _netted(what: str, work: Callable[[], Answer | Refusal]) -> Answer | Refusal:
    """Return what work answers, or what HubSpot says where it refuses or fails."""
    try:
        return work()
    except PageNotFound:
        html = "<html><head><title>Error 404</title></head><body>resource not found</body></html>"
        headers = {"Content-Type": "text/html;charset=iso-8859-1", "X-HubSpot-NotFound": "true"}
        return Answer(404, html, headers)
    except Refusal as refusal:
        return refusal
    except Exception as error:  # noqa: BLE001 - whatever goes wrong here, clients must see a HubSpot
        _log.error("%s ended in %s", what, told(error))
        return internal_error()


def _with_headers(
    made: Answer | Refusal, headers: Mapping[str, str], correlation_id: str
) -> Answer:
    if isinstance(made, Refusal):
        made = Answer(made.status, made.body(correlation_id), made.headers)
    return replace(made, headers={**made.headers, **headers})


def _no_endpoint(path: str) -> Refusal:
    if methods_of(_ALL, path):
        return Refusal("HTTP 405 Method Not Allowed", 405, "METHOD_NOT_ALLOWED")
    return not_found("resource not found")


def _correlation_id(sandbox: Sandbox) -> str:
    digits = sandbox.secret(f"request {sandbox.store.next_number('hubspot requests')}", 32)
    return as_uuid(f"{digits[:12]}4{digits[13:16]}8{digits[17:]}")
