"""Owners: the people of the account, those who left apart."""

import json
from typing import Any

from connectors.sandbox.clock import from_ms, instant
from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import bad_input, not_found
from connectors.sandbox.hubspot.paging import next_page
from connectors.sandbox.hubspot.requests import is_true, page_limit, whole_number
from connectors.sandbox.web import Answer, Call, Endpoint


def list_owners(sandbox: Sandbox, call: Call) -> Answer:
    """GET crm/v3/owners: the living ones, or only the archived ones with archived=true."""
    limit = page_limit(call, 100, sandbox.settings.hubspot_owner_page_size)
    rows = sandbox.store.rows(
        "select * from hubspot_owners where id > ? and archived = ? and (? = '' or email = ?) "
        "order by id limit ?",
        whole_number(call.one("after"), "after", 0),
        is_true(call.one("archived")),
        call.one("email"),
        call.one("email"),
        limit + 1,
    )
    body: dict[str, Any] = {"results": [_owner_json(dict(row)) for row in rows[:limit]]}
    if len(rows) > limit:
        body["paging"] = next_page(call, str(rows[limit - 1]["id"]))
    return Answer(200, body)


def read_owner(sandbox: Sandbox, call: Call) -> Answer:
    """GET crm/v3/owners/ID, or by the user's id; an archived one only with archived=true."""
    column = {"": "id", "id": "id", "userId": "user_id"}.get(call.one("idProperty"))
    if column is None:
        raise bad_input(f"Invalid idProperty: {call.one('idProperty')}")
    row = sandbox.store.row(
        f"select * from hubspot_owners where {column} = ? and archived = ?",  # noqa: S608 - a constant
        call.arguments["id"],
        is_true(call.one("archived")),
    )
    if row is None:
        raise not_found(f"No owner with ID {call.arguments['id']} exists")
    return Answer(200, _owner_json(dict(row)))


def _owner_json(owner: dict[str, Any]) -> dict[str, Any]:
    is_archived, teams = bool(owner["archived"]), json.loads(owner["teams"])
    return {
        "id": str(owner["id"]),
        "email": owner["email"],
        "type": "PERSON",
        "firstName": owner["first_name"],
        "lastName": owner["last_name"],
        **({} if is_archived else {"userId": owner["user_id"]}),
        "userIdIncludingInactive": owner["user_id"],
        "createdAt": instant(from_ms(owner["created_at"])),
        "updatedAt": instant(from_ms(owner["updated_at"])),
        "archived": is_archived,
        **({"teams": teams} if teams else {}),
    }


ENDPOINTS = (
    Endpoint("GET", "/crm/v3/owners", list_owners),
    Endpoint("GET", "/crm/v3/owners/{id}", read_owner),
)
