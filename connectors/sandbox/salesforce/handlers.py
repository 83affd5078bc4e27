"""Versions, limits, describes, queries and single records."""

from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.limits import used_today
from connectors.sandbox.salesforce.describe import describe_object, summary
from connectors.sandbox.salesforce.errors import Refusal, bad_json, not_found
from connectors.sandbox.salesforce.permissions import readable_fields
from connectors.sandbox.salesforce.queries import Reading, fetch_records, next_page, run_query
from connectors.sandbox.salesforce.records import (
    Author,
    create_record,
    delete_record,
    living_record,
    update_record,
)
from connectors.sandbox.salesforce.schema import ObjectType, find_type, object_types
from connectors.sandbox.salesforce.times import moment_of
from connectors.sandbox.web import Answer, Call

VERSIONS = range(31, 69)
SEASONS = ("Spring", "Summer", "Winter")


def root_of(call: Call) -> str:
    """Return the versioned path that links of an answer start with."""
    return f"/services/data/{call.arguments['version']}"


def author_of(call: Call) -> Author:
    """Return the API user, with what the request says about lead assignment."""
    return Author(assigns=call.headers.get("sforce-auto-assign", "true").lower() != "false")


def object_of(sandbox: Sandbox, call: Call) -> ObjectType:
    """Return the object that the path names.

    Raises:
        Refusal: there is none.
    """
    known = find_type(sandbox.store, call.arguments["object"])
    if known is None:
        raise not_found()
    return known


def json_object(call: Call) -> dict[str, Any]:
    """Return the body, which must be a JSON object.

    Raises:
        Refusal: it is none.
    """
    try:
        body = call.json()
    except ValueError:
        raise bad_json("The HTTP entity body is not valid JSON") from None
    if not isinstance(body, dict):
        raise bad_json("The HTTP entity body is required, but this request has no entity body.")
    return body


def list_versions(sandbox: Sandbox, call: Call) -> Answer:  # noqa: ARG001 - a handler
    """GET /services/data: needs no session."""
    return Answer(
        200,
        [
            {
                "label": f"{SEASONS[number % 3]} '{(number + 12) // 3 + (number % 3 == 2)}",
                "url": f"/services/data/v{number}.0",
                "version": f"{number}.0",
            }
            for number in VERSIONS
        ],
    )


def list_resources(sandbox: Sandbox, call: Call) -> Answer:  # noqa: ARG001 - a handler
    """GET /services/data/vX: where things are."""
    names = ("query", "queryAll", "sobjects", "composite", "limits", "tooling")
    return Answer(200, {name: f"{root_of(call)}/{name}" for name in names})


def tell_limits(sandbox: Sandbox, call: Call) -> Answer:  # noqa: ARG001 - a handler
    """GET limits: what is left of the day."""
    limit = sandbox.settings.salesforce_daily_limit
    left = max(0, limit - used_today(sandbox.store, sandbox.clock, "salesforce"))
    return Answer(200, {"DailyApiRequests": {"Max": limit, "Remaining": left}})


def list_objects(sandbox: Sandbox, call: Call) -> Answer:
    """GET sobjects."""
    listed = [
        summary(known, root_of(call))
        for known in object_types(sandbox.store).values()
        if not known.tooling
    ]
    return Answer(200, {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": listed})


def describe(sandbox: Sandbox, call: Call) -> Answer:
    """GET sobjects/X/describe: only fields that the API user may see."""
    known = object_of(sandbox, call)
    fields = list(readable_fields(sandbox.store, known).values())
    return Answer(200, describe_object(known, fields, root_of(call)))


def query(sandbox: Sandbox, call: Call) -> Answer:
    """GET query?q=: living records."""
    return Answer(200, run_query(sandbox, call.one("q"), _reading(sandbox, call)))


def query_all(sandbox: Sandbox, call: Call) -> Answer:
    """GET queryAll?q=: deleted and archived records too."""
    reading = replace(_reading(sandbox, call), hidden_too=True)
    return Answer(200, run_query(sandbox, call.one("q"), reading))


def query_more(sandbox: Sandbox, call: Call) -> Answer:
    """GET query/LOCATOR: the next page."""
    page = next_page(sandbox, call.arguments["locator"], _reading(sandbox, call))
    return Answer(200, page)


def tooling_query(sandbox: Sandbox, call: Call) -> Answer:
    """GET tooling/query?q=: custom fields."""
    reading = replace(_reading(sandbox, call), tooling=True)
    return Answer(200, run_query(sandbox, call.one("q"), reading))


def _reading(sandbox: Sandbox, call: Call) -> Reading:
    """Return how to read: pages as the client asks for, from 200 to 2,000 records."""
    wanted = call.headers.get("sforce-query-options", "").partition("=")[2].strip()
    limit = sandbox.settings.salesforce_page_size
    size = min(max(int(wanted), 200), limit) if wanted.isdigit() else limit
    return Reading(root_of(call), size)


def create(sandbox: Sandbox, call: Call) -> Answer:
    """POST sobjects/X."""
    record_id = create_record(sandbox, object_of(sandbox, call), json_object(call), author_of(call))
    return Answer(201, {"id": record_id, "success": True, "errors": []})


def read(sandbox: Sandbox, call: Call) -> Answer:
    """GET sobjects/X/ID?fields=: a deleted record is not found."""
    known, record_id = object_of(sandbox, call), call.arguments["id"]
    try:
        kept = living_record(sandbox, known, record_id)
    except Refusal:
        raise not_found() from None
    visible = readable_fields(sandbox.store, known)
    names = call.many("fields") or list(visible)
    fields = [visible[name] for name in names if name in visible]
    found = fetch_records(sandbox, known, fields, [kept["Id"]], root_of(call))
    return Answer(200, found[kept["Id"]])


def update(sandbox: Sandbox, call: Call) -> Answer:
    """PATCH sobjects/X/ID; If-Unmodified-Since makes it conditional."""
    known, record_id = object_of(sandbox, call), call.arguments["id"]
    _check_unmodified(sandbox, call, known, record_id)
    update_record(sandbox, known, record_id, json_object(call), author_of(call))
    return Answer(204)


def delete(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE sobjects/X/ID."""
    delete_record(sandbox, object_of(sandbox, call), call.arguments["id"], author_of(call))
    return Answer(204)


def _check_unmodified(sandbox: Sandbox, call: Call, known: ObjectType, record_id: str) -> None:
    text = call.headers.get("if-unmodified-since")
    if text is None:
        return
    try:
        since = parsedate_to_datetime(text)
    except ValueError:
        raise Refusal("INVALID_HEADER", f"Invalid If-Unmodified-Since date: {text}") from None
    changed = living_record(sandbox, known, record_id).get("LastModifiedDate")
    if changed is not None and moment_of(changed) > since:
        message = "The resource has been modified since the given date"
        raise Refusal("PRECONDITION_FAILED", message, 412)
