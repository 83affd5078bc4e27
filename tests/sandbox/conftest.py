import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from connectors.sandbox.server import RunningSandbox, build_app, running_app
from tests.sandbox.clients import Admin, HubSpot, Salesforce
from tests.sandbox.webhooks import Developer, Receiver, answer_plainly, listening_receiver

PEOPLE, SEED = 60, 7


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of a small company, drawn once; tests copy it."""
    state = tmp_path_factory.mktemp("drawn") / "state"
    build_app(state, PEOPLE, SEED).state.sandbox.close()
    return state


@pytest.fixture
def state(drawn: Path, tmp_path: Path) -> Path:
    """A company of the test's own."""
    return Path(shutil.copytree(drawn, tmp_path / "state"))


class Stage:
    """One server for all tests, since starting and ending one takes longer than most tests."""

    app: Starlette
    url: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)

    def restart(self, state: Path) -> None:
        """Go on as another process would that serves the same folder."""
        self.app.state.sandbox.close()
        self.app = build_app(state, PEOPLE, SEED)


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    stage = Stage()
    with running_app(stage) as stage.url:
        yield stage


@pytest.fixture
def running(state: Path, stage: Stage) -> Iterator[RunningSandbox]:
    """Both CRMs, over real HTTP."""
    stage.app = build_app(state, PEOPLE, SEED)
    yield RunningSandbox(stage.url, stage.app.state.sandbox.credentials(stage.url))
    stage.app.state.sandbox.close()


@pytest.fixture
def admin(running: RunningSandbox) -> Admin:
    return Admin(running)


@pytest.fixture
def salesforce(running: RunningSandbox) -> Salesforce:
    return Salesforce(running)


@pytest.fixture
def hubspot(running: RunningSandbox) -> HubSpot:
    return HubSpot(running)


@pytest.fixture(scope="session")
def listening() -> Iterator[Receiver]:
    with listening_receiver() as receiver:
        yield receiver


@pytest.fixture
def receiver(listening: Receiver) -> Receiver:
    """An app's server that has got nothing yet."""
    listening.answer, listening.bodies, listening.headers = answer_plainly, [], []
    return listening


@pytest.fixture
def developer(running: RunningSandbox, receiver: Receiver) -> Developer:
    made = Developer(running)
    made.aim_at(receiver)
    return made
