"""The CRMs as the settings say."""

import pytest

from connectors.errors import ConfigError
from connectors.records import CallCounts
from pipelines.crms import connect_destination, connect_source
from pipelines.settings import Settings


def settings(token: str | None = "a-token") -> Settings:
    return Settings(HUBSPOT_BASE_URL="http://127.0.0.1:9", HUBSPOT_ACCESS_TOKEN=token)


def test_reading_and_writing_share_the_accounts_one_client() -> None:
    source, destination = (connect(settings(), "hubspot") for connect in CONNECTS)

    assert source.calls is destination.calls
    assert source.calls is not connect_source(settings("another"), "hubspot").calls


def test_what_is_missing_is_named() -> None:
    with pytest.raises(ConfigError, match="HUBSPOT_ACCESS_TOKEN not set"):
        connect_source(settings(None), "hubspot")


def test_a_step_counts_its_own_calls() -> None:
    assert CallCounts(7, 3, 1, 2.5).since(CallCounts(5, 3, 0, 0.5)) == CallCounts(2, 0, 1, 2.0)


CONNECTS = (connect_source, connect_destination)
