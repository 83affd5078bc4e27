"""Requests that carry SOQL, and those for the next page."""

from dataclasses import replace

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.counts import read_count
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.queries import Reading, next_page, run_query
from connectors.sandbox.salesforce.requests import options_of, root_of
from connectors.sandbox.web import Answer, Call, Endpoint

_DATA = "/services/data/{version}"
SMALLEST_PAGE = 200


def query(sandbox: Sandbox, call: Call) -> Answer:
    """GET query?q=: living records."""
    return Answer(200, run_query(sandbox, _soql(call), reading_of(sandbox, call)))


def query_all(sandbox: Sandbox, call: Call) -> Answer:
    """GET queryAll?q=: deleted and archived records too."""
    reading = replace(reading_of(sandbox, call), hidden_too=True)
    return Answer(200, run_query(sandbox, _soql(call), reading))


def query_more(sandbox: Sandbox, call: Call) -> Answer:
    """GET query/LOCATOR: the next page."""
    page = next_page(sandbox, call.arguments["locator"], reading_of(sandbox, call))
    return Answer(200, page)


def reading_of(sandbox: Sandbox, call: Call) -> Reading:
    """Return how to read: pages as the client asks for, from 200 to 2,000 records."""
    wanted = read_count(options_of(call, "sforce-query-options").get("batchsize", ""))
    limit = sandbox.settings.salesforce_page_size
    size = limit if wanted is None else min(max(wanted, SMALLEST_PAGE), limit)
    return Reading(root_of(call), size)


def _soql(call: Call) -> str:
    if not call.one("q").strip():
        raise Refusal("MALFORMED_QUERY", "A query string has to be specified")
    return call.one("q")


ENDPOINTS = (
    Endpoint("GET", f"{_DATA}/query", query),
    Endpoint("GET", f"{_DATA}/queryAll", query_all),
    Endpoint("GET", f"{_DATA}/query/{{locator}}", query_more),
    Endpoint("GET", f"{_DATA}/queryAll/{{locator}}", query_more),
)
