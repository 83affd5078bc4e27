from collections.abc import Iterable
from dataclasses import replace

import pytest

from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.source import HubSpotSource
from connectors.hubspot.streams.deals import DEALS
from tests.unit.connectors.scripted import Answer, Script


@pytest.fixture
def source(client: HubSpotClient) -> HubSpotSource:
    return HubSpotSource(client)


def describe(script: Script, object_name: str, *names: str, hidden: Iterable[str] = ()) -> None:
    found = [{"name": name, "type": "string", "hidden": name in hidden} for name in names]
    script.on("GET", f"/crm/v3/properties/{object_name}", Answer({"results": found}))


TICKING = "hs_v2_time_in_current_stage", "hs_v2_latest_time_in_lead", "hs_time_in_lead"


def test_counters_of_seconds_are_not_read_but_when_a_stage_was_entered_is(
    script: Script, source: HubSpotSource
) -> None:
    describe(script, "deals", *TICKING, "hs_v2_date_entered_lead", "hs_date_exited_lead")
    fields = [field for field in source.fields(DEALS.stream) if field.name.startswith("hs_")]
    present = {field.name: field.calculated for field in fields if field.exists}
    assert present == {"hs_v2_date_entered_lead": True, "hs_date_exited_lead": True}


def test_a_counter_of_seconds_that_the_settings_name_is_read_and_never_compared(
    script: Script, source: HubSpotSource
) -> None:
    describe(script, "deals", *TICKING)
    stream = replace(DEALS.stream, included=frozenset(TICKING[:1]))
    fields = {field.name: field.calculated for field in source.fields(stream) if field.exists}
    assert fields == {"hs_v2_time_in_current_stage": False}


def test_a_hidden_property_is_read_where_the_settings_name_it(
    script: Script, source: HubSpotSource
) -> None:
    names = ("tier", "secret_tier", "dealname", "amount")
    describe(script, "deals", *names, hidden=names[1:3])
    named = replace(DEALS.stream, included=frozenset({"secret_tier"}))
    told = [
        {field.name for field in source.fields(stream) if field.name in names and field.exists}
        for stream in (DEALS.stream, named)
    ]
    assert told == [{"tier", "dealname", "amount"}, {"secret_tier", "dealname", "amount"}]
