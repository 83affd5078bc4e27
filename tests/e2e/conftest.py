import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.company import User, served

LATER = 2 * 3600
"""Seconds after which what the first run wrote is looked at a second time, and not a third."""


@dataclass(frozen=True)
class Run:
    """A run of the loop, with everything it left behind."""

    folder: Path
    """The user's home and the company's state; tests copy it."""
    summary: dict[str, Any]
    dump: dict[str, Any]
    calls: dict[str, Any]

    @property
    def home(self) -> Path:
        return self.folder / "home"


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
def first_run(drawn: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same company after its first run."""
    with copied(drawn, tmp_path_factory.mktemp("first") / "run") as user:
        return run_of(user)


@pytest.fixture(scope="session")
def second_run(first_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same company after one more run, two hours later, that nothing led up to."""
    with copied(first_run.folder, tmp_path_factory.mktemp("second") / "run") as user:
        user.company.advance(LATER)
        return run_of(user)


@pytest.fixture
def newcomer(drawn: Path, tmp_path: Path) -> Iterator[User]:
    """Somebody with a company of their own, provisioned, and an empty home."""
    with copied(drawn, tmp_path / "newcomer") as user:
        yield user


@pytest.fixture
def user(second_run: Run, tmp_path: Path) -> Iterator[User]:
    """Somebody who runs the loop by habit."""
    with copied(second_run.folder, tmp_path / "user") as user:
        yield user


@contextmanager
def copied(folder: Path, to: Path) -> Iterator[User]:
    shutil.copytree(folder, to)
    with served(to / "sandbox") as company:
        yield User(to / "home", company)


def run_of(user: User) -> Run:
    user.company.reset_calls()
    summary = user.loop()
    return Run(user.home.parent, summary, user.company.dump(), user.company.calls())
