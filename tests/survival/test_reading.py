"""The plain cases, so that what the others add to them is plain, too."""

import pytest

from connectors.records import Crm
from tests.survival.truth import HUBSPOT, SALESFORCE
from tests.survival.world import World

STREAMS = [*(("salesforce", name) for name in SALESFORCE), *(("hubspot", name) for name in HUBSPOT)]


@pytest.mark.parametrize(("crm", "stream"), STREAMS)
def test_a_first_reading_brings_every_record_once(world: World, crm: Crm, stream: str) -> None:
    assert world.extract(crm, stream).status == "whole"
    assert world.known(crm, stream) == world.held(crm, stream)


@pytest.mark.parametrize("crm", ["salesforce", "hubspot"])
def test_a_reading_of_everything_is_whole(world: World, crm: Crm) -> None:
    assert world.extract(crm).status == "whole"


def test_a_reading_keeps_to_the_limits_of_searches_and_of_all_calls(world: World) -> None:
    world.admin.setting(rate_limits=True, hubspot_ten_second_limit=1_000)
    calls = [world.extract("hubspot").calls for _ in range(2)]
    assert [(each.limited, each.retried) for each in calls] == [(0, 0), (0, 0)]
