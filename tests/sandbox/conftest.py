import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from connectors.sandbox.server import RunningSandbox, build_app, running_app
from tests.sandbox.clients import Admin, HubSpot, Salesforce

PEOPLE, SEED = 60, 7


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of a small company, drawn once; tests copy it."""
    state = tmp_path_factory.mktemp("drawn") / "state"
    build_app(state, PEOPLE, SEED).state.sandbox.store.close()
    return state


@pytest.fixture
def state(drawn: Path, tmp_path: Path) -> Path:
    """A company of the test's own."""
    return Path(shutil.copytree(drawn, tmp_path / "state"))


class Stage:
    """One server for all tests, since starting and ending one takes longer than most tests."""

    app: ASGIApp
    url: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    stage = Stage()
    with running_app(stage) as stage.url:
        yield stage


@pytest.fixture
def running(state: Path, stage: Stage) -> Iterator[RunningSandbox]:
    """Both CRMs, over real HTTP."""
    app = build_app(state, PEOPLE, SEED)
    stage.app = app
    yield RunningSandbox(stage.url, app.state.sandbox.credentials(stage.url))
    app.state.sandbox.store.close()


@pytest.fixture
def admin(running: RunningSandbox) -> Admin:
    return Admin(running)


@pytest.fixture
def salesforce(running: RunningSandbox) -> Salesforce:
    return Salesforce(running)


@pytest.fixture
def hubspot(running: RunningSandbox) -> HubSpot:
    return HubSpot(running)
