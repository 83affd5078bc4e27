"""Building and serving the sandbox: two CRMs in one process, on the loopback address only."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from connectors.sandbox import admin, pages
from connectors.sandbox.context import Credentials, Sandbox, open_sandbox
from connectors.sandbox.front import METHODS, DateHeader, crm_endpoint
from connectors.sandbox.hubspot import routes as hubspot
from connectors.sandbox.hubspot import schema as hubspot_schema
from connectors.sandbox.hubspot.seed import seed_account, seed_contacts
from connectors.sandbox.people import draw_people
from connectors.sandbox.salesforce import routes as salesforce
from connectors.sandbox.salesforce import schema as salesforce_schema
from connectors.sandbox.salesforce.seed import seed_leads, seed_users

HOST = "127.0.0.1"


@dataclass(frozen=True)
class RunningSandbox:
    """A sandbox that serves: its address and the credentials for both CRMs."""

    url: str
    credentials: Credentials


def build_app(state_dir: Path, people: int, seed: int) -> Starlette:
    """Return the ASGI app over the state in a folder; a new folder is filled with people."""
    sandbox = open_sandbox(state_dir, seed)
    salesforce_schema.create_tables(sandbox.store)
    hubspot_schema.create_tables(sandbox.store)
    if sandbox.store.read_state("people") is None:
        _seed(sandbox, people)
    app = Starlette(
        routes=[
            *admin.routes(sandbox),
            *pages.routes(sandbox),
            Route(
                "/services/{rest:path}", crm_endpoint(sandbox, salesforce.answer), methods=METHODS
            ),
            Route("/{rest:path}", crm_endpoint(sandbox, hubspot.answer), methods=METHODS),
        ],
        middleware=[Middleware(DateHeader, sandbox=sandbox)],
    )
    app.state.sandbox = sandbox
    return app


def _seed(sandbox: Sandbox, count: int) -> None:
    with sandbox.store.transaction():
        people = draw_people(count, sandbox.seed, sandbox.clock.now)
        seed_users(sandbox.store)
        seed_account(sandbox.store)
        seed_contacts(sandbox, people, seed_leads(sandbox, people))
        sandbox.store.keep_state("people", count)


def serve(
    port: int,
    state_dir: Path,
    people: int,
    seed: int,
    on_ready: Callable[[Credentials], None],
) -> None:
    """Serve until SIGTERM or SIGINT; `on_ready` gets the credentials once the socket listens.

    Port 0 takes a free one.
    """
    app = build_app(state_dir, people, seed)
    with socket.create_server((HOST, port)) as listener:
        on_ready(app.state.sandbox.credentials(_url(listener)))
        _server(app).run(sockets=[listener])
    app.state.sandbox.store.close()


@contextmanager
def running_sandbox(
    state_dir: Path, people: int = 400, seed: int = 7, port: int = 0
) -> Iterator[RunningSandbox]:
    """Serve from a thread of this process while the block lasts, for tests."""
    app = build_app(state_dir, people, seed)
    try:
        with running_app(app, port) as url:
            yield RunningSandbox(url, app.state.sandbox.credentials(url))
    finally:
        app.state.sandbox.store.close()


@contextmanager
def running_app(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """Serve any app from a thread as the sandbox is served, and give its address."""
    with socket.create_server((HOST, port)) as listener:
        server = _server(app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield _url(listener)
        finally:
            server.should_exit = server.force_exit = True
            thread.join(timeout=10)


class _Protocol(H11Protocol):
    """uvicorn's HTTP/1.1 with a way for the app to break the connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "hang_up": transport.abort}


def _server(app: ASGIApp) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        http=_Protocol,
        lifespan="off",
        log_level="warning",
        access_log=False,
        date_header=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    return uvicorn.Server(config)


def _url(listener: socket.socket) -> str:
    return f"http://{HOST}:{listener.getsockname()[1]}"
