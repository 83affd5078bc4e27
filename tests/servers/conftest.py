"""Fixtures: servers that a company of more than one machine has, on this machine's loopback."""

from collections.abc import Iterator

import pytest

from tests.servers.object_store import ObjectStore

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture(scope="session")
def object_store_server() -> Iterator[ObjectStore]:
    with pytest.MonkeyPatch.context() as patch, ObjectStore().running() as store:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        yield store


@pytest.fixture
def object_store(object_store_server: ObjectStore) -> ObjectStore:
    object_store_server.requests.clear()
    object_store_server.ignores_conditions = object_store_server.loses_next_answer = False
    return object_store_server
