import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from pipelines.lake import Lake
from pipelines.sync.store import StateStore
from tests.servers.postgres import PostgresServer

settings.register_profile("quick", derandomize=True, max_examples=40, deadline=None)
settings.register_profile("soak", max_examples=500, deadline=None, database=None)
settings.load_profile("soak" if os.environ.get("LEADCYCLE_SOAK") else "quick")

DATABASES = ("sqlite", "postgresql")
OF_THE_STORE = (
    *("test_apply", "test_apply_crashes", "test_pauses", "test_remembered", "test_settle"),
    *("test_store", "test_store_plans", "test_undo"),
)
OF_MARKS = ("test_fence", "test_marks", "test_receipts")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let what lies in the state store be tested in each database that may hold it."""
    name = metafunc.module.__name__.rpartition(".")[2]
    if name in (*OF_THE_STORE, *OF_MARKS) and "state_url" in metafunc.fixturenames:
        metafunc.parametrize("state_url", DATABASES, indirect=True)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "lake"))


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state store without rows. Migrating one for each of 400 tests took half a minute."""
    path = tmp_path_factory.mktemp("state") / "state.sqlite"
    StateStore(f"sqlite:///{path}").engine.dispose()
    return path


@pytest.fixture(scope="session")
def empty_database(postgres_server: PostgresServer) -> Iterator[str]:
    """The same on PostgreSQL."""
    with postgres_server.database() as name:
        StateStore(postgres_server.address(name)).engine.dispose()
        yield name


@pytest.fixture
def state_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a state store without rows."""
    if getattr(request, "param", "sqlite") == "sqlite":
        shutil.copyfile(request.getfixturevalue("empty_file"), tmp_path / "state.sqlite")
        yield f"sqlite:///{tmp_path / 'state.sqlite'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database(like=request.getfixturevalue("empty_database")) as name:
        yield server.address(name)


@pytest.fixture
def store(state_url: str) -> StateStore:
    return StateStore(state_url)
