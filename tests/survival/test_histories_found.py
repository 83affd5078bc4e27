"""Histories that once ended otherwise, as chance found them and shrunk by hand."""

import pytest

from tests.survival.hubspot_life import HubSpotLife
from tests.survival.lives import DAY, Life
from tests.survival.salesforce_life import SalesforceLife
from tests.survival.world import World

LIVES = [HubSpotLife, SalesforceLife]


def read(world: World, life: Life, *kinds: str) -> None:
    """Read streams (of people, if none is named) a day later, until base has what the CRM has."""
    world.admin.advance(DAY)
    world.salesforce.log_in()
    names = kinds or life.kinds[:1]
    assert world.extract(life.crm, *names).status == "whole"
    for name in names:
        assert world.known(life.crm, name) == world.held(life.crm, name)


@pytest.mark.parametrize("make", LIVES)
def test_a_merged_record_is_changed_after_a_field_was_retyped(
    world: World, make: type[Life]
) -> None:
    life, people = make(world), make.kinds[0]
    life.add_field()
    read(world, life)
    life.create(people, 3)
    life.merge(people, len(life.living(people)) - 3, 1)
    read(world, life)
    life.retype_field()
    life.change(people, 0, len(life.living(people)))
    read(world, life)
