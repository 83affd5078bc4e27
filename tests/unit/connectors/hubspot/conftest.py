import pytest

from connectors.hubspot.client import HubSpotClient
from tests.unit.connectors.faketime import FakeTime
from tests.unit.connectors.scripted import Script


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def client(script: Script, time: FakeTime) -> HubSpotClient:
    return HubSpotClient.connect(script.base_url, "planted-secret-7f3a", waiting=time.waiting)
