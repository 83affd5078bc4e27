"""Requests for what changed and what was deleted."""

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.replication import deleted, read_span, updated
from connectors.sandbox.salesforce.requests import object_of
from connectors.sandbox.web import Answer, Call, Endpoint

_OBJECT = "/services/data/{version}/sobjects/{object}"


def list_updated(sandbox: Sandbox, call: Call) -> Answer:
    """GET sobjects/X/updated?start=&end=."""
    span = read_span(sandbox, call.one("start"), call.one("end"))
    return Answer(200, updated(sandbox, object_of(sandbox, call), span))


def list_deleted(sandbox: Sandbox, call: Call) -> Answer:
    """GET sobjects/X/deleted?start=&end=."""
    span = read_span(sandbox, call.one("start"), call.one("end"))
    return Answer(200, deleted(sandbox, object_of(sandbox, call), span))


ENDPOINTS = (
    Endpoint("GET", f"{_OBJECT}/updated", list_updated),
    Endpoint("GET", f"{_OBJECT}/deleted", list_deleted),
)
