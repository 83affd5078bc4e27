"""Requests for descriptions of objects."""

import hashlib
import json
from email.utils import format_datetime
from typing import Any

from connectors.sandbox.clock import parse_instant
from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.conditions import date_of
from connectors.sandbox.salesforce.describe import describe_object, summary
from connectors.sandbox.salesforce.record_types import record_types_of
from connectors.sandbox.salesforce.requests import object_of, root_of
from connectors.sandbox.salesforce.soql.org import Org
from connectors.sandbox.web import Answer, Call, Endpoint

_OBJECTS = "/services/data/{version}/sobjects"


def list_objects(sandbox: Sandbox, call: Call) -> Answer:
    """GET sobjects."""
    types = Org(sandbox).types.values()
    listed = sorted((summary(known, root_of(call)) for known in types), key=lambda one: one["name"])
    return _unless_known(
        sandbox, call, "", {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": listed}
    )


def describe(sandbox: Sandbox, call: Call) -> Answer:
    """GET sobjects/X/describe: only fields that the API user may see."""
    known, org = object_of(sandbox, call), Org(sandbox)
    fields = org.fields_of(known).values()
    record_types, types = record_types_of(sandbox.store, known), org.types.values()
    root, base_url = root_of(call), call.base_url
    body = describe_object(known, fields, types, root, base_url, record_types=record_types)
    return _unless_known(sandbox, call, known.name, body)


def describe_shortly(sandbox: Sandbox, call: Call) -> Answer:
    """GET sobjects/X: the API user looks at no pages, so that no items are recent."""
    described = summary(object_of(sandbox, call), root_of(call))
    return Answer(200, {"objectDescribe": described, "recentItems": []})


def _unless_known(sandbox: Sandbox, call: Call, name: str, body: dict[str, Any]) -> Answer:
    """Return a description, or 304 when it has not changed since the client looked.

    Metadata has no stamp here: a description is as old as the first time that it read as it does.
    """
    # Where the sandbox is reached is no part of what it describes.
    text = json.dumps(body, sort_keys=True).replace(call.base_url, "")
    digest = hashlib.sha256(text.encode()).hexdigest()
    state = f"salesforce description {call.arguments['version']} {name}"
    kept = sandbox.store.read_state(state)
    if kept is None or kept["digest"] != digest:
        kept = {"digest": digest, "since": sandbox.clock.now.isoformat()}
        sandbox.store.keep_state(state, kept)
    changed_at = parse_instant(kept["since"])
    seen_at = date_of(call, "if-modified-since")
    if seen_at is not None and changed_at <= seen_at:
        return Answer(304)
    return Answer(200, body, {"Last-Modified": format_datetime(changed_at, usegmt=True)})


ENDPOINTS = (
    Endpoint("GET", _OBJECTS, list_objects),
    Endpoint("GET", f"{_OBJECTS}/{{object}}", describe_shortly),
    Endpoint("GET", f"{_OBJECTS}/{{object}}/describe", describe),
)
