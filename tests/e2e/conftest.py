import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.company import User, served


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a company drawn and provisioned once; tests copy it."""
    folder = tmp_path_factory.mktemp("drawn")
    (folder / "sandbox").mkdir()
    with served(folder / "sandbox") as company:
        done = User(folder / "home", company).run("provision")
        assert done.code == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def first_run(drawn: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A folder with the same company after its first run, and that run's summary."""
    folder = tmp_path_factory.mktemp("first") / "run"
    shutil.copytree(drawn, folder)
    with served(folder / "sandbox") as company:
        summary = User(folder / "home", company).loop()
    return folder, summary


@pytest.fixture
def newcomer(drawn: Path, tmp_path: Path) -> Iterator[User]:
    """Somebody with a company of their own, provisioned, and an empty home."""
    with copied(drawn, tmp_path / "newcomer") as user:
        yield user


@pytest.fixture
def user(first_run: tuple[Path, dict[str, Any]], tmp_path: Path) -> Iterator[User]:
    """Somebody whose first run is done."""
    with copied(first_run[0], tmp_path / "user") as user:
        yield user


@contextmanager
def copied(folder: Path, to: Path) -> Iterator[User]:
    shutil.copytree(folder, to)
    with served(to / "sandbox") as company:
        yield User(to / "home", company)
