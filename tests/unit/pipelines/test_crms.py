"""The CRMs as the settings say."""

import pytest

from connectors.errors import ConfigError
from connectors.tally import CallCounts
from pipelines.crms import connect_destination, connect_source
from pipelines.settings import Settings


def settings(token: str | None = "a-token") -> Settings:
    return Settings(HUBSPOT_BASE_URL="http://127.0.0.1:9", HUBSPOT_ACCESS_TOKEN=token)


def test_whoever_reads_an_account_has_its_one_client_and_whoever_writes_another() -> None:
    reader, another, writer = (connect(settings(), "hubspot").calls for connect in CONNECTS)

    assert reader is another
    assert reader is not writer
    assert reader is not connect_source(settings("another"), "hubspot").calls


def test_what_is_missing_is_named() -> None:
    with pytest.raises(ConfigError, match="HUBSPOT_ACCESS_TOKEN not set"):
        connect_source(settings(None), "hubspot")


def test_a_step_counts_its_own_calls() -> None:
    assert CallCounts(7, 3, 1, 2.5).since(CallCounts(5, 3, 0, 0.5)) == CallCounts(2, 0, 1, 2.0)


CONNECTS = (connect_source, connect_source, connect_destination)
