"""Writing single records: created, changed and deleted by id, or by an external id."""

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.conditions import check_conditions
from connectors.sandbox.salesforce.errors import Refusal, not_found
from connectors.sandbox.salesforce.keys import key_field, matching_ids
from connectors.sandbox.salesforce.records import (
    create_record,
    delete_record,
    living_record,
    update_record,
)
from connectors.sandbox.salesforce.requests import (
    author_of,
    choices,
    json_object,
    object_of,
    root_of,
    version_of,
)
from connectors.sandbox.salesforce.upserts import upsert_record
from connectors.sandbox.web import Answer, Call, Endpoint

_ROWS = "/services/data/{version}/sobjects/{object}"
_ANSWERS_UPDATES_SINCE = 46
"""The first version in which an upsert that changes a record answers with a body."""


def create(sandbox: Sandbox, call: Call) -> Answer:
    """POST sobjects/X."""
    known = object_of(sandbox, call)
    record_id = create_record(sandbox, known, json_object(call), author_of(call))
    return _created(call, known.name, {"id": record_id, "success": True, "errors": []})


def update(sandbox: Sandbox, call: Call) -> Answer:
    """PATCH sobjects/X/ID; headers can make it conditional."""
    known, record_id = object_of(sandbox, call), call.arguments["id"]
    given = json_object(call)
    if any(name.lower() == "id" for name in given):
        message = "The Id field should not be specified in the sobject data."
        raise Refusal("INVALID_FIELD", message)
    if "if-unmodified-since" in call.headers or "if-match" in call.headers:
        check_conditions(call, known, living_record(sandbox, known, record_id))
    update_record(sandbox, known, record_id, given, author_of(call))
    return Answer(204)


def delete(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE sobjects/X/ID: takes no conditions."""
    delete_record(sandbox, object_of(sandbox, call), call.arguments["id"], author_of(call))
    return Answer(204)


def upsert(sandbox: Sandbox, call: Call) -> Answer:
    """PATCH sobjects/X/FIELD/VALUE: creates or changes the record of an external id."""
    known, value = object_of(sandbox, call), call.arguments["value"]
    field = key_field(known, call.arguments["field"])
    given = json_object(call)
    if any(name.lower() == field.name.lower() for name in given):
        message = f"The {field.name} field should not be specified in the sobject data."
        raise Refusal("INVALID_FIELD", message)
    found = matching_ids(sandbox, known, field, value)
    if len(found) > 1:
        return choices(call, known, found)
    if not found and call.one("updateOnly").lower() == "true":
        raise not_found()
    record_id, created = upsert_record(
        sandbox, known, field, {**given, field.name: value}, author_of(call)
    )
    body = {"id": record_id, "success": True, "errors": [], "created": created}
    if created:
        return _created(call, known.name, body)
    return Answer(200, body) if version_of(call) >= _ANSWERS_UPDATES_SINCE else Answer(204)


def create_by_id(sandbox: Sandbox, call: Call) -> Answer:
    """POST sobjects/X/Id: an upsert that can only create."""
    known = object_of(sandbox, call)
    if call.arguments["field"].lower() != "id":
        raise Refusal("METHOD_NOT_ALLOWED", "HTTP Method 'POST' not allowed.", 405)
    record_id = create_record(sandbox, known, json_object(call), author_of(call))
    body = {"id": record_id, "success": True, "errors": [], "created": True}
    return _created(call, known.name, body)


def delete_by_key(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE sobjects/X/FIELD/VALUE."""
    known, value = object_of(sandbox, call), call.arguments["value"]
    found = matching_ids(sandbox, known, key_field(known, call.arguments["field"]), value)
    if len(found) > 1:
        return choices(call, known, found)
    if not found:
        raise not_found()
    delete_record(sandbox, known, found[0], author_of(call))
    return Answer(204)


def _created(call: Call, object_name: str, body: dict[str, object]) -> Answer:
    location = f"{root_of(call)}/sobjects/{object_name}/{body['id']}"
    return Answer(201, body, {"Location": location})


ENDPOINTS = (
    Endpoint("POST", _ROWS, create, "write"),
    Endpoint("PATCH", f"{_ROWS}/{{id}}", update, "write"),
    Endpoint("DELETE", f"{_ROWS}/{{id}}", delete, "write"),
    Endpoint("POST", f"{_ROWS}/{{field}}", create_by_id, "write"),
    Endpoint("PATCH", f"{_ROWS}/{{field}}/{{value}}", upsert, "write"),
    Endpoint("DELETE", f"{_ROWS}/{{field}}/{{value}}", delete_by_key, "write"),
)
