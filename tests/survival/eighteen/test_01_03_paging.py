"""Rows missing without an error, an index that lags, and searches that end or turn in circles."""

import pytest

from connectors.records import Crm
from connectors.sandbox.hubspot import search
from tests.survival.eighteen.deeds import (
    BY_BULK,
    DAY,
    PAGED,
    PEOPLE,
    agree,
    create_contacts,
    create_leads,
    edits,
    ids,
    in_soak,
    later,
    let_pass,
    of,
    touch,
)
from tests.survival.world import HOUR, World

BETWEEN_PAGES = [
    ("salesforce", "*/query/0r8*", {}, PAGED),
    ("salesforce", "*/jobs/query/*/results", {}, BY_BULK),
    ("hubspot", "/crm/v3/objects/contacts", {"skip": 3}, {}),
    ("hubspot", "/crm/v3/objects/contacts/batch/read", {}, {}),
]


@pytest.mark.parametrize(("crm", "path", "order", "settings"), BETWEEN_PAGES)
def test_01_rows_missing_without_an_error_when_50_are_touched_between_pages_of_a_first_read(
    world: World, crm: Crm, path: str, order: dict[str, int], settings: dict[str, int]
) -> None:
    world.admin.setting(**settings)
    touched = list(edits(crm, ids(world, crm, 50)))
    world.fault({"kind": "meanwhile", "path": path, "requests": [later(1), *touched], **order})
    assert world.extract(crm, PEOPLE[crm]).status == "whole"
    assert world.known(crm, PEOPLE[crm]).keys() == world.held(crm, PEOPLE[crm]).keys()
    world.extract(crm, PEOPLE[crm])
    assert agree(world, crm)


@pytest.mark.parametrize(
    ("crm", "path"),
    [
        ("salesforce", "*/query/0r8*"),
        ("hubspot", "*/contacts/search"),
        in_soak("hubspot", "*/read"),
    ],
)
def test_01_rows_missing_without_an_error_when_read_rows_are_touched_between_pages_of_a_window(
    world: World, crm: Crm, path: str
) -> None:
    world.admin.setting(**PAGED)
    world.extract(crm, PEOPLE[crm])
    let_pass(world, HOUR)
    changed = ids(world, crm, 230)
    touch(world, crm, changed)
    again = [later(1), *edits(crm, changed[:50], "Bergen")]
    world.fault({"kind": "meanwhile", "path": path, "skip": 1, "requests": again})
    assert world.extract(crm, PEOPLE[crm]).status == "whole"
    world.extract(crm, PEOPLE[crm])
    assert agree(world, crm)


@pytest.mark.parametrize("crm", ["salesforce", in_soak("hubspot")])
def test_01_rows_missing_without_an_error_when_rows_of_one_second_are_split_over_two_readings(
    world: World, crm: Crm
) -> None:
    world.extract(crm, PEOPLE[crm])
    first, second = ids(world, crm, 10), ids(world, crm, 10, start=10)
    let_pass(world, 60)
    touch(world, crm, first)
    world.extract(crm, PEOPLE[crm])
    touch(world, crm, second)
    world.extract(crm, PEOPLE[crm])
    assert agree(world, crm)


@pytest.mark.parametrize("delay", [590, in_soak(30), in_soak(300)])
def test_01_rows_missing_without_an_error_when_older_stamps_are_committed_late(
    world: World, delay: int
) -> None:
    world.extract("salesforce", "leads")
    world.admin.setting(salesforce_commit_delay_seconds=delay)
    touch(world, "salesforce", ids(world, "salesforce", 20))
    create_leads(world, [f"Late{n}" for n in range(10)])
    for seconds in (delay // 2, delay // 2 + 2):
        let_pass(world, seconds)
        create_leads(world, [f"Later{seconds}"])
        world.extract("salesforce", "leads")
    let_pass(world, delay + 1)
    world.extract("salesforce", "leads")
    assert agree(world, "salesforce")


def test_01_rows_missing_without_an_error_are_found_by_the_daily_comparison(world: World) -> None:
    world.extract("salesforce", "leads")
    world.admin.setting(salesforce_commit_delay_seconds=3 * HOUR)
    create_leads(world, [f"Hidden{n}" for n in range(30)])
    world.extract("salesforce", "leads")
    let_pass(world, 4 * HOUR)
    create_leads(world, ["Shown at once, and bearing a later stamp"])
    world.admin.setting(salesforce_commit_delay_seconds=0)
    world.extract("salesforce", "leads")
    let_pass(world, DAY)
    assert of(world.extract("salesforce", "leads"), "leads").audit is not None
    assert agree(world, "salesforce")


@pytest.mark.parametrize("crm", ["hubspot", in_soak("salesforce")])
def test_01_rows_missing_without_an_error_though_counts_agree_are_found_by_a_deep_one(
    world: World, crm: Crm
) -> None:
    world.extract(crm, PEOPLE[crm])
    lag = {"salesforce": "salesforce_commit_delay_seconds", "hubspot": "hubspot_search_lag_seconds"}
    world.admin.setting(**{lag[crm]: 6 * HOUR})
    touch(world, crm, ids(world, crm, 40))
    for _ in range(4):
        let_pass(world, 2 * HOUR)
        world.extract(crm, PEOPLE[crm])
    world.reconcile(crm, PEOPLE[crm], deep=True)
    assert agree(world, crm)


@pytest.mark.parametrize("shows_current", [False, in_soak(True)])
@pytest.mark.parametrize("lag", [3_600, in_soak(30), in_soak(280)])
def test_02_search_index_lag(world: World, lag: int, shows_current: bool) -> None:
    world.extract("hubspot", "contacts")
    habits = {"hubspot_search_shows_current": shows_current, "hubspot_search_shuffles": True}
    world.admin.setting(hubspot_search_lag_seconds=lag, **habits)
    touch(world, "hubspot", ids(world, "hubspot", 40))
    create_contacts(world, [f"late{n}" for n in range(20)])
    for _ in range(3):
        let_pass(world, lag // 3)
        world.extract("hubspot", "contacts")
    let_pass(world, 10)
    assert world.extract("hubspot", "contacts").status == "whole"
    assert agree(world, "hubspot")


def test_03_more_rows_in_one_stamp_than_a_search_shows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "RESULT_LIMIT", 200)
    world.extract("hubspot", "contacts")
    let_pass(world, 60)
    touch(world, "hubspot", ids(world, "hubspot", 280))
    assert world.extract("hubspot", "contacts").status == "whole"
    assert agree(world, "hubspot")


@pytest.mark.soak
def test_03_more_than_10000_rows_in_one_stamp(world: World) -> None:
    world.extract("hubspot", "contacts")
    for start in range(0, 10_500, 100):
        create_contacts(world, [f"tie{start + n}" for n in range(100)])
    assert world.extract("hubspot", "contacts").status == "whole"
    assert agree(world, "hubspot")


@pytest.mark.parametrize("count", [1_000, in_soak(1), in_soak(2)])
def test_03_a_search_that_turns_in_circles_ends_and_loses_nothing(world: World, count: int) -> None:
    world.extract("hubspot", "contacts")
    let_pass(world, 60)
    touch(world, "hubspot", ids(world, "hubspot", 260))
    world.fault({"kind": "repeat", "path": "*/contacts/search", "skip": 1, "count": count})
    result = world.extract("hubspot", "contacts")
    assert result.status != "whole" or agree(world, "hubspot")
    world.no_faults()
    world.extract("hubspot", "contacts")
    assert agree(world, "hubspot")


@pytest.mark.parametrize("count", [1_000, in_soak(1)])
@pytest.mark.parametrize(
    ("crm", "path"),
    [("hubspot", "/crm/v3/objects/contacts"), in_soak("salesforce", "*/query/0r8*")],
)
def test_03_a_list_that_turns_in_circles_ends_and_loses_nothing(
    world: World, crm: Crm, path: str, count: int
) -> None:
    world.admin.setting(**PAGED)
    world.fault({"kind": "repeat", "path": path, "skip": 2, "count": count})
    result = world.extract(crm, PEOPLE[crm])
    assert result.status != "whole" or agree(world, crm)
    world.no_faults()
    world.extract(crm, PEOPLE[crm])
    assert agree(world, crm)
