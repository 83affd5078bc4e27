"""The sandbox's own API about webhooks: what waits, and delivering it now."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.webhooks.deliveries import deliver

_PATH = "/__sandbox/webhooks"


def routes(sandbox: Sandbox) -> list[Route]:
    """Return GET /__sandbox/webhooks and POST /__sandbox/webhooks/deliver."""

    def waiting() -> dict[str, Any]:
        with sandbox.store.transaction():
            return {"waiting": sandbox.store.value("select count(*) from hubspot_events")}

    def deliver_now() -> dict[str, Any]:
        return {**asdict(deliver(sandbox)), **waiting()}

    return [
        Route(_PATH, _answering(waiting), methods=["GET"]),
        Route(f"{_PATH}/deliver", _answering(deliver_now), methods=["POST"]),
    ]


def _answering(tell: Callable[[], dict[str, Any]]) -> Callable[[Request], Any]:
    async def endpoint(_: Request) -> Response:
        return JSONResponse(await run_in_threadpool(tell))

    return endpoint
