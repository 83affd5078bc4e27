"""Users and teams in the account's settings: the owners who have not left, by their user ids.

The keys are those of developers.hubspot.com, "User provisioning", which lists 100 users a page.
"""

import json
from collections.abc import Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.answers import View
from connectors.sandbox.hubspot.errors import bad_input, not_found
from connectors.sandbox.hubspot.paging import next_page
from connectors.sandbox.hubspot.requests import page_limit, whole_number
from connectors.sandbox.store import Store
from connectors.sandbox.web import Answer, Call, Endpoint

PAGE = 100
_LIVING = "select * from hubspot_owners where not archived"
_FIRST_USER = "select min(user_id) from hubspot_owners where not archived"


def list_users(sandbox: Sandbox, call: Call) -> Answer:
    """GET settings/v3/users: by id; `after` is the id of the last one shown."""
    limit = page_limit(call, PAGE, PAGE)
    after = whole_number(call.one("after"), "after", 0)
    sql = f"{_LIVING} and user_id > ? order by user_id limit ?"
    rows = sandbox.store.rows(sql, after, limit + 1)
    body: View = {"results": [_user_json(sandbox.store, dict(row)) for row in rows[:limit]]}
    if len(rows) > limit:
        body["paging"] = next_page(call, str(rows[limit - 1]["user_id"]))
    return Answer(200, body)


def read_user(sandbox: Sandbox, call: Call) -> Answer:
    """GET settings/v3/users/ID?idProperty=USER_ID or EMAIL."""
    column = {"": "user_id", "USER_ID": "user_id", "EMAIL": "email"}.get(call.one("idProperty"))
    if column is None:
        raise bad_input(f"Invalid idProperty: {call.one('idProperty')}")
    row = sandbox.store.row(f"{_LIVING} and {column} = ?", call.arguments["id"])
    if row is None:
        raise not_found(f"No user with ID {call.arguments['id']} exists")
    return Answer(200, _user_json(sandbox.store, dict(row)))


def _user_json(store: Store, owner: Mapping[str, Any]) -> View:
    primary, others = _teams_of(owner)
    return {
        "id": str(owner["user_id"]),
        "email": owner["email"],
        "firstName": owner["first_name"],
        "lastName": owner["last_name"],
        "roleIds": [],
        **({"primaryTeamId": primary[0]} if primary else {}),
        "secondaryTeamIds": others,
        # Somebody has to be: whoever came first has set the account up.
        "superAdmin": owner["user_id"] == store.value(_FIRST_USER),
        "sendWelcomeEmail": False,
    }


def list_teams(sandbox: Sandbox, call: Call) -> Answer:  # noqa: ARG001 - a handler
    """GET settings/v3/users/teams: those whose first team it is apart from the others."""
    teams: dict[str, View] = {}
    for row in sandbox.store.rows(f"{_LIVING} order by user_id"):
        for team in json.loads(row["teams"]):
            told = {"id": team["id"], "name": team["name"], "userIds": [], "secondaryUserIds": []}
            members = "userIds" if team["primary"] else "secondaryUserIds"
            teams.setdefault(team["id"], told)[members].append(str(row["user_id"]))
    return Answer(200, {"results": [teams[team_id] for team_id in sorted(teams)]})


def _teams_of(owner: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return the ids of an owner's first team, and of the others."""
    teams = json.loads(owner["teams"])
    primary = [team["id"] for team in teams if team["primary"]]
    return primary, [team["id"] for team in teams if not team["primary"]]


_ALL = "/settings/v3/users"
ENDPOINTS = (
    Endpoint("GET", _ALL, list_users),
    Endpoint("GET", f"{_ALL}/teams", list_teams),
    Endpoint("GET", f"{_ALL}/{{id}}", read_user),
)
