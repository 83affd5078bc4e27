"""The app's webhook settings and subscriptions over the API."""

import re
from typing import Any

from connectors.sandbox.clock import from_ms, instant
from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.answers import View, completed
from connectors.sandbox.hubspot.errors import already_exists, bad_input, not_found
from connectors.sandbox.hubspot.facts import APP_ID
from connectors.sandbox.hubspot.loopback import loopback_address
from connectors.sandbox.hubspot.object_types import find_object_type
from connectors.sandbox.hubspot.requests import inputs_of, json_object, required
from connectors.sandbox.hubspot.webhooks.target import Target, forget_target, keep_target, target_of
from connectors.sandbox.web import Answer, Call, Endpoint

_EVENT = re.compile(
    r"(\w+)\.(creation|deletion|restore|merge|privacyDeletion|propertyChange|associationChange)"
)
MOST_AT_ONCE = 1_000


def read_settings(sandbox: Sandbox, call: Call) -> Answer:
    """GET webhooks/v3/APP/settings."""
    _check_app(call)
    return Answer(200, _settings_json(_target(sandbox)))


def set_settings(sandbox: Sandbox, call: Call) -> Answer:
    """PUT webhooks/v3/APP/settings: where events go; the sandbox sends to loopback only."""
    _check_app(call)
    body, known, now = json_object(call), target_of(sandbox.store), sandbox.clock.now_ms
    required(body, ("targetUrl",))
    created = now if known is None else known.created_at
    made = Target(str(body["targetUrl"]), _most_at_once(body), created, now)
    if loopback_address(made.url) is None:
        raise bad_input("targetUrl: this sandbox delivers to loopback addresses only")
    keep_target(sandbox.store, made)
    return Answer(200, _settings_json(made))


def _most_at_once(body: View) -> int:
    throttling = body.get("throttling") or {}
    most = throttling.get("maxConcurrentRequests", 10) if isinstance(throttling, dict) else None
    if type(most) is not int or not 0 < most <= MOST_AT_ONCE:
        raise bad_input(f"throttling: maxConcurrentRequests must be from 1 to {MOST_AT_ONCE}")
    return most


def delete_settings(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE webhooks/v3/APP/settings: nothing is delivered until there are new ones."""
    _check_app(call)
    forget_target(sandbox.store)
    return Answer(204)


def list_subscriptions(sandbox: Sandbox, call: Call) -> Answer:
    """GET webhooks/v3/APP/subscriptions."""
    _check_app(call)
    rows = sandbox.store.rows("select * from hubspot_subscriptions order by id")
    return Answer(200, {"results": [_subscription_json(row) for row in rows]})


def read_subscription(sandbox: Sandbox, call: Call) -> Answer:
    """GET webhooks/v3/APP/subscriptions/ID."""
    return Answer(200, _subscription_json(_subscription(sandbox, call, call.arguments["id"])))


def create_subscription(sandbox: Sandbox, call: Call) -> Answer:
    """POST webhooks/v3/APP/subscriptions."""
    _check_app(call)
    body, now = json_object(call), sandbox.clock.now_ms
    required(body, ("eventType",))
    values = (str(body["eventType"]), str(body.get("propertyName") or ""), _type_id(sandbox, body))
    taken = sandbox.store.value(
        "select 1 from hubspot_subscriptions "
        "where event_type = ? and property = ? and object_type_id = ?",
        *values,
    )
    if taken:
        raise already_exists("Subscription already exists.")
    sandbox.store.run(
        "insert into hubspot_subscriptions (event_type, property, object_type_id, active, "
        "created_at, updated_at) values (?, ?, ?, ?, ?, ?)",
        *(*values, _active(body, default=False), now, now),
    )
    made = sandbox.store.rows("select * from hubspot_subscriptions order by id desc limit 1")
    return Answer(201, _subscription_json(made[0]))


def _active(body: View, default: bool) -> bool:
    active = body.get("active")
    if active is not None and not isinstance(active, bool):
        raise bad_input("active must be true or false")
    return default if active is None else active


def _type_id(sandbox: Sandbox, body: View) -> str:
    """Return the object type of a subscription to object.*, and nothing for the old kind.

    Raises:
        Refusal: there is no such event, or no such object.
    """
    found = _EVENT.fullmatch(str(body["eventType"]))
    if found is None:
        raise bad_input(f"Invalid event type: {body['eventType']}")
    if (found[2] == "propertyChange") != bool(body.get("propertyName")):
        raise bad_input("propertyName is required for propertyChange, and only there")
    named = str(body.get("objectTypeId") or "") if found[1] == "object" else found[1]
    known = find_object_type(sandbox.store, named)
    if known is None:
        raise bad_input(f"Invalid object type: {named}")
    return known.type_id if found[1] == "object" else ""


def change_subscription(sandbox: Sandbox, call: Call) -> Answer:
    """PATCH webhooks/v3/APP/subscriptions/ID: active or not."""
    return Answer(200, _changed(sandbox, call, call.arguments["id"], json_object(call)))


def change_batch(sandbox: Sandbox, call: Call) -> Answer:
    """POST webhooks/v3/APP/subscriptions/batch/update."""
    inputs = inputs_of(json_object(call), 100)
    changed = [_changed(sandbox, call, str(entry.get("id")), entry) for entry in inputs]
    return completed(sandbox, changed)


def _changed(sandbox: Sandbox, call: Call, subscription_id: str, body: View) -> View:
    known = _subscription(sandbox, call, subscription_id)
    sandbox.store.run(
        "update hubspot_subscriptions set active = ?, updated_at = ? where id = ?",
        _active(body, bool(known["active"])),
        sandbox.clock.now_ms,
        subscription_id,
    )
    return _subscription_json(_subscription(sandbox, call, subscription_id))


def delete_subscription(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE webhooks/v3/APP/subscriptions/ID: what is not delivered yet goes with it."""
    subscription_id = _subscription(sandbox, call, call.arguments["id"])["id"]
    for table, column in (("hubspot_subscriptions", "id"), ("hubspot_events", "subscription_id")):
        sandbox.store.run(f"delete from {table} where {column} = ?", subscription_id)  # noqa: S608 - constants
    return Answer(204)


def _check_app(call: Call) -> None:
    if call.arguments["app"] != str(APP_ID):
        raise not_found(f"App {call.arguments['app']} does not exist")


def _subscription(sandbox: Sandbox, call: Call, subscription_id: str) -> View:
    _check_app(call)
    row = sandbox.store.row("select * from hubspot_subscriptions where id = ?", subscription_id)
    if row is None:
        raise not_found(f"Subscription {subscription_id} does not exist")
    return dict(row)


def _target(sandbox: Sandbox) -> Target:
    known = target_of(sandbox.store)
    if known is None:
        raise not_found("No webhook settings exist for this app")
    return known


def _settings_json(target: Target) -> View:
    return {
        "targetUrl": target.url,
        "throttling": {"period": "SECONDLY", "maxConcurrentRequests": target.most_at_once},
        "createdAt": instant(from_ms(target.created_at)),
        "updatedAt": instant(from_ms(target.updated_at)),
    }


def _subscription_json(row: Any) -> View:
    return {
        "id": str(row["id"]),
        "eventType": row["event_type"],
        **({"propertyName": row["property"]} if row["property"] else {}),
        **({"objectTypeId": row["object_type_id"]} if row["object_type_id"] else {}),
        "active": bool(row["active"]),
        "createdAt": instant(from_ms(row["created_at"])),
        "updatedAt": instant(from_ms(row["updated_at"])),
    }


_SETTINGS = "/webhooks/v3/{app}/settings"
_ALL = "/webhooks/v3/{app}/subscriptions"
_ONE = f"{_ALL}/{{id}}"
ENDPOINTS = (
    Endpoint("GET", _SETTINGS, read_settings),
    Endpoint("PUT", _SETTINGS, set_settings, "write"),
    Endpoint("DELETE", _SETTINGS, delete_settings, "write"),
    Endpoint("GET", _ALL, list_subscriptions),
    Endpoint("POST", _ALL, create_subscription, "write"),
    Endpoint("POST", f"{_ALL}/batch/update", change_batch, "write"),
    Endpoint("GET", _ONE, read_subscription),
    Endpoint("PATCH", _ONE, change_subscription, "write"),
    Endpoint("DELETE", _ONE, delete_subscription, "write"),
)
