"""Fixtures: the project parsed once, and a warehouse for each test that wants its own."""

from pathlib import Path

import pytest

from pipelines.rules.presets import DEFAULT_PRESET, compile_preset
from tests.dbt.crm import Crms
from tests.dbt.lake import Lake
from tests.dbt.warehouse import PROJECT, Project, Warehouse


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    compile_preset(DEFAULT_PRESET, PROJECT / "seeds")
    return Project.parse(tmp_path_factory.mktemp("target"))


@pytest.fixture
def warehouse(project: Project, tmp_path: Path) -> Warehouse:
    """An empty warehouse."""
    return Warehouse(project, tmp_path / "warehouse.duckdb")


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake with one empty load for each stream."""
    return Lake(tmp_path / "lake")


@pytest.fixture
def crms() -> Crms:
    """Two CRMs without records."""
    return Crms()
