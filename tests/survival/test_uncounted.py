"""Form submissions, of which HubSpot tells neither count nor ids: what was lost is found again."""

import pytest

from tests.survival.eighteen.deeds import let_pass
from tests.survival.world import HOUR, World

FORM = "/form-integrations/v1/submissions/forms/*"
DAY, WEEK = 24 * HOUR, 7 * 24 * HOUR


def known(world: World) -> int:
    return world.lake.living("hubspot", "form_submissions")


@pytest.fixture
def torn(world: World) -> World:
    """A lake without a form's submissions: its first page came empty, and came so again."""
    world.fault({"path": FORM, "count": 2, "status": 200, "body": {"results": []}})
    world.extract("hubspot", "form_submissions")
    return world


def all_that_are_there(world: World) -> int:
    """Read everything again, and return how many the lake has then."""
    world.extract("hubspot", "form_submissions", full_refresh=True)
    return known(world)


def test_a_deep_reconcile_finds_them(torn: World) -> None:
    before = known(torn)
    torn.reconcile("hubspot", "form_submissions", deep=True)
    assert before < known(torn) == all_that_are_there(torn)


def test_a_week_later_they_are_found(torn: World) -> None:
    before = known(torn)
    let_pass(torn, WEEK)
    torn.extract("hubspot", "form_submissions")
    assert before < known(torn) == all_that_are_there(torn)


def test_a_day_later_they_are_not_read_again(torn: World) -> None:
    before = known(torn)
    let_pass(torn, DAY)
    torn.extract("hubspot", "form_submissions")
    assert known(torn) == before
