"""Which HubSpot path goes where, and what every answer has in common."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import replace

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot import (
    account,
    batches,
    definitions,
    forms,
    links,
    objects,
    pipelines,
    search,
)
from connectors.sandbox.hubspot.errors import (
    PageNotFound,
    Refusal,
    not_authenticated,
    not_found,
    rate_limited,
)
from connectors.sandbox.limits import count_today
from connectors.sandbox.web import Answer, Call, Endpoint, find_endpoint, methods_of

_OBJECTS, _PROPERTIES = "/crm/v3/objects/{object}", "/crm/v3/properties/{object}"
_PIPELINES = "/crm/v3/pipelines/{object}"
_LINKS = "/crm/v4/objects/{object}/{id}/associations"
_SUBMIT = "/submissions/v3/integration/submit/{portal}/{id}"
_DATED = re.compile(r"^/(crm|marketing)/(\w+)/(?:v3|2025-09|2026-03|2026-09)(?=/|$)")
_DATED_LINKS = re.compile(
    r"^/crm/(?:(associations)/(?:2025-09|2026-03|2026-09)(?=/)"
    r"|(objects)/(?:2025-09|2026-03|2026-09)(?=/[^/]+/[^/]+/associations/))"
)
_DATED_ACCOUNT = re.compile(r"^/account-info/(?:2025-09|2026-03|2026-09)/")

OPEN_ENDPOINTS = (Endpoint("POST", _SUBMIT, forms.submit, "write"),)
ENDPOINTS = (
    Endpoint("GET", _OBJECTS, objects.list_records),
    Endpoint("POST", _OBJECTS, objects.create, "write"),
    Endpoint("POST", f"{_OBJECTS}/search", search.search, "search"),
    Endpoint("POST", f"{_OBJECTS}/batch/read", batches.read_batch),
    Endpoint("POST", f"{_OBJECTS}/batch/create", batches.create_batch, "write"),
    Endpoint("POST", f"{_OBJECTS}/batch/update", batches.update_batch, "write"),
    Endpoint("POST", f"{_OBJECTS}/batch/archive", batches.archive_batch, "write"),
    Endpoint("POST", f"{_OBJECTS}/merge", objects.merge, "write"),
    Endpoint("GET", f"{_OBJECTS}/{{id}}", objects.read_one),
    Endpoint("PATCH", f"{_OBJECTS}/{{id}}", objects.update, "write"),
    Endpoint("DELETE", f"{_OBJECTS}/{{id}}", objects.archive, "write"),
    Endpoint("GET", _PROPERTIES, definitions.list_properties),
    Endpoint("POST", _PROPERTIES, definitions.create_property, "write"),
    Endpoint("GET", f"{_PROPERTIES}/groups", definitions.list_groups),
    Endpoint("POST", f"{_PROPERTIES}/groups", definitions.create_group, "write"),
    Endpoint("GET", f"{_PROPERTIES}/{{name}}", definitions.read_property),
    Endpoint("PATCH", f"{_PROPERTIES}/{{name}}", definitions.change_property, "write"),
    Endpoint("GET", _PIPELINES, pipelines.list_pipelines),
    Endpoint("GET", f"{_PIPELINES}/{{id}}", pipelines.read_pipeline),
    Endpoint("POST", "/crm/v4/associations/{object}/{to_object}/batch/read", links.read_batch),
    Endpoint("GET", f"{_LINKS}/{{to_object}}", links.list_associations),
    Endpoint("PUT", f"{_LINKS}/default/{{to_object}}/{{to_id}}", links.set_default, "write"),
    Endpoint("PUT", f"{_LINKS}/{{to_object}}/{{to_id}}", links.set_labelled, "write"),
    Endpoint("DELETE", f"{_LINKS}/{{to_object}}/{{to_id}}", links.remove, "write"),
    Endpoint("GET", "/crm/v3/owners", account.list_owners),
    Endpoint("GET", "/crm/v3/owners/{id}", account.read_owner),
    Endpoint("GET", "/marketing/v3/forms", forms.list_forms),
    Endpoint("GET", "/marketing/v3/forms/{id}", forms.read_form),
    Endpoint("GET", "/form-integrations/v1/submissions/forms/{id}", forms.list_submissions),
    Endpoint("GET", "/account-info/v3/details", account.tell_details),
    Endpoint("GET", "/account-info/v3/api-usage/daily", account.tell_usage),
    Endpoint("GET", "/account-info/v3/api-usage/daily/private-apps", account.tell_usage),
)


def answer(sandbox: Sandbox, call: Call) -> Answer:
    """Answer any request to the HubSpot account; each is one transaction."""
    with sandbox.store.transaction():
        made = _answer(sandbox, call)
        correlation_id = _correlation_id(sandbox)
        if isinstance(made, Refusal):
            made = Answer(made.status, made.body(correlation_id))
        return replace(made, headers={**made.headers, "X-HubSpot-Correlation-Id": correlation_id})


def _undated(path: str) -> str:
    """Return the path of v3, or v4 for associations, that a date-based one stands for."""
    path = _DATED_LINKS.sub(lambda found: f"/crm/v4/{found[1] or found[2]}", path)
    return _DATED_ACCOUNT.sub("/account-info/v3/", _DATED.sub(r"/\1/v3/\2", path))


def _answer(sandbox: Sandbox, call: Call) -> Answer | Refusal:
    path = _undated(call.path)
    found = find_endpoint(OPEN_ENDPOINTS, call.method, path)
    if found is not None:
        sandbox.calls.count("hubspot", found[0].kind)
        return _handled(sandbox, call, *found)
    found = find_endpoint(ENDPOINTS, call.method, path)
    kind = "read" if found is None else found[0].kind
    sandbox.calls.count("hubspot", kind)
    if not _is_authentic(sandbox, call):
        return not_authenticated()
    limits, refused = _take(sandbox, searching=kind == "search")
    made = refused or (_no_endpoint(path) if found is None else _handled(sandbox, call, *found))
    return replace(made, headers={**limits, **made.headers}) if isinstance(made, Answer) else made


def _handled(
    sandbox: Sandbox, call: Call, endpoint: Endpoint, arguments: dict[str, str]
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


def _is_authentic(sandbox: Sandbox, call: Call) -> bool:
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    matches = hmac.compare_digest(token.strip().encode(), sandbox.hubspot_token.encode())
    return scheme.lower() == "bearer" and matches


def _take(sandbox: Sandbox, searching: bool) -> tuple[Mapping[str, str], Answer | None]:
    """Take one request from the allowances; return their headers, and a refusal if one is used up.

    Searches have a window of their own and tell of the day's allowance only.
    """
    settings = sandbox.settings
    window, limit = sandbox.bursts, settings.hubspot_ten_second_limit
    if searching:
        window, limit = sandbox.searches, settings.hubspot_search_limit
    left = window.take(limit)
    used = count_today(sandbox.store, sandbox.clock, "hubspot")
    headers = {
        "X-HubSpot-RateLimit-Daily": str(settings.hubspot_daily_limit),
        "X-HubSpot-RateLimit-Daily-Remaining": str(max(0, settings.hubspot_daily_limit - used)),
    }
    if not searching:
        headers |= {
            "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
            "X-HubSpot-RateLimit-Max": str(limit),
            "X-HubSpot-RateLimit-Remaining": str(left or 0),
            "X-HubSpot-RateLimit-Secondly": str(limit // 10),
            "X-HubSpot-RateLimit-Secondly-Remaining": str(limit // 10),
        }
    if used > settings.hubspot_daily_limit:
        return headers, Answer(429, rate_limited("DAILY"))
    if left is None:
        policy = "SECONDLY" if searching else "TEN_SECONDLY_ROLLING"
        return headers, Answer(429, rate_limited(policy))
    return headers, None


def _no_endpoint(path: str) -> Refusal:
    if methods_of(ENDPOINTS, path):
        return Refusal("HTTP 405 Method Not Allowed", 405, "METHOD_NOT_ALLOWED")
    return not_found("resource not found")


def _correlation_id(sandbox: Sandbox) -> str:
    digits = sandbox.secret(f"request {sandbox.store.next_number('hubspot requests')}", 32)
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"
