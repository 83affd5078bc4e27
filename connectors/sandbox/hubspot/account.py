"""Owners, and what the account says about itself."""

import json
from typing import Any

from connectors.sandbox.clock import from_ms, instant
from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import PORTAL_ID, not_found
from connectors.sandbox.hubspot.requests import is_true, page_limit, whole_number
from connectors.sandbox.limits import used_today
from connectors.sandbox.web import Answer, Call


def list_owners(sandbox: Sandbox, call: Call) -> Answer:
    """GET crm/v3/owners: the living ones, or only the archived ones with archived=true."""
    limit = page_limit(call, 100, 500)
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
        body["paging"] = {"next": {"after": str(rows[limit - 1]["id"])}}
    return Answer(200, body)


def read_owner(sandbox: Sandbox, call: Call) -> Answer:
    """GET crm/v3/owners/ID; an archived one only with archived=true."""
    row = sandbox.store.row(
        "select * from hubspot_owners where id = ? and archived = ?",
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


def tell_details(sandbox: Sandbox, call: Call) -> Answer:  # noqa: ARG001 - a handler
    """GET account-info/v3/details."""
    return Answer(
        200,
        {
            "portalId": PORTAL_ID,
            "accountType": "SANDBOX",
            "timeZone": "UTC",
            "companyCurrency": "USD",
            "additionalCurrencies": [],
            "utcOffset": "+00:00",
            "utcOffsetMilliseconds": 0,
            "uiDomain": "app.hubspot.com",
            "dataHostingLocation": "na1",
        },
    )


def tell_usage(sandbox: Sandbox, call: Call) -> Answer:  # noqa: ARG001 - a handler
    """GET account-info/v3/api-usage/daily: what is used of the day."""
    now = sandbox.clock.now
    return Answer(
        200,
        {
            "results": [
                {
                    "name": "api-calls-daily",
                    "usageLimit": sandbox.settings.hubspot_daily_limit,
                    "currentUsage": used_today(sandbox.store, sandbox.clock, "hubspot"),
                    "collectedAt": instant(now),
                    "fetchStatus": "SUCCESS",
                    "resetsAt": instant(now.replace(hour=23, minute=59, second=59)),
                }
            ]
        },
    )
