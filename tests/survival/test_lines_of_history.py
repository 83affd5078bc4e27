"""Lines of Salesforce's history whose record was deleted while nobody read for long."""

from typing import Any

import pytest

from tests.survival.eighteen.deeds import DAY, ids, let_pass
from tests.survival.world import HOUR, World

LINES = "lead_histories"


def there(world: World) -> list[dict[str, Any]]:
    held = world.admin.dump()["salesforce"]["LeadHistory"]
    return [line for line in held if not line["IsDeleted"]]


@pytest.fixture
def lead(world: World) -> str:
    """A Lead with lines of history, all of which were read."""
    world.extract("salesforce", LINES)
    with_lines = {line["LeadId"] for line in there(world)}
    return next(one for one in ids(world, "salesforce", 120) if one in with_lines)


def test_they_are_gone_though_salesforce_has_forgotten_the_deletion(
    world: World, lead: str
) -> None:
    before = len(there(world))
    world.salesforce("DELETE", f"sobjects/Lead/{lead}").raise_for_status()
    let_pass(world, 17 * DAY)
    assert world.extract("salesforce", LINES).status == "whole"
    assert world.lake.living("salesforce", LINES) == len(there(world)) < before


def test_they_live_again_a_day_after_their_record_was_restored(world: World, lead: str) -> None:
    before = len(there(world))
    world.salesforce("DELETE", f"sobjects/Lead/{lead}").raise_for_status()
    let_pass(world, HOUR + 60)
    world.extract("salesforce", LINES)
    assert world.lake.living("salesforce", LINES) < before
    restore = {"crm": "salesforce", "object": "Lead", "record_id": lead}
    world.admin("POST", "restores", restore).raise_for_status()
    let_pass(world, DAY)
    world.extract("salesforce", LINES)
    assert world.lake.living("salesforce", LINES) == len(there(world)) == before
