"""The sandbox's own API under /sandbox: clock, counts, dump, faults, settings, people's doings."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.clock import instant, parse_instant
from connectors.sandbox.context import Sandbox
from connectors.sandbox.counts import count_records
from connectors.sandbox.dump import dump
from connectors.sandbox.edits import convert, edit_record, merge
from connectors.sandbox.faults import Fault
from connectors.sandbox.salesforce.archive import archive_old_activities
from connectors.sandbox.settings import keep_settings

Action = Callable[[Sandbox, Any], Any]
"""Takes the decoded body, returns what to answer. A ValueError or TypeError is a 400."""


def routes(sandbox: Sandbox) -> list[Route]:
    """Return the routes of the admin API."""
    actions: list[tuple[str, str, Action]] = [
        ("GET", "/__sandbox/clock", _tell_clock),
        ("POST", "/__sandbox/clock", _move_clock),
        ("GET", "/__sandbox/calls", _tell_calls),
        ("POST", "/__sandbox/calls/reset", _reset_calls),
        ("GET", "/__sandbox/counts", lambda sandbox, _: count_records(sandbox)),
        ("GET", "/__sandbox/dump", lambda sandbox, _: dump(sandbox)),
        ("POST", "/__sandbox/faults", _order_faults),
        ("DELETE", "/__sandbox/faults", _clear_faults),
        ("GET", "/__sandbox/settings", _tell_settings),
        ("PATCH", "/__sandbox/settings", _change_settings),
        ("POST", "/__sandbox/edits", _edit),
        ("POST", "/__sandbox/merges", _merge),
        ("POST", "/__sandbox/conversions", _convert),
    ]
    return [
        Route(path, _endpoint(sandbox, action), methods=[method])
        for method, path, action in actions
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


def _tell_clock(sandbox: Sandbox, _: Any) -> Any:
    return {"now": instant(sandbox.clock.now)}


def _move_clock(sandbox: Sandbox, body: Any) -> Any:
    if "now" in body:
        sandbox.clock.advance_to(parse_instant(body["now"]))
    else:
        sandbox.clock.advance_by(int(body["advance_seconds"]))
    archive_old_activities(sandbox)
    return _tell_clock(sandbox, None)


def _tell_calls(sandbox: Sandbox, _: Any) -> Any:
    return sandbox.calls.report()


def _reset_calls(sandbox: Sandbox, _: Any) -> Any:
    sandbox.calls.reset()
    return sandbox.calls.report()


def _order_faults(sandbox: Sandbox, body: Any) -> Any:
    sandbox.faults.order([Fault(**entry) for entry in body])
    return {"ordered": len(body)}


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


def _convert(sandbox: Sandbox, body: Any) -> Any:
    wanted = body.get("opportunity", False)
    if not isinstance(wanted, bool):
        raise ValueError("opportunity is true or false")
    return convert(sandbox, body["lead_id"], wanted, body.get("user", 0))
