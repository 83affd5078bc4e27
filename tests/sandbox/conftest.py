import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.sandbox.server import RunningSandbox, build_app, running_sandbox
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


@pytest.fixture
def running(state: Path) -> Iterator[RunningSandbox]:
    """Both CRMs, over real HTTP."""
    with running_sandbox(state) as served:
        yield served


@pytest.fixture
def admin(running: RunningSandbox) -> Admin:
    return Admin(running)


@pytest.fixture
def salesforce(running: RunningSandbox) -> Salesforce:
    return Salesforce(running)


@pytest.fixture
def hubspot(running: RunningSandbox) -> HubSpot:
    return HubSpot(running)
