"""Building and serving the sandbox: two CRMs in one process, on the loopback address only."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from connectors.sandbox import admin, pages
from connectors.sandbox.company import living
from connectors.sandbox.company.drafts import seed_folder
from connectors.sandbox.company.seeding import Tell, tell_nobody
from connectors.sandbox.company.state import create_tables as create_company_tables
from connectors.sandbox.context import STATE_FILE, Credentials, Sandbox, sandbox_in
from connectors.sandbox.folders import hold_folder
from connectors.sandbox.front import METHODS, DateHeader, Front, never
from connectors.sandbox.hubspot import routes as hubspot
from connectors.sandbox.hubspot import tables as hubspot_tables
from connectors.sandbox.layout import check_layout
from connectors.sandbox.salesforce import routes as salesforce
from connectors.sandbox.salesforce import tables as salesforce_tables
from connectors.sandbox.salesforce.sessions.codes import install_app
from connectors.sandbox.salesforce.sessions.keys import write_private_key
from connectors.sandbox.store import Store

HOST = "127.0.0.1"
DEFAULT_PEOPLE, DEFAULT_SEED = 2_000, 7
_DOORS = (
    ("/__sandbox/", admin.answer_others),
    ("/services/", salesforce.answer_others),
    ("/", hubspot.answer_others),
)


@dataclass(frozen=True)
class RunningSandbox:
    """A sandbox that serves: its address and the credentials for both CRMs."""

    url: str
    credentials: Credentials


def build_app(state_dir: Path, people: int, seed: int) -> Starlette:
    """Return the ASGI app over the state in a folder; a new folder is filled with people."""
    sandbox = open_company(state_dir, people, seed)
    to_salesforce = Front(sandbox, salesforce.answer, _DOORS, salesforce.refuse_crowd)
    to_hubspot = Front(sandbox, hubspot.answer, _DOORS, never)
    app = Starlette(
        routes=[
            *admin.routes(sandbox),
            *pages.routes(sandbox),
            Route("/services/{rest:path}", to_salesforce.endpoint, methods=METHODS),
            Route("/id/{rest:path}", to_salesforce.endpoint, methods=METHODS),
            Route("/{rest:path}", to_hubspot.endpoint, methods=METHODS),
        ],
        middleware=[Middleware(DateHeader, sandbox=sandbox)],
    )
    app.state.sandbox = sandbox
    return app


def open_company(state_dir: Path, people: int, seed: int) -> Sandbox:
    """Open the state in a folder; a new folder is filled with a company of so many people.

    The folder is held until the sandbox is closed.

    Raises:
        BusyFolderError: the folder is being filled or served.
        OutdatedFolderError: another version of the sandbox has filled it.
    """
    with ExitStack() as undoing:
        held = hold_folder(state_dir)
        undoing.callback(held.release)
        seed_folder(state_dir, people, seed, _create_tables, tell_nobody)
        sandbox = sandbox_in(Store(state_dir / STATE_FILE, held=held), seed)
        undoing.callback(sandbox.close)
        check_layout(sandbox.store, _create_tables)
        _create_tables(sandbox.store)
        write_private_key(sandbox)
        install_app(sandbox)
        living.renew_truth(sandbox.store)
        undoing.pop_all()
    return sandbox


def seed_in(state_dir: Path, people: int, seed: int, tell: Tell = tell_nobody) -> bool:
    """Fill a folder with a company, and return False where there is one already.

    Raises:
        BusyFolderError: the folder is being filled or served.
    """
    held = hold_folder(state_dir)
    try:
        return seed_folder(state_dir, people, seed, _create_tables, tell)
    finally:
        held.release()


def _create_tables(store: Store) -> None:
    create_company_tables(store)
    salesforce_tables.create_tables(store)
    hubspot_tables.create_tables(store)


def live_in(state_dir: Path, days: int) -> dict[str, Any]:
    """Let days pass in a folder that nobody serves; see `connectors.sandbox.company.living`.

    Raises:
        FileNotFoundError: there is no company in the folder.
        BusyFolderError: the folder is being filled or served.
        OutdatedFolderError: another version of the sandbox has filled it.
        ValueError: more days than the company can live at once.
    """
    if not (state_dir / STATE_FILE).exists():
        raise FileNotFoundError(f"{state_dir} holds no company: seed one first")
    sandbox = open_company(state_dir, DEFAULT_PEOPLE, DEFAULT_SEED)
    with closing(sandbox), sandbox.store.transaction():
        return living.live(sandbox, days)


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
    with closing(app.state.sandbox), socket.create_server((HOST, port)) as listener:
        on_ready(app.state.sandbox.credentials(_url(listener)))
        _server(app).run(sockets=[listener])


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
        app.state.sandbox.close()


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
