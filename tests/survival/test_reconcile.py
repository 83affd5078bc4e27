"""Comparing with the CRM: counts first, then every id and stamp, and the difference repaired."""

from dataclasses import replace
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest

from connectors.records import Crm
from pipelines.reading.findings import differences, shortfalls
from pipelines.reading.results import Audit
from tests.survival.eighteen.deeds import in_soak
from tests.survival.hubspot_life import HubSpotLife
from tests.survival.lives import Life
from tests.survival.salesforce_life import SalesforceLife
from tests.survival.world import HOUR, World

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CRMS: list[Crm] = ["salesforce", "hubspot"]
PEOPLE = {"salesforce": "leads", "hubspot": "contacts"}
LIVES: dict[Crm, type[Life]] = {"salesforce": SalesforceLife, "hubspot": HubSpotLife}


def read(world: World, crm: Crm) -> Life:
    """Read the people of a CRM; return its life from now on."""
    assert world.extract(crm, PEOPLE[crm]).status == "whole"
    world.admin.advance(60)
    return LIVES[crm](world)


def compared(world: World, crm: Crm, *, deep: bool) -> Audit:
    """Compare the people of a CRM; return what was found, whenever that was."""
    result = world.reconcile(crm, PEOPLE[crm], deep=deep)
    assert result.status == "whole"
    audit = result.streams[0].audit
    assert audit is not None
    return replace(audit, at=EPOCH)


def agree(world: World, crm: Crm) -> bool:
    return world.known(crm, PEOPLE[crm]) == world.held(crm, PEOPLE[crm])


@pytest.mark.parametrize("crm", CRMS)
def test_equal_counts_of_other_records_are_seen_through_by_a_deep_comparison(
    world: World, crm: Crm
) -> None:
    life = read(world, crm)
    count = len(world.known(crm, PEOPLE[crm]))
    life.create(PEOPLE[crm], 1)
    life.erase(0)
    assert compared(world, crm, deep=False) == Audit(EPOCH, count, count)
    assert not agree(world, crm)
    found = Audit(EPOCH, count, count, missing=1, extra=1, repaired=2)
    assert compared(world, crm, deep=True) == found
    assert agree(world, crm)


@pytest.mark.parametrize("crm", CRMS)
def test_what_is_missing_stale_or_extra_is_repaired(world: World, crm: Crm) -> None:
    life = read(world, crm)
    count = len(world.known(crm, PEOPLE[crm]))
    life.erase(3)
    life.remove(PEOPLE[crm], 5)
    life.create(PEOPLE[crm], 4)
    life.change(PEOPLE[crm], 7, 3)
    found = Audit(EPOCH, count + 2, count, missing=4, stale=3, extra=2, repaired=9)
    assert compared(world, crm, deep=False) == found
    assert agree(world, crm)
    assert compared(world, crm, deep=True) == Audit(EPOCH, count + 2, count + 2)


def test_a_batch_of_reads_that_failed_in_part_buries_nobody(world: World) -> None:
    life = read(world, "hubspot")
    life.change("contacts", 7, 3)
    world.fault({"preset": "hubspot-batch-in-part"})
    audit = compared(world, "hubspot", deep=True)
    assert (audit.stale, audit.repaired, audit.left) == (3, 3, 0)
    assert agree(world, "hubspot")


@pytest.mark.parametrize("crm", CRMS)
def test_a_record_that_came_back_lives_after_a_comparison(world: World, crm: Crm) -> None:
    life = read(world, crm)
    life.remove(PEOPLE[crm], 5)
    compared(world, crm, deep=True)
    assert agree(world, crm)
    world.admin.advance(60)
    life.restore(PEOPLE[crm], 0)
    assert compared(world, crm, deep=False).missing == 1
    assert agree(world, crm)


@pytest.mark.parametrize("crm", ["hubspot", in_soak("salesforce")])
def test_a_record_removed_under_a_clock_that_was_ahead_may_come_back_and_change(
    world: World, crm: Crm
) -> None:
    life = read(world, crm)
    life.remove(PEOPLE[crm], 5)
    world.fault({"kind": "skew", "seconds": HOUR, "count": 1_000})
    compared(world, crm, deep=False)
    world.no_faults()
    world.admin.advance(60)
    life.restore(PEOPLE[crm], 0)
    compared(world, crm, deep=False)
    world.admin.advance(60)
    life.change(PEOPLE[crm], 0, len(world.held(crm, PEOPLE[crm])))
    assert world.extract(crm, PEOPLE[crm]).status == "whole"
    assert agree(world, crm)


@pytest.mark.parametrize("crm", ["hubspot", in_soak("salesforce")])
def test_a_mass_that_vanished_is_removed_once_a_person_has_said_so(world: World, crm: Crm) -> None:
    life = read(world, crm)
    before = world.known(crm, PEOPLE[crm])
    for _ in range(21):
        life.erase(0)
    assert world.reconcile(crm, PEOPLE[crm], deep=True).status == "partial"
    assert world.known(crm, PEOPLE[crm]) == before
    assert world.reconcile(crm, PEOPLE[crm], gone=True).status == "whole"
    assert agree(world, crm)


@pytest.mark.parametrize("crm", CRMS)
def test_the_next_reading_goes_on_where_the_last_one_ended(world: World, crm: Crm) -> None:
    life = read(world, crm)
    life.change(PEOPLE[crm], 7, 3)
    before = world.lake.cursor(crm, PEOPLE[crm])
    compared(world, crm, deep=True)
    assert world.lake.cursor(crm, PEOPLE[crm]) == before
    world.admin.advance(60)
    life.change(PEOPLE[crm], 8, 3)
    world.extract(crm, PEOPLE[crm])
    assert agree(world, crm)


@pytest.mark.parametrize("crm", CRMS)
def test_its_result_stands_as_a_check_until_the_next_one(world: World, crm: Crm) -> None:
    read(world, crm).create(PEOPLE[crm], 2)
    compared(world, crm, deep=True)
    [later, *_] = world.extract(crm, PEOPLE[crm]).streams
    count = len(world.held(crm, PEOPLE[crm]))
    found = {"crm_count": count, "lake_count": count - 2, "missing": 2, "stale": 0, "extra": 0}
    assert differences(later) == found | {"repaired": 2, "left": 0}
    assert shortfalls(later) == {}
    published = pq.read_table(world.settings.published_dir / "state/audits.parquet").to_pylist()
    told = {"crm": crm, "stream": PEOPLE[crm], **vars(later.audit)}
    assert [row for row in published if row["stream"] == PEOPLE[crm]] == [told]
