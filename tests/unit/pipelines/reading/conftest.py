import pytest

from pipelines.lake import Lake
from pipelines.sync.store import StateStore
from tests.unit.pipelines.reading.desk import Desk


@pytest.fixture
def desk(lake: Lake, store: StateStore) -> Desk:
    return Desk(lake, store)
