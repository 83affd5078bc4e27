"""Which Salesforce path goes where, and what every answer has in common."""

import re
import time
from dataclasses import replace

from connectors.sandbox.calls import Kind
from connectors.sandbox.context import Sandbox
from connectors.sandbox.limits import UnderWay
from connectors.sandbox.row_locks import RowsHeldError
from connectors.sandbox.salesforce import listviews, rows, tooling
from connectors.sandbox.salesforce.bulk.classic import markup as bulk_markup
from connectors.sandbox.salesforce.bulk.classic import requests as bulk_classic
from connectors.sandbox.salesforce.bulk.ingest import requests as bulk_ingest
from connectors.sandbox.salesforce.bulk.query import requests as bulk_queries
from connectors.sandbox.salesforce.composite import batch, collections, graph, tree
from connectors.sandbox.salesforce.composite import requests as composites
from connectors.sandbox.salesforce.counts import read_count
from connectors.sandbox.salesforce.errors import Refusal, not_found
from connectors.sandbox.salesforce.metadata import requests as deploys
from connectors.sandbox.salesforce.quota import count_calls
from connectors.sandbox.salesforce.reading import routes as reading
from connectors.sandbox.salesforce.reading.discovery import VERSIONS
from connectors.sandbox.salesforce.sessions import grants, identity, soap_login
from connectors.sandbox.salesforce.sessions.refusals import OAuthRefusal
from connectors.sandbox.salesforce.sessions.tokens import check_session
from connectors.sandbox.salesforce.soap import requests as metadata_soap
from connectors.sandbox.salesforce.soap.envelope import fault
from connectors.sandbox.salesforce.unforeseen import unforeseen
from connectors.sandbox.web import Answer, Call, Endpoint, Routes, find_endpoint, methods_of

_DATA = "/services/data/{version}"
_VERSION = re.compile(r"/services/data/v(\d+)\.0(?:/|$)")
_ALONE = re.compile(r"/services/(data/v\d+\.0/(jobs/|composite(/batch|/graph)?/?$)|async/)")
"""What is no part of other requests: jobs work on their own time, and requests hold no more."""
HEADER_LIMIT = 16_384
"""Bytes of request line and headers that Salesforce takes."""

OPEN_ENDPOINTS = (
    *grants.ENDPOINTS,
    *identity.OPEN_ENDPOINTS,
    *soap_login.OPEN_ENDPOINTS,
    *metadata_soap.OPEN_ENDPOINTS,
    *reading.OPEN_ENDPOINTS,
)


def answer_within(sandbox: Sandbox, call: Call) -> Answer:
    """Answer a request that is part of another: no session is asked for, and nothing counted."""
    try:
        with sandbox.store.savepoint():
            if _ALONE.match(call.path):
                message = f"The url {call.path} can not be called inside another request"
                raise Refusal("INVALID_URL", message)
            return _endpoint_answer(sandbox, call, find_endpoint(_CLOSED, call.method, call.path))
    except Refusal as refusal:
        return refusal.placed(call.body).answer()


ENDPOINTS = (
    *identity.ENDPOINTS,
    *tooling.ENDPOINTS,
    *deploys.ENDPOINTS,
    *listviews.ENDPOINTS,
    *reading.ENDPOINTS,
    *rows.ENDPOINTS,
    *collections.ENDPOINTS,
    *composites.endpoints(answer_within),
    *batch.endpoints(answer_within),
    *graph.endpoints(answer_within),
    *tree.ENDPOINTS,
    *bulk_queries.ENDPOINTS,
    *bulk_ingest.ENDPOINTS,
    *bulk_classic.ENDPOINTS,
)
_OPEN, _CLOSED = Routes(OPEN_ENDPOINTS), Routes(ENDPOINTS)


def answer(sandbox: Sandbox, call: Call) -> Answer:
    """Answer any request to the Salesforce org; each is one transaction."""
    call = _overridden(call)
    sandbox.calls.count("salesforce", _kind_of(call))
    try:
        return _answer_patiently(sandbox, call).settled()
    except Refusal as refusal:
        return _finished(_refused(call, refusal))
    except Exception as error:  # noqa: BLE001 - the last net: a CRM never answers with a stack
        return _finished(_refused(call, unforeseen(error)))


def _kind_of(call: Call) -> Kind:
    for routes in (_OPEN, _CLOSED):
        found = find_endpoint(routes, call.method, call.path)
        if found is not None:
            return found[0].kind
    return "read"


def _answer_patiently(sandbox: Sandbox, call: Call) -> Answer:
    """Answer in a transaction; where others hold rows, wait outside of it and begin anew."""
    request = 0
    waits_until = time.monotonic() + sandbox.settings.salesforce_lock_wait_seconds
    while True:
        try:
            with sandbox.store.transaction():
                if request:
                    sandbox.row_locks.resume(request)
                else:
                    request = sandbox.row_locks.begin()
                sandbox.row_locks.wait_until(waits_until)
                return _answer_open(sandbox, call)
        except RowsHeldError as held:
            time.sleep(max(0.0, held.until - time.monotonic()))


def _overridden(call: Call) -> Call:
    """Return a HEAD as a GET, and a POST as the method that old clients name in its address."""
    if call.method == "HEAD":
        return replace(call, method="GET")
    wanted = call.one("_HttpMethod").upper()
    return replace(call, method=wanted) if call.method == "POST" and wanted else call


def refuse_crowd(sandbox: Sandbox, under_way: UnderWay) -> Answer | None:
    """Return the refusal of a request that comes while too many long ones are under way."""
    settings = sandbox.settings
    long_ones = under_way.longer_than(settings.salesforce_long_request_seconds)
    if not settings.rate_limits or long_ones < settings.salesforce_concurrent_limit:
        return None
    message = "ConcurrentPerOrgLongTxn Limit exceeded."
    return _finished(Refusal("REQUEST_LIMIT_EXCEEDED", message, 403).answer())


def answer_others(sandbox: Sandbox, call: Call) -> Answer:
    """Do what somebody else asks of the org, without session, count or limit."""
    try:
        with sandbox.store.transaction():
            sandbox.row_locks.begin()
            found = find_endpoint(_CLOSED, call.method, call.path)
            if found is None:
                raise _no_endpoint(call)
            made = found[0].handler(sandbox, replace(call, arguments=found[1]))
        return made.settled()
    except Refusal as refusal:
        return refusal.answer()


def _answer_open(sandbox: Sandbox, call: Call) -> Answer:
    found = find_endpoint(_OPEN, call.method, call.path)
    if found is None:
        return _answer_closed(sandbox, call)
    endpoint, arguments = found
    return _finished(endpoint.handler(sandbox, replace(call, arguments=arguments)))


def _answer_closed(sandbox: Sandbox, call: Call) -> Answer:
    found = find_endpoint(_CLOSED, call.method, call.path)
    if call.size > HEADER_LIMIT:
        return Answer(414, "<h1>URI Too Long</h1>", {"Content-Type": "text/html"})
    check_session(sandbox, call)
    used = count_calls(sandbox, 1)
    usage = f"api-usage={used}/{sandbox.settings.salesforce_daily_limit}"
    if used > sandbox.settings.salesforce_daily_limit:
        message = "TotalRequests Limit exceeded."
        refusal = Refusal("REQUEST_LIMIT_EXCEEDED", message, 403)
        return _finished(_refused(call, refusal), usage)
    try:
        with sandbox.store.savepoint():
            return _finished(_endpoint_answer(sandbox, call, found), usage)
    except Refusal as refusal:
        return _finished(_refused(call, refusal), usage)
    except RowsHeldError:
        raise
    except Exception as error:  # noqa: BLE001 - as in the last net, but the request still counts
        return _finished(_refused(call, unforeseen(error)), usage)


def _refused(call: Call, refusal: Refusal) -> Answer:
    """Return a refusal as the API that was called writes it."""
    refusal = refusal.placed(call.body)
    if call.path.startswith("/services/async/"):
        return bulk_markup.refused(call, refusal)
    if call.path.startswith("/services/Soap/"):
        return fault(refusal)
    if call.path.startswith("/services/oauth2/token"):
        return OAuthRefusal("unknown_error", refusal.message).answer()
    return refusal.answer()


def _endpoint_answer(
    sandbox: Sandbox, call: Call, found: tuple[Endpoint, dict[str, str]] | None
) -> Answer:
    _check_version(call)
    if found is None:
        raise _no_endpoint(call)
    return found[0].handler(sandbox, replace(call, arguments=found[1]))


def _check_version(call: Call) -> None:
    if not call.path.startswith("/services/data/"):
        return
    found = _VERSION.match(call.path)
    number = None if found is None else read_count(found.group(1), VERSIONS[-1])
    if number is None:
        raise not_found()
    if number < VERSIONS.start:
        message = f"API version {number}.0 is no longer supported"
        raise Refusal("UNSUPPORTED_API_VERSION", message, 410)


def _no_endpoint(call: Call) -> Refusal:
    allowed = methods_of(_CLOSED, call.path)
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
