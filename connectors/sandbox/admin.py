"""The sandbox's own API under /__sandbox: HTTP around `connectors.sandbox.actions`."""

import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from connectors.sandbox.actions import ACTIONS, Action, find_action, perform
from connectors.sandbox.context import Sandbox
from connectors.sandbox.failures import told
from connectors.sandbox.web import Answer, Call

_LOG = logging.getLogger(__name__)


def routes(sandbox: Sandbox) -> list[Route]:
    """Return the routes of the admin API."""
    return [
        Route(path, _endpoint(sandbox, action), methods=[method])
        for (method, path), action in ACTIONS.items()
    ]


def _endpoint(sandbox: Sandbox, action: Action) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        raw = await request.body()
        status, made = await run_in_threadpool(_performed, sandbox, action, raw)
        if isinstance(made, Iterator):
            return StreamingResponse(made, status, media_type="application/json")
        return JSONResponse(made, status)

    return endpoint


def answer_others(sandbox: Sandbox, call: Call) -> Answer:
    """Do what a fault asks of this API while a request is under way."""
    action = find_action(call.method, call.path)
    if action is None:
        return Answer(404, {"error": f"the sandbox has no {call.method} {call.path}"})
    return Answer(*_performed(sandbox, action, call.body))


def _performed(sandbox: Sandbox, action: Action, raw: bytes) -> tuple[int, Any]:
    """Return the status and what to answer: JSON, or pieces of it as bytes."""
    try:
        return 200, perform(sandbox, action, raw)
    except ValueError as error:
        return 400, {"error": str(error)}
    except Exception as error:  # noqa: BLE001 - a mistake of the sandbox must not look like the caller's
        what = told(error)
        _LOG.error("A request to the sandbox's own API ended in %s", what)
        return 500, {"error": f"the sandbox failed: {what}"}
