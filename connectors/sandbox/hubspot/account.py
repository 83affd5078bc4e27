"""Owners, and what the account says about itself."""

from typing import Any

from connectors.sandbox.clock import instant
from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import PORTAL_ID, not_found
from connectors.sandbox.hubspot.requests import page_limit, whole_number
from connectors.sandbox.limits import used_today
from connectors.sandbox.web import Answer, Call

_OWNED_SINCE = "2024-01-08T09:00:00Z"


def list_owners(sandbox: Sandbox, call: Call) -> Answer:
    """GET crm/v3/owners."""
    limit = page_limit(call, 100, 500)
    rows = sandbox.store.rows(
        "select * from hubspot_owners where id > ? and (? = '' or email = ?) order by id limit ?",
        whole_number(call.one("after"), "after", 0),
        call.one("email"),
        call.one("email"),
        limit + 1,
    )
    body: dict[str, Any] = {"results": [_owner_json(dict(row)) for row in rows[:limit]]}
    if len(rows) > limit:
        body["paging"] = {"next": {"after": str(rows[limit - 1]["id"])}}
    return Answer(200, body)


def read_owner(sandbox: Sandbox, call: Call) -> Answer:
    """GET crm/v3/owners/ID."""
    row = sandbox.store.row("select * from hubspot_owners where id = ?", call.arguments["id"])
    if row is None:
        raise not_found(f"No owner with ID {call.arguments['id']} exists")
    return Answer(200, _owner_json(dict(row)))


def _owner_json(owner: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(owner["id"]),
        "email": owner["email"],
        "type": "PERSON",
        "firstName": owner["first_name"],
        "lastName": owner["last_name"],
        "userId": owner["user_id"],
        "userIdIncludingInactive": owner["user_id"],
        "createdAt": _OWNED_SINCE,
        "updatedAt": _OWNED_SINCE,
        "archived": False,
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
