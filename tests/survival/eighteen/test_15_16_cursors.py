"""Cursors of an older version, of nothing, of the future; and rows older than any default start."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.records import Crm, Cursor
from tests.survival.eighteen.deeds import (
    DAY,
    PEOPLE,
    agree,
    create_contacts,
    create_leads,
    ids,
    in_soak,
    let_pass,
    touch,
)
from tests.survival.world import HOUR, World

OTHER_PLACES = ("", "0", '{"job": "750"}', '{"spans": []}')
CRMS: tuple[Crm, ...] = ("salesforce", "hubspot")
MAKE: Mapping[Crm, Callable[[World, Sequence[str]], list[str]]] = {
    "salesforce": create_leads,
    "hubspot": create_contacts,
}


@pytest.mark.parametrize("crm", ["hubspot", in_soak("salesforce")])
def test_15_a_cursor_of_an_older_version_goes_on(
    world: World, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = '{{"modified_at": "{}", "record_id": "{}", "resume_after": null}}'
    with monkeypatch.context() as before:
        text = lambda self: old.format(self.modified_at.isoformat(), self.record_id)  # noqa: E731
        before.setattr(Cursor, "to_json", text)
        world.extract(crm, PEOPLE[crm])
    let_pass(world, HOUR)
    touch(world, crm, ids(world, crm, 10))
    assert world.extract(crm, PEOPLE[crm]).status == "whole"
    assert agree(world, crm)


@pytest.mark.parametrize("resume_after", ["null", *map(in_soak, OTHER_PLACES)])
@pytest.mark.parametrize("crm", CRMS)
def test_15_a_place_that_nobody_can_read_begins_anew(
    world: World, crm: Crm, resume_after: str
) -> None:
    world.extract(crm, PEOPLE[crm])
    _replace_cursor(world, crm, resume_after=resume_after)
    touch(world, crm, ids(world, crm, 10))
    world.extract(crm, PEOPLE[crm])
    assert world.extract(crm, PEOPLE[crm]).status == "whole"
    assert agree(world, crm)


FAR = datetime(2190, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("crm", CRMS)
def test_15_a_cursor_of_the_future_hides_nothing_for_good(world: World, crm: Crm) -> None:
    world.extract(crm, PEOPLE[crm])
    _replace_cursor(world, crm, modified_at=FAR, read_at=FAR)
    touch(world, crm, ids(world, crm, 10))
    MAKE[crm](world, ["Fay"])
    world.extract(crm, PEOPLE[crm])
    let_pass(world, 2 * HOUR)
    world.extract(crm, PEOPLE[crm])
    assert agree(world, crm)


@pytest.mark.parametrize("seconds", [40 * DAY, in_soak(3_600), in_soak(-3_600)])
@pytest.mark.parametrize("crm", CRMS)
def test_15_a_clock_that_was_wrong_for_a_while_hides_nothing(
    world: World, crm: Crm, seconds: int
) -> None:
    world.extract(crm, PEOPLE[crm])
    let_pass(world, HOUR)
    touch(world, crm, ids(world, crm, 10))
    world.fault({"kind": "skew", "seconds": seconds, "count": 1_000})
    world.extract(crm, PEOPLE[crm])
    world.no_faults()
    touch(world, crm, ids(world, crm, 10, start=10), "Bergen")
    let_pass(world, 2 * HOUR)
    MAKE[crm](world, ["Gus"])
    assert world.extract(crm, PEOPLE[crm]).status == "whole"
    if abs(seconds) == HOUR:  # Nothing tells any more, an hour later, that it was wrong.
        world.reconcile(crm, PEOPLE[crm], deep=True)
    assert agree(world, crm)


@pytest.mark.parametrize("crm", ["salesforce", in_soak("hubspot")])
def test_15_lost_marks_cost_a_reading_and_no_row(world: World, crm: Crm) -> None:
    world.extract(crm, PEOPLE[crm])
    with closing(sqlite3.connect(world.home / "state.sqlite")) as state, state:
        state.execute("delete from reading_marks")
    touch(world, crm, ids(world, crm, 10))
    let_pass(world, 2 * HOUR)
    assert world.extract(crm, PEOPLE[crm]).status == "whole"
    assert agree(world, crm)


@pytest.mark.parametrize("pause", [timedelta(days=400), in_soak(timedelta(days=49))])
@pytest.mark.parametrize("crm", ["salesforce", in_soak("hubspot")])
def test_15_a_reading_goes_on_after_weeks_without_one(
    world: World, crm: Crm, pause: timedelta
) -> None:
    world.extract(crm, PEOPLE[crm])
    touch(world, crm, ids(world, crm, 10))
    let_pass(world, int(pause.total_seconds()))
    MAKE[crm](world, ["Hal"])
    assert world.extract(crm, PEOPLE[crm]).status == "whole"
    assert agree(world, crm)


@pytest.mark.parametrize(
    ("crm", "streams"),
    [("salesforce", ("leads", "accounts", "tasks")), ("hubspot", ("contacts", "deals", "tasks"))],
)
def test_16_rows_ten_years_old_are_read_without_being_asked_for(
    world: World, crm: Crm, streams: tuple[str, ...]
) -> None:
    let_pass(world, 10 * 366 * DAY)
    MAKE[crm](world, ["Ida"])
    assert world.extract(crm, *streams).status == "whole"
    assert [agree(world, crm, stream) for stream in streams] == [True] * 3


def _replace_cursor(world: World, crm: Crm, **changes: Any) -> None:
    """Keep one more load, without anything new in it, whose cursor is another."""
    stream = PEOPLE[crm]
    cursor = world.lake.cursor(crm, stream)
    assert cursor is not None
    path = world.lake.paths(crm, stream)[-1]
    names = world.lake.columns(crm, stream) - {"_load_id", "_extracted_at", "_row_hash"}
    last = world.lake.read(path, names).slice(0, 1)
    moved = replace(cursor, **changes)
    world.lake.append(crm, stream, last, moved, datetime.now(UTC), look="none")
