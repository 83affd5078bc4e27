import os
from pathlib import Path

import pytest
from hypothesis import settings

from pipelines.lake import Lake
from pipelines.sync.store import StateStore

settings.register_profile("quick", derandomize=True, max_examples=40, deadline=None)
settings.register_profile("soak", max_examples=500, deadline=None, database=None)
settings.load_profile("soak" if os.environ.get("LEADCYCLE_SOAK") else "quick")

DATABASES = ("sqlite", "postgresql")
OF_THE_STORE = ("test_apply_crashes", "test_apply", "test_settle", "test_store", "test_store_plans")
OF_MARKS = ("test_fence", "test_marks", "test_receipts")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let what lies in the state store be tested in each database that may hold it."""
    name = metafunc.module.__name__.rpartition(".")[2]
    if name in (*OF_THE_STORE, *OF_MARKS) and "state_url" in metafunc.fixturenames:
        metafunc.parametrize("state_url", DATABASES, indirect=True)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "lake"))


@pytest.fixture
def state_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty state store."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return f"sqlite:///{tmp_path / 'state.sqlite'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def store(state_url: str) -> StateStore:
    return StateStore(state_url)
