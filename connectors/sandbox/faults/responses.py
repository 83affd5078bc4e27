"""Answers as a bad connection brings them."""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from connectors.sandbox.faults.plan import Fault


class HangUp(Response):
    """No answer: the connection breaks."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        """Abort the connection, then let the loop notice it before the request ends."""
        scope["state"]["hang_up"]()
        await asyncio.sleep(0)


class _CutOff(Response):
    """A whole answer is promised, and a part of it comes."""

    def __init__(self, whole: Response, keep: float) -> None:
        super().__init__(bytes(whole.body), whole.status_code)
        self.raw_headers = whole.raw_headers
        self._keep = keep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        """Send the head and a part of the body, then abort the connection."""
        start = {"type": "http.response.start", "status": self.status_code}
        await send({**start, "headers": self.raw_headers})
        part = bytes(self.body)[: int(len(self.body) * self._keep)]
        await send({"type": "http.response.body", "body": part, "more_body": True})
        # Aborting throws away what the socket has not taken yet.
        await asyncio.sleep(0.05)
        scope["state"]["hang_up"]()
        await asyncio.sleep(0)


def badly_sent(whole: Response, fault: Fault) -> Response:
    """Return an answer that comes slowly, with a pause, or not to its end."""
    match fault.kind:
        case "slow":
            return _dribbled(whole, fault)
        case "stall":
            return _stalled(whole, fault)
    return _CutOff(whole, fault.keep)


def _dribbled(whole: Response, fault: Fault) -> Response:
    """Return an answer whose body comes slowly, in tenths of a second."""

    async def pieces() -> AsyncIterator[bytes]:
        body, size = bytes(whole.body), max(1, fault.bytes_per_second // 10)
        for start in range(0, len(body), size):
            yield body[start : start + size]
            await asyncio.sleep(0.1)

    return _streamed(whole, pieces())


def _stalled(whole: Response, fault: Fault) -> Response:
    """Return an answer that falls silent in the middle of its body."""

    async def pieces() -> AsyncIterator[bytes]:
        body = bytes(whole.body)
        middle = int(len(body) * fault.keep)
        yield body[:middle]
        await asyncio.sleep(fault.seconds)
        yield body[middle:]

    return _streamed(whole, pieces())


def _streamed(whole: Response, pieces: AsyncIterator[bytes]) -> Response:
    response = StreamingResponse(pieces, whole.status_code)
    response.raw_headers = whole.raw_headers
    return response


def skewed(request: Request, seconds: float) -> None:
    """Move the Date header of the answer to this request."""
    request.scope["state"]["date_skew"] = seconds
