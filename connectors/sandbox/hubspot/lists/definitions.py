"""Lists over the API: creating, reading, searching, changing, deleting and restoring them."""

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import bad_input, list_refused, no_list
from connectors.sandbox.hubspot.facts import RESTORABLE_MS
from connectors.sandbox.hubspot.lists.filters import compile_branch
from connectors.sandbox.hubspot.lists.members import count_members, take_snapshot, type_of
from connectors.sandbox.hubspot.lists.moves import moves_of
from connectors.sandbox.hubspot.lists.record_lists import (
    PROCESSING,
    RecordList,
    all_lists,
    changed_list,
    find_list,
    new_list,
)
from connectors.sandbox.hubspot.oauth.scopes import may_be_read
from connectors.sandbox.hubspot.requests import (
    is_true,
    json_object,
    known_object_type,
    object_in,
    required,
    texts_of,
    whole_of,
)
from connectors.sandbox.web import Answer, Call, Endpoint

SEARCH_PAGE, MOST_PER_SEARCH = 20, 500


def create_list(sandbox: Sandbox, call: Call) -> Answer:
    """POST crm/v3/lists: by hand, filtered anew at each reading, or filtered once."""
    body = json_object(call)
    required(body, ("name", "objectTypeId", "processingType"))
    processing = next((known for known in PROCESSING if known == body["processingType"]), None)
    if processing is None:
        raise bad_input(f"processingType must be one of {', '.join(PROCESSING)}")
    name, branch = str(body["name"]), object_in(body, "filterBranch") or None
    object_type = known_object_type(sandbox, str(body["objectTypeId"]))
    _check_name(sandbox, name, object_type.type_id)
    if branch is not None:
        compile_branch(sandbox, object_type, branch)
    if (processing == "MANUAL") != (branch is None):
        raise list_refused("INVALID_FILTER_BRANCH", "Lists of all types but MANUAL have filters")
    made = new_list(sandbox, name, object_type.type_id, processing, branch)
    if processing == "SNAPSHOT" and branch is not None:
        take_snapshot(sandbox, made, branch)
    return Answer(200, {"list": _list_json(sandbox, made, with_filters=True)})


def _check_name(sandbox: Sandbox, name: str, object_type_id: str) -> None:
    for known in all_lists(sandbox.store):
        if (known.name.lower(), known.object_type_id) == (name.lower(), object_type_id):
            raise list_refused("DUPLICATE_LIST_NAMES", f"A list named '{name}' already exists.")


def read_list(sandbox: Sandbox, call: Call) -> Answer:
    """GET crm/v3/lists/ID?includeFilters=."""
    return _shown(sandbox, call, find_list(sandbox.store, call.arguments["id"]))


def read_by_name(sandbox: Sandbox, call: Call) -> Answer:
    """GET crm/v3/lists/object-type-id/TYPE/name/NAME."""
    wanted = (call.arguments["type"], call.arguments["name"].lower())
    for known in all_lists(sandbox.store):
        if (known.object_type_id, known.name.lower()) == wanted:
            return _shown(sandbox, call, known)
    raise no_list(f"List does not exist with name {call.arguments['name']}.")


def _shown(sandbox: Sandbox, call: Call, known: RecordList) -> Answer:
    with_filters = is_true(call.one("includeFilters"))
    return Answer(200, {"list": _list_json(sandbox, known, with_filters=with_filters)})


def read_lists(sandbox: Sandbox, call: Call) -> Answer:
    """GET crm/v3/lists?listIds=: those that are there."""
    with_filters, wanted = is_true(call.one("includeFilters")), call.many("listIds")
    found = [known for known in all_lists(sandbox.store) if str(known.id) in wanted]
    listed = [_list_json(sandbox, known, with_filters=with_filters) for known in found]
    return Answer(200, {"lists": listed})


def search_lists(sandbox: Sandbox, call: Call) -> Answer:
    """POST crm/v3/lists/search: by name, id, object and processing type; pages by offset."""
    body = json_object(call)
    count, offset = whole_of(body, "count", SEARCH_PAGE), whole_of(body, "offset", 0)
    too_many = sandbox.settings.hubspot_list_search_refuses_over_500 and count > MOST_PER_SEARCH
    if count <= 0 or too_many:
        raise bad_input(f"count must be between 1 and {MOST_PER_SEARCH}, was {count}")
    count = min(count, MOST_PER_SEARCH)
    found = _wanted(sandbox, body)
    page = found[offset : offset + count]
    texts_of(body, "additionalProperties")  # others than those that come anyway are not kept here
    return Answer(
        200,
        {
            "lists": [_found_json(sandbox, known) for known in page],
            "hasMore": offset + count < len(found),
            "offset": offset + len(page),
            "total": len(found),
        },
    )


def _wanted(sandbox: Sandbox, body: Mapping[str, Any]) -> list[RecordList]:
    ids, kinds = texts_of(body, "listIds"), texts_of(body, "processingTypes")
    part = str(body.get("query") or "").lower()
    return [
        known
        for known in all_lists(sandbox.store)
        if part in known.name.lower()
        and (not ids or str(known.id) in ids)
        and (not kinds or known.processing in kinds)
        and body.get("objectTypeId") in (None, known.object_type_id)
        and may_be_read(sandbox, known.object_type_id)
    ]


def _found_json(sandbox: Sandbox, known: RecordList) -> dict[str, Any]:
    """Return a list as searches show it: with these properties, whatever else they ask for.

    HubSpot's reference names them with hs_folder_name, which no list has where folders are none.
    What is empty is left out.
    """
    extra = {**moves_of(sandbox, known).to_json(), "hs_list_reference_count": "0"}
    return {**known.to_json(None, with_filters=False), "additionalProperties": extra}


def rename_list(sandbox: Sandbox, call: Call) -> Answer:
    """PUT crm/v3/lists/ID/update-list-name?listName=."""
    known, name = find_list(sandbox.store, call.arguments["id"]), call.one("listName")
    if not name:
        raise bad_input("listName is required")
    if name.lower() != known.name.lower():
        _check_name(sandbox, name, known.object_type_id)
    return _updated(sandbox, call, changed_list(sandbox, known, name=name))


def change_filters(sandbox: Sandbox, call: Call) -> Answer:
    """PUT crm/v3/lists/ID/update-list-filters: of DYNAMIC lists only."""
    known, body = find_list(sandbox.store, call.arguments["id"]), json_object(call)
    required(body, ("filterBranch",))
    if known.processing != "DYNAMIC":
        message = f"Filters of a {known.processing} list can't be changed."
        raise list_refused("INVALID_PROCESSING_TYPE", message)
    branch = object_in(body, "filterBranch")
    compile_branch(sandbox, type_of(sandbox, known), branch)
    now = sandbox.clock.now_ms
    changed = changed_list(sandbox, known, branch=branch, filtered_at=now)
    return _updated(sandbox, call, changed)


def _updated(sandbox: Sandbox, call: Call, known: RecordList) -> Answer:
    with_filters = is_true(call.one("includeFilters"))
    return Answer(200, {"updatedList": _list_json(sandbox, known, with_filters=with_filters)})


def delete_list(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE crm/v3/lists/ID."""
    known = find_list(sandbox.store, call.arguments["id"])
    changed_list(sandbox, known, deleted_at=sandbox.clock.now_ms)
    return Answer(204)


def restore_list(sandbox: Sandbox, call: Call) -> Answer:
    """PUT crm/v3/lists/ID/restore: for 90 days."""
    known = find_list(sandbox.store, call.arguments["id"], deleted=True)
    if known.deleted_at + RESTORABLE_MS < sandbox.clock.now_ms:
        raise no_list(f"List does not exist with ID {known.id}.")
    _check_name(sandbox, known.name, known.object_type_id)
    changed_list(sandbox, known, deleted_at=0)
    return Answer(204)


def _list_json(sandbox: Sandbox, known: RecordList, *, with_filters: bool) -> dict[str, Any]:
    return known.to_json(count_members(sandbox, known), with_filters)


_ALL = "/crm/v3/lists"
_ONE = f"{_ALL}/{{id}}"
ENDPOINTS = (
    Endpoint("GET", _ALL, read_lists),
    Endpoint("POST", _ALL, create_list, "write"),
    Endpoint("POST", f"{_ALL}/search", search_lists),
    Endpoint("GET", f"{_ALL}/object-type-id/{{type}}/name/{{name}}", read_by_name),
    Endpoint("GET", _ONE, read_list),
    Endpoint("DELETE", _ONE, delete_list, "write"),
    Endpoint("PUT", f"{_ONE}/restore", restore_list, "write"),
    Endpoint("PUT", f"{_ONE}/update-list-name", rename_list, "write"),
    Endpoint("PUT", f"{_ONE}/update-list-filters", change_filters, "write"),
)
