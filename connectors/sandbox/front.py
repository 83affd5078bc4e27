"""From ASGI to the CRMs: reads the request, lets faults strike, stamps the sandbox's date."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.sandbox.context import Sandbox
from connectors.sandbox.faults import Fault
from connectors.sandbox.web import Answer, Call, FilePart, Handler

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class HangUp(Response):
    """No answer: the connection breaks."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        """Abort the connection, then let the loop notice it before the request ends."""
        scope["state"]["hang_up"]()
        await asyncio.sleep(0)


class DateHeader:
    """Stamps every answer with the sandbox's clock, which clients take for the CRM's time."""

    def __init__(self, app: ASGIApp, sandbox: Sandbox) -> None:
        self._app = app
        self._sandbox = sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add `Date` to the answer's headers."""

        async def send_dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = self._sandbox.clock.http_date().encode()
                message["headers"] = [*message.get("headers", []), (b"date", date)]
            await send(message)

        await self._app(scope, receive, send_dated)


def crm_endpoint(sandbox: Sandbox, answer: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Return the Starlette endpoint of a CRM; its work runs in the thread pool."""

    async def endpoint(request: Request) -> Response:
        call = await read_call(request)
        fault = sandbox.faults.strike(call.method, call.path)
        if fault is None:
            return to_response(await run_in_threadpool(answer, sandbox, call))
        return await _faulty_response(sandbox, call, answer, fault)

    return endpoint


async def _faulty_response(sandbox: Sandbox, call: Call, answer: Handler, fault: Fault) -> Response:
    await asyncio.sleep(fault.seconds)
    if fault.kind == "answer":
        return to_response(Answer(fault.status, fault.body, fault.headers))
    if fault.kind == "drop":
        return HangUp()
    done = await run_in_threadpool(answer, sandbox, call)
    return HangUp() if fault.kind == "after" else to_response(done)


async def read_call(request: Request) -> Call:
    """Read a request to its end."""
    scope: dict[str, Any] = dict(request.scope)
    line = len(scope["raw_path"]) + len(scope["query_string"])
    return Call(
        method=request.method,
        path=request.url.path,
        base_url=f"{request.url.scheme}://{request.url.netloc}",
        headers={name.lower(): value for name, value in request.headers.items()},
        query=tuple(request.query_params.multi_items()),
        body=await request.body(),
        size=line + sum(len(name) + len(value) + 4 for name, value in scope["headers"]),
    )


def to_response(answer: Answer) -> Response:
    """Turn an answer into a Starlette response; JSON unless its headers say otherwise."""
    if answer.body is None:
        return Response(status_code=answer.status, headers=dict(answer.headers))
    if isinstance(answer.body, FilePart):
        headers = {**answer.headers, "Content-Length": str(answer.body.length)}
        return StreamingResponse(answer.body.chunks(), answer.status, headers)
    response = Response(answer.rendered(), answer.status, dict(answer.headers))
    response.headers.setdefault("content-type", "application/json;charset=utf-8")
    return response
