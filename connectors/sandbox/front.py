"""From ASGI to the CRMs: reads the request, lets faults strike, stamps the sandbox's date."""

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.sandbox.compression import accepts_gzip, compressed
from connectors.sandbox.context import Sandbox
from connectors.sandbox.faults.bodies import (
    body_from_order,
    failed_in_part,
    remember,
    remembered,
    torn,
    without_rows,
)
from connectors.sandbox.faults.meanwhile import Doors, let_others_act
from connectors.sandbox.faults.plan import Fault
from connectors.sandbox.faults.responses import HangUp, badly_sent, skewed
from connectors.sandbox.limits import UnderWay
from connectors.sandbox.paths import decoded_path
from connectors.sandbox.web import Answer, Call, FilePart, Handler

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


class DateHeader:
    """Stamps every answer with the sandbox's clock, which clients take for the CRM's time."""

    def __init__(self, app: ASGIApp, sandbox: Sandbox) -> None:
        self._app = app
        self._sandbox = sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add `Date` to the answer's headers."""

        async def send_dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = self._sandbox.clock.http_date(scope["state"].get("date_skew", 0.0))
                message["headers"] = [*message.get("headers", []), (b"Date", date.encode())]
            await send(message)

        await self._app(scope, receive, send_dated)


Refusing = Callable[[Sandbox, UnderWay], Answer | None]
"""Tells whether a CRM has too much to do to take one more request, and how it says so."""


def never(sandbox: Sandbox, under_way: UnderWay) -> None:
    """Refuse no request at the door."""


class Front:
    """Lets requests through to a CRM, and faults get in between."""

    def __init__(self, sandbox: Sandbox, answer: Handler, doors: Doors, refusal: Refusing) -> None:
        self._sandbox = sandbox
        self._answer = answer
        self._doors = doors
        self._refusal = refusal
        self._under_way = UnderWay()

    async def endpoint(self, request: Request) -> Response:
        """Answer a request to the CRM; the work runs in the thread pool."""
        refused = self._refusal(self._sandbox, self._under_way)
        if refused is not None:
            return to_response(refused)
        call = await read_call(request)
        with self._under_way.one_more():
            return await self._response(request, call)

    async def _response(self, request: Request, call: Call) -> Response:
        sandbox = self._sandbox
        if sandbox.settings.latency_ms:
            await asyncio.sleep(sandbox.settings.latency_ms / 1000)
        fault = sandbox.faults.strike(call.method, call.path, sandbox.clock.now)
        if fault is None:
            return to_response(await self._coded(call, await self._answered(call)))
        return await self._struck(request, call, fault)

    async def _answered(self, call: Call) -> Answer:
        made = await run_in_threadpool(self._answer, self._sandbox, call)
        remember(self._sandbox.faults.remembering(call.method, call.path), call, made)
        return made

    async def _coded(self, call: Call, made: Answer) -> Answer:
        if self._sandbox.settings.gzip and accepts_gzip(call):
            return await run_in_threadpool(compressed, made)
        return made

    async def _struck(self, request: Request, call: Call, fault: Fault) -> Response:
        """Let a fault strike: first those that leave the request undone, then the others."""
        match fault.kind:
            case "answer":
                await asyncio.sleep(fault.seconds)
                return to_response(body_from_order(fault))
            case "drop":
                await asyncio.sleep(fault.seconds)
                return HangUp()
            case "delay":
                await asyncio.sleep(fault.seconds)
            case "skew":
                skewed(request, fault.seconds)
            case "meanwhile":
                arguments = (self._sandbox, self._doors, fault.requests)
                refused = await run_in_threadpool(let_others_act, *arguments)
                if refused is not None:
                    return to_response(refused)
        earlier = remembered(fault, call)
        return _spoilt(call, earlier or await self._answered(call), fault)


def _spoilt(call: Call, made: Answer, fault: Fault) -> Response:
    match fault.kind:
        case "after":
            return HangUp()
        case "cut" | "slow" | "stall":
            whole = Answer(made.status, made.rendered(), _typed_headers(made))
            return badly_sent(to_response(whole), fault)
        case "lost":
            made = without_rows(made)
        case "partly":
            made = failed_in_part(call, made)
        case "torn":
            made = torn(made, fault)
    return to_response(made)


def _typed_headers(made: Answer) -> dict[str, str]:
    """Return the headers of an answer whose body is about to become plain bytes."""
    return {"Content-Type": to_response(made).headers.get("content-type", ""), **made.headers}


async def read_call(request: Request) -> Call:
    """Read a request to its end."""
    scope: dict[str, Any] = dict(request.scope)
    line = len(scope["raw_path"]) + len(scope["query_string"])
    return Call(
        method=request.method,
        path=decoded_path(scope["raw_path"].decode("ascii")),
        base_url=f"{request.url.scheme}://{request.url.netloc}",
        headers={name.lower(): value for name, value in request.headers.items()},
        query=tuple(request.query_params.multi_items()),
        body=await request.body(),
        size=line + sum(len(name) + len(value) + 4 for name, value in scope["headers"]),
    )


def to_response(answer: Answer) -> Response:
    """Turn an answer into a Starlette response; JSON unless its headers say otherwise."""
    headers = dict(answer.headers)
    if isinstance(answer.body, FilePart):
        headers["Content-Length"] = str(answer.body.size)
        response: Response = StreamingResponse(answer.body.chunks(), answer.status, headers)
    else:
        response = Response(answer.rendered(), answer.status, headers)
    if answer.body is not None:
        response.headers.setdefault("content-type", "application/json;charset=utf-8")
    response.raw_headers = _as_written(response.raw_headers, headers)
    return response


def _as_written(
    raw: list[tuple[bytes, bytes]], headers: dict[str, str]
) -> list[tuple[bytes, bytes]]:
    """Return headers with capitals, as both CRMs send them: some clients look for no others."""
    written = {name.lower(): name for name in headers}
    return [
        (written.get(name, name.title()).encode(), value)
        for name, value in ((name.decode(), value) for name, value in raw)
    ]
