from collections.abc import Iterator

import pytest

from tests.unit.connectors.scripted import Script, serve


@pytest.fixture
def script() -> Iterator[Script]:
    with serve(Script()) as running:
        yield running
