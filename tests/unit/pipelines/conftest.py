import os
from pathlib import Path

import pytest
from hypothesis import settings

from pipelines.lake import Lake
from pipelines.sync.store import StateStore

settings.register_profile("quick", derandomize=True, max_examples=40, deadline=None)
settings.register_profile("soak", max_examples=500, deadline=None, database=None)
settings.load_profile("soak" if os.environ.get("LEADCYCLE_SOAK") else "quick")


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "lake"))


@pytest.fixture
def store(tmp_path: Path) -> StateStore:
    return StateStore(f"sqlite:///{tmp_path / 'state.sqlite'}")
