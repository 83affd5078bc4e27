"""An account of a small company, fresh for every test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from connectors.sandbox.server import RunningSandbox, build_app, running_app
from tests.contract.hubspot.account import Account

PEOPLE, SEED = 30, 7


class Stage:
    """One server for all tests, since starting and ending one takes longer than most of them."""

    app: Starlette

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    state = tmp_path_factory.mktemp("hubspot") / "state"
    build_app(state, PEOPLE, SEED).state.sandbox.close()
    return state


@pytest.fixture(scope="session")
def stage() -> Iterator[tuple[Stage, str]]:
    stage = Stage()
    with running_app(stage) as url:
        yield stage, url


@pytest.fixture
def account(drawn: Path, tmp_path: Path, stage: tuple[Stage, str]) -> Iterator[Account]:
    served, url = stage
    served.app = build_app(Path(shutil.copytree(drawn, tmp_path / "state")), PEOPLE, SEED)
    sandbox = served.app.state.sandbox
    yield Account(RunningSandbox(url, sandbox.credentials(url)), sandbox.store)
    sandbox.close()
