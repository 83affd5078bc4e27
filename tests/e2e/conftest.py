import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

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


class Shelf:
    """Folders that take long to make, made once for all workers of a test run."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        own = factory.getbasetemp()
        self._folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def take(self, name: str, make: Callable[[Path], None]) -> Path:
        """Return the folder `name`; who asks first makes it, and the others wait."""
        folder = self._folder / name
        with FileLock(f"{folder}.lock"):
            if not folder.exists():
                making = folder.with_suffix(".making")
                shutil.rmtree(making, ignore_errors=True)
                make(making)
                making.rename(folder)
        return folder

    def take_run(self, name: str, run: Callable[[Path], Run]) -> Run:
        """Return the run whose user and company are in the folder `name`."""

        def make(folder: Path) -> None:
            folder.mkdir()
            done = run(folder / "left")
            told = {key: value for key, value in asdict(done).items() if key != "folder"}
            (folder / "told.json").write_text(json.dumps(told), "utf-8")

        folder = self.take(name, make)
        return Run(folder / "left", **json.loads((folder / "told.json").read_text("utf-8")))


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(tmp_path_factory)


@pytest.fixture(scope="session")
def drawn(shelf: Shelf) -> Path:
    """A folder with a company drawn and provisioned once; tests copy it."""

    def make(folder: Path) -> None:
        (folder / "sandbox").mkdir(parents=True)
        with served(folder / "sandbox") as company:
            done = User(folder / "home", company).run("provision")
            assert done.code == 0, done.stderr

    return shelf.take("drawn", make)


@pytest.fixture(scope="session")
def first_run(drawn: Path, shelf: Shelf) -> Run:
    """The same company after its first run."""

    def run(folder: Path) -> Run:
        with copied(drawn, folder) as user:
            return run_of(user)

    return shelf.take_run("first", run)


@pytest.fixture(scope="session")
def second_run(first_run: Run, shelf: Shelf) -> Run:
    """The same company after one more run, two hours later, that nothing led up to."""

    def run(folder: Path) -> Run:
        with copied(first_run.folder, folder) as user:
            user.company.advance(LATER)
            return run_of(user)

    return shelf.take_run("second", run)


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
