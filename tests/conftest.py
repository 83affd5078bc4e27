"""What all tests share: a PostgreSQL server, where it is installed, and the order of files."""

from collections.abc import Iterator

import pytest

from tests.servers import postgres

BEGIN_WITH = (
    # makes the runs that other files of tests/e2e wait for
    *("tests/e2e/test_loop.py", "tests/e2e/test_truth.py", "tests/dbt/test_build.py"),
    *("tests/dbt/test_standing.py", "tests/dbt/test_identity.py", "tests/dbt/test_properties.py"),
    *("tests/survival/test_random_histories.py", "tests/survival/test_fault_matrix.py"),
    *("tests/e2e/test_kill.py", "tests/e2e/test_day.py", "tests/e2e/test_presets.py"),
)
"""Files that take longest. Each worker takes the next file as it ends one: a long one that begins
last leaves the others idle, and so does one that waits for what another is making."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest files begin first; within a file, and after these, nothing moves."""
    places = {path: place for place, path in enumerate(BEGIN_WITH)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.PostgresServer]:
    """One server for the session."""
    if why := postgres.unfit():
        pytest.skip(why)
    with postgres.running() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: postgres.PostgresServer) -> Iterator[str]:
    """Address of an empty database."""
    with postgres_server.database() as name:
        yield postgres_server.address(name)
