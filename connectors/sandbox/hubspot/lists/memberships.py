"""Memberships over the API: who is on a list, on which lists a record is, and changing it."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from connectors.sandbox.clock import from_ms, instant
from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.answers import completed
from connectors.sandbox.hubspot.errors import bad_input, list_refused
from connectors.sandbox.hubspot.lists.members import (
    Member,
    add_everybody,
    count_members,
    members_of,
    membership,
    type_of,
)
from connectors.sandbox.hubspot.lists.record_lists import (
    RecordList,
    all_lists,
    find_list,
    put_on,
    take_all_off,
    take_off,
)
from connectors.sandbox.hubspot.numbers import id_of, number_in
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.paging import next_page
from connectors.sandbox.hubspot.records import find_record, surviving_id
from connectors.sandbox.hubspot.requests import (
    inputs_of,
    json_list,
    json_object,
    known_object_type,
    page_limit,
    required,
)
from connectors.sandbox.web import Answer, Call, Endpoint

PAGE, MOST_CHANGES = 250, 100_000
RECORDS = 100
"""Inputs of a batch; HubSpot does not say how many there may be."""


def list_members(sandbox: Sandbox, call: Call) -> Answer:
    """GET crm/v3/lists/ID/memberships: by record id."""
    return _page(sandbox, call, by_time=False)


def list_in_join_order(sandbox: Sandbox, call: Call) -> Answer:
    """GET crm/v3/lists/ID/memberships/join-order: by when they joined."""
    return _page(sandbox, call, by_time=True)


def _page(sandbox: Sandbox, call: Call, *, by_time: bool) -> Answer:
    known, limit = find_list(sandbox.store, call.arguments["id"]), page_limit(call, 100, PAGE)
    after = _place_behind(call.one("after"))
    found = members_of(sandbox, known, most=limit + 1, after=after, by_time=by_time)
    shown = found[:limit]
    results = [_member_json(member) for member in shown]
    body: dict[str, Any] = {"results": results, "total": count_members(sandbox, known)}
    if len(found) > limit:
        token = _token(shown[-1] if by_time else Member(shown[-1].record_id, 0))
        body["paging"] = next_page(call, token)
    return Answer(200, body)


def _token(member: Member) -> str:
    """Return a token that nobody is tempted to count with."""
    text = f"{member.since}:{member.record_id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _place_behind(token: str) -> tuple[int, int] | None:
    """Return the moment and record id that a token stands for.

    Raises:
        Refusal: it is none of ours.
    """
    if not token:
        return None
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    except (binascii.Error, ValueError):
        text = ""
    since, _, record_id = map(number_in, text.partition(":"))
    if since is None or record_id is None:
        raise bad_input(f"Invalid after: {token}")
    return since, record_id


def _member_json(member: Member) -> dict[str, Any]:
    since = instant(from_ms(member.since))
    return {"recordId": str(member.record_id), "membershipTimestamp": since}


def list_of_record(sandbox: Sandbox, call: Call) -> Answer:
    """GET crm/v3/lists/records/TYPE/ID/memberships: the lists that a record is on."""
    object_type = known_object_type(sandbox, call.arguments["object"])
    results = _lists_of(sandbox, object_type, call.arguments["id"])
    return Answer(200, {"results": results, "total": len(results)})


def lists_of_records(sandbox: Sandbox, call: Call) -> Answer:
    """POST crm/v3/lists/records/memberships/batch/read: of {objectTypeId, recordId} each."""
    results = []
    for entry in inputs_of(json_object(call), RECORDS):
        required(entry, ("objectTypeId", "recordId"))
        object_type = known_object_type(sandbox, str(entry["objectTypeId"]))
        text = str(entry["recordId"])
        named = {"objectTypeId": object_type.type_id, "recordId": text}
        held = _lists_of(sandbox, object_type, text)
        results.append({**named, "recordListMemberships": held})
    return completed(sandbox, results)


def _lists_of(sandbox: Sandbox, object_type: ObjectType, text: str) -> list[dict[str, Any]]:
    """Return the lists that a record is on; the id of a merged one leads to what it became."""
    record_id = surviving_id(sandbox.store, object_type, id_of(text))
    known = [one for one in all_lists(sandbox.store) if one.object_type_id == object_type.type_id]
    found = ((one, membership(sandbox, one, record_id)) for one in known)
    return [_membership_json(one, member) for one, member in found if member is not None]


def _membership_json(known: RecordList, member: Member) -> dict[str, Any]:
    since = instant(from_ms(member.since))
    stamps = {"firstAddedTimestamp": since, "lastAddedTimestamp": since}
    return {"listId": str(known.id), "listVersion": known.version, **stamps}


def add_members(sandbox: Sandbox, call: Call) -> Answer:
    """PUT crm/v3/lists/ID/memberships/add: a list of record ids."""
    return _changed(sandbox, call, _ids(json_list(call)), ())


def remove_members(sandbox: Sandbox, call: Call) -> Answer:
    """PUT crm/v3/lists/ID/memberships/remove: a list of record ids."""
    return _changed(sandbox, call, (), _ids(json_list(call)))


def change_members(sandbox: Sandbox, call: Call) -> Answer:
    """PUT crm/v3/lists/ID/memberships/add-and-remove."""
    body = json_object(call)
    added, removed = (
        _ids(body.get(name) or []) for name in ("recordIdsToAdd", "recordIdsToRemove")
    )
    return _changed(sandbox, call, added, removed)


def add_from_list(sandbox: Sandbox, call: Call) -> Answer:
    """PUT crm/v3/lists/ID/memberships/add-from/ID: everybody who is on another list."""
    known, source = _open_list(sandbox, call), find_list(sandbox.store, call.arguments["source"])
    add_everybody(sandbox, known, source)
    return Answer(204)


def remove_everybody(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE crm/v3/lists/ID/memberships."""
    take_all_off(sandbox.store, _open_list(sandbox, call))
    return Answer(204)


def _ids(given: Any) -> list[str]:
    if not isinstance(given, list) or len(given) > MOST_CHANGES:
        raise bad_input(f"A list of up to {MOST_CHANGES} record ids is required")
    return [str(record_id) for record_id in given]


def _open_list(sandbox: Sandbox, call: Call) -> RecordList:
    """Return a list whose members are put on it by hand.

    Raises:
        Refusal: there is none, or its filters say who is on it.
    """
    known = find_list(sandbox.store, call.arguments["id"])
    if known.processing == "DYNAMIC":
        message = "Memberships of a DYNAMIC list can't be changed manually."
        raise list_refused("INVALID_PROCESSING_TYPE", message)
    return known


def _changed(sandbox: Sandbox, call: Call, added: Sequence[str], removed: Sequence[str]) -> Answer:
    known = _open_list(sandbox, call)
    object_type = type_of(sandbox, known)
    living = {
        text: record.id
        for text in added
        if (record := find_record(sandbox.store, object_type, id_of(text))) is not None
    }
    now = sandbox.clock.now_ms
    joined = put_on(sandbox.store, known, list(living.values()), now)
    left = take_off(sandbox.store, known, [id_of(text) for text in removed])
    body = {
        "recordsIdsAdded": [str(record_id) for record_id in joined],
        "recordIdsRemoved": [str(record_id) for record_id in left],
        "recordIdsMissing": [text for text in added if text not in living],
    }
    return Answer(200, body)


_ALL = "/crm/v3/lists/{id}/memberships"
ENDPOINTS = (
    Endpoint("GET", _ALL, list_members),
    Endpoint("DELETE", _ALL, remove_everybody, "write"),
    Endpoint("GET", f"{_ALL}/join-order", list_in_join_order),
    Endpoint("PUT", f"{_ALL}/add", add_members, "write"),
    Endpoint("PUT", f"{_ALL}/remove", remove_members, "write"),
    Endpoint("PUT", f"{_ALL}/add-and-remove", change_members, "write"),
    Endpoint("PUT", f"{_ALL}/add-from/{{source}}", add_from_list, "write"),
    Endpoint("GET", "/crm/v3/lists/records/{object}/{id}/memberships", list_of_record),
    Endpoint("POST", "/crm/v3/lists/records/memberships/batch/read", lists_of_records),
)
