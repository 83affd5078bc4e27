"""Parts of a stream: what is hidden of one far object, and what never was shown of another."""

from dataclasses import replace

import pytest

from connectors.arrow import Row
from pipelines.reading.keeping import Keeper
from tests.unit.pipelines.fake_source import Version
from tests.unit.pipelines.fakes import Killed
from tests.unit.pipelines.reading.desk import Desk, contact

PAIRS = "contact_associations"
TICKETS, DEALS = f"{PAIRS}:tickets", f"{PAIRS}:deals"
WHY = "HTTP 403"


def associated(record_id: str, day: int = 20) -> Version:
    """Return a contact that is associated with a company, a deal and a ticket."""
    known = contact(record_id, day)
    pairs = tuple(
        Row(f"contacts:{record_id}:{other}", known.modified_at, False, {"from_id": record_id})
        for other in ("companies", "deals", "tickets")
    )
    return replace(known, details={**known.details, PAIRS: pairs})


def test_what_was_never_shown_is_told_and_leaves_readings_whole(desk: Desk) -> None:
    desk.source.hidden = {TICKETS: WHY}
    desk.put(associated("a"))
    told = [desk.read(), desk.read(details=0)]

    assert {result.status for result in told} == {"whole"}
    assert desk.results[2].skipped == WHY


def test_what_is_shown_no_longer_is_partial_though_something_else_never_was(desk: Desk) -> None:
    desk.source.hidden = {TICKETS: WHY}
    desk.put(associated("a"))
    desk.read()
    desk.source.hidden |= {DEALS: "HTTP 404"}
    desk.put(associated("b", 23))
    told = [desk.read(), desk.read(), desk.read(details=0)]

    assert {(result.status, result.why) for result in told} == {("partial", f"{PAIRS}: HTTP 404")}


def test_readings_are_whole_again_once_the_part_was_read_of_all(desk: Desk) -> None:
    desk.source.hidden = {TICKETS: WHY}
    desk.put(associated("a"))
    desk.read()
    desk.source.hidden |= {DEALS: WHY}
    desk.read(details=0)
    desk.source.hidden = {TICKETS: WHY}

    assert [desk.read().status, desk.read(details=0).status] == ["partial", "whole"]
    desk.source.hidden |= {DEALS: WHY}
    assert desk.read(details=0).status == "partial"


def test_a_part_without_rows_was_shown_where_all_was(desk: Desk) -> None:
    desk.put(contact("a"))
    desk.read()
    desk.source.hidden = {DEALS: WHY, TICKETS: WHY}
    desk.put(associated("b", 23))

    assert [desk.read().status, desk.read().status] == ["partial", "partial"]


def test_without_marks_the_lake_tells_what_was_shown(desk: Desk) -> None:
    desk.source.hidden = {TICKETS: WHY}
    desk.put(associated("a"))
    desk.read()
    desk.lose_marks()
    told = [desk.read(details=0)]
    desk.source.hidden |= {DEALS: WHY}
    desk.lose_marks()
    told += [desk.read(details=0), desk.read()]

    assert [result.status for result in told] == ["whole", "partial", "partial"]


def test_a_run_killed_before_it_notes_what_is_hidden_leaves_the_next_to_find_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put(contact("a"))
    desk.read()
    desk.source.hidden = {DEALS: WHY}
    desk.put(associated("b", 23))
    with monkeypatch.context() as patch:
        patch.setattr(Keeper, "hide", die)
        with pytest.raises(Killed):
            desk.read()

    assert [desk.read().status, desk.read().status] == ["partial", "partial"]


def die(*_: object) -> None:
    raise Killed
