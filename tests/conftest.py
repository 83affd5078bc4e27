"""Fixtures for all tests: a PostgreSQL server, where it is installed."""

from collections.abc import Iterator

import pytest

from tests.servers import postgres


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
