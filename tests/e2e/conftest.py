import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.company import User, served


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company drawn and provisioned once; tests copy it."""
    state = tmp_path_factory.mktemp("company") / "state"
    state.mkdir()
    home = tmp_path_factory.mktemp("provisioning")
    with served(state) as company:
        done = User(home, company).run("provision")
        assert done.code == 0, done.stderr
    return state


@pytest.fixture
def user(drawn: Path, tmp_path: Path) -> Iterator[User]:
    """Somebody with a company of their own, provisioned, and an empty home."""
    with ExitStack() as running:
        yield make_user(drawn, tmp_path, running)


def make_user(drawn: Path, folder: Path, running: ExitStack) -> User:
    state = folder / "sandbox"
    shutil.copytree(drawn, state)
    return User(folder / "home", running.enter_context(served(state)))


@pytest.fixture
def users(drawn: Path, tmp_path: Path) -> Iterator[Callable[[str], User]]:
    """Make several people, each with a copy of the same company."""
    with ExitStack() as running:
        yield lambda name: make_user(drawn, tmp_path / name, running)
