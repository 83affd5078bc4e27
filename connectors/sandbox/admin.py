"""The sandbox's own API under /sandbox: clock, counts, dump, faults, settings, people's doings."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.clock import instant, parse_instant
from connectors.sandbox.context import Sandbox
from connectors.sandbox.counts import count_records
from connectors.sandbox.dump import dump
from connectors.sandbox.edits import convert, edit_record, merge, purge_records, restore
from connectors.sandbox.faults.presets import ordered_fault
from connectors.sandbox.hubspot.oauth.tokens import end_access_tokens
from connectors.sandbox.hubspot.removal import purge_archived
from connectors.sandbox.limits import use_today
from connectors.sandbox.salesforce.archive import archive_old_activities
from connectors.sandbox.salesforce.passing import pass_time
from connectors.sandbox.salesforce.quota import use_calls
from connectors.sandbox.salesforce.sessions.codes import give_code
from connectors.sandbox.salesforce.sessions.keys import upload_certificate
from connectors.sandbox.settings import keep_settings
from connectors.sandbox.web import Answer, Call

Action = Callable[[Sandbox, Any], Any]
"""Takes the decoded body, returns what to answer. A ValueError or TypeError is a 400."""


def routes(sandbox: Sandbox) -> list[Route]:
    """Return the routes of the admin API."""
    return [
        Route(path, _endpoint(sandbox, action), methods=[method])
        for (method, path), action in _ACTIONS.items()
    ]


def _endpoint(sandbox: Sandbox, action: Action) -> Callable[[Request], Awaitable[Response]]:
    def perform(body: Any) -> Any:
        with sandbox.store.transaction():
            return action(sandbox, body)

    async def endpoint(request: Request) -> Response:
        raw = await request.body()
        try:
            body = json.loads(raw) if raw else None
            return JSONResponse(await run_in_threadpool(perform, body))
        except (ValueError, TypeError, KeyError) as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    return endpoint


def carry_out(sandbox: Sandbox, call: Call) -> Answer:
    """Do what a fault asks of this API while a request is under way.

    Raises:
        ValueError, TypeError, KeyError: there is no such action, or its body is wrong.
    """
    action = _ACTIONS.get((call.method, call.path))
    if action is None:
        raise ValueError(f"the sandbox has no {call.method} {call.path}")
    with sandbox.store.transaction():
        return Answer(200, action(sandbox, call.json()))


def _tell_clock(sandbox: Sandbox, _: Any) -> Any:
    return {"now": instant(sandbox.clock.now)}


def _move_clock(sandbox: Sandbox, body: Any) -> Any:
    if "now" in body:
        sandbox.clock.advance_to(parse_instant(body["now"]))
    else:
        sandbox.clock.advance_by(int(body["advance_seconds"]))
    archive_old_activities(sandbox)
    pass_time(sandbox)
    purge_archived(sandbox)
    return _tell_clock(sandbox, None)


def _tell_calls(sandbox: Sandbox, _: Any) -> Any:
    return sandbox.calls.report()


def _reset_calls(sandbox: Sandbox, _: Any) -> Any:
    sandbox.calls.reset()
    return sandbox.calls.report()


def _order_faults(sandbox: Sandbox, body: Any) -> Any:
    sandbox.faults.order([ordered_fault(entry) for entry in body])
    return {"ordered": len(body)}


def _list_faults(sandbox: Sandbox, _: Any) -> Any:
    return sandbox.faults.listed()


def _clear_faults(sandbox: Sandbox, _: Any) -> Any:
    sandbox.faults.clear()
    return {"ordered": 0}


def _tell_settings(sandbox: Sandbox, _: Any) -> Any:
    return vars(sandbox.settings)


def _change_settings(sandbox: Sandbox, body: Any) -> Any:
    sandbox.settings = sandbox.settings.changed(body)
    keep_settings(sandbox.store, sandbox.settings)
    return vars(sandbox.settings)


def _edit(sandbox: Sandbox, body: Any) -> Any:
    record_id, who = str(body["record_id"]), body["user"]
    kind = body.get("object")
    return edit_record(sandbox, body["crm"], record_id, body["values"], user=who, object_name=kind)


def _merge(sandbox: Sandbox, body: Any) -> Any:
    winner, losers = str(body["winner"]), [str(loser) for loser in body["losers"]]
    return merge(sandbox, body["crm"], body["object"], winner, losers, user=body.get("user", 0))


def _restore(sandbox: Sandbox, body: Any) -> Any:
    return restore(sandbox, body["crm"], body["object"], str(body["record_id"]))


def _convert(sandbox: Sandbox, body: Any) -> Any:
    wanted = body.get("opportunity", False)
    if not isinstance(wanted, bool):
        raise ValueError("opportunity is true or false")
    return convert(sandbox, body["lead_id"], wanted, body.get("user", 0))


def _use_up(sandbox: Sandbox, body: Any) -> Any:
    """Leave a CRM's client so many requests of the day."""
    crm, left = str(body["crm"]), int(body["left"])
    limits = vars(sandbox.settings)
    used = int(limits[f"{crm}_daily_limit"]) - left
    if crm == "salesforce":
        use_calls(sandbox, used)
    else:
        use_today(sandbox.store, sandbox.clock, crm, used, sandbox.settings.hubspot_time_zone)
    return {"left": left}


def _end_sessions(sandbox: Sandbox, body: Any) -> Any:
    """End every session or token of a CRM that can be got anew."""
    if body["crm"] not in _SESSIONS:
        raise ValueError(f"sessions end in one of {', '.join(_SESSIONS)}")
    return {"ended": _SESSIONS[body["crm"]](sandbox)}


def _empty_bin(sandbox: Sandbox, body: Any) -> Any:
    """Take records of one object out of Salesforce's recycle bin, for good."""
    return purge_records(sandbox, body["object"], [str(one) for one in body["record_ids"]])


def _give_code(sandbox: Sandbox, body: Any) -> Any:
    """Let the API user agree to the app: the code that their browser would bring along."""
    challenge = str(body.get("code_challenge", ""))
    return {"code": give_code(sandbox, str(body["redirect_uri"]), challenge)}


def _upload_certificate(sandbox: Sandbox, body: Any) -> Any:
    upload_certificate(sandbox, str(body["certificate"]))
    return {"uploaded": True}


_SESSIONS: Mapping[str, Callable[[Sandbox], int]] = {
    "salesforce": lambda sandbox: sandbox.store.run("delete from salesforce_sessions"),
    "hubspot": end_access_tokens,
}
_ACTIONS: Mapping[tuple[str, str], Action] = {
    ("GET", "/__sandbox/clock"): _tell_clock,
    ("POST", "/__sandbox/clock"): _move_clock,
    ("GET", "/__sandbox/calls"): _tell_calls,
    ("POST", "/__sandbox/calls/reset"): _reset_calls,
    ("GET", "/__sandbox/counts"): lambda sandbox, _: count_records(sandbox),
    ("GET", "/__sandbox/dump"): lambda sandbox, _: dump(sandbox),
    ("GET", "/__sandbox/faults"): _list_faults,
    ("POST", "/__sandbox/faults"): _order_faults,
    ("DELETE", "/__sandbox/faults"): _clear_faults,
    ("GET", "/__sandbox/settings"): _tell_settings,
    ("POST", "/__sandbox/purges"): _empty_bin,
    ("POST", "/__sandbox/oauth-codes"): _give_code,
    ("POST", "/__sandbox/certificates"): _upload_certificate,
    ("PATCH", "/__sandbox/settings"): _change_settings,
    ("POST", "/__sandbox/edits"): _edit,
    ("POST", "/__sandbox/merges"): _merge,
    ("POST", "/__sandbox/restores"): _restore,
    ("POST", "/__sandbox/conversions"): _convert,
    ("POST", "/__sandbox/usage"): _use_up,
    ("POST", "/__sandbox/sessions/end"): _end_sessions,
}
