"""What changed since a cursor: found exactly, whatever the search does."""

from datetime import datetime

import pytest

from connectors.errors import UnreadableAnswerError
from connectors.hubspot import changes, lookups, searches
from connectors.hubspot.source import HubSpotSource
from connectors.records import Batch, Cursor, Road
from tests.contract.hubspot.account import FIELDS, PLAIN, Account, cities_of, rows

LIST = "/crm/v3/objects/contacts"
SEARCH, BATCH = f"{LIST}/search", f"{LIST}/batch/read"


@pytest.fixture
def source(account: Account, monkeypatch: pytest.MonkeyPatch) -> HubSpotSource:
    """Our source, with so small pages that a few contacts fill several."""
    for module in (searches, changes):
        monkeypatch.setattr(module, "SEARCH_SIZE", 5)
    monkeypatch.setattr(lookups, "LIST_SIZE", 4)
    return account.source()


def now(source: HubSpotSource) -> Cursor:
    """Return the cursor of somebody who has read everything up to now."""
    return Cursor(source.clock(), read_at=source.clock())


def changed_since(source: HubSpotSource, cursor: Cursor) -> list[Batch]:
    return list(source.read(PLAIN.stream, FIELDS, cursor))


def edit_some(account: Account, source: HubSpotSource, count: int) -> tuple[Cursor, dict[str, str]]:
    """Change contacts at one instant, an hour after everything was read, itself an hour old."""
    account.admin.advance(3600)
    chosen, cursor = sorted(account.ids())[:count], now(source)
    account.admin.advance(3600)
    account.edit(chosen, "Bergen")
    return cursor, dict.fromkeys(chosen, "Bergen")


@pytest.mark.parametrize("shuffles", [False, True])
def test_more_changes_of_one_instant_than_a_search_gives_are_all_read(
    account: Account, source: HubSpotSource, shuffles: bool
) -> None:
    account.create(20)
    account.admin.setting(hubspot_search_shuffles=shuffles)
    cursor, edited = edit_some(account, source, 23)
    [batch] = changed_since(source, cursor)
    assert cities_of(rows([batch])) == edited
    assert batch.cursor == Cursor(source.clock(), read_at=source.clock())
    assert batch.road == Road("search", 5 + 6)


def test_nothing_new_costs_one_search(account: Account, source: HubSpotSource) -> None:
    cursor = now(source)
    account.admin.advance(3600)
    before = source.calls.read
    assert changed_since(source, cursor) == []
    assert source.calls.read - before == 1


def test_records_edited_between_the_pages_of_a_search_are_not_passed_over(
    account: Account, source: HubSpotSource
) -> None:
    account.create(20)
    cursor, edited = edit_some(account, source, 20)
    again = list(edited)[:7]
    inputs = [{"id": one, "properties": {"city": "Moss"}} for one in again]
    account.fault(
        kind="meanwhile",
        path=SEARCH,
        skip=1,
        count=1,
        requests=[
            {"path": "/__sandbox/clock", "body": {"advance_seconds": 60}},
            {"path": f"{LIST}/batch/update", "body": {"inputs": inputs}},
        ],
    )
    found = {**edited, **dict.fromkeys(again, "Moss")}
    [batch] = changed_since(source, cursor)
    assert batch.cursor is not None
    later = changed_since(source, batch.cursor)
    assert {**cities_of(rows([batch])), **cities_of(rows(later))} == found


@pytest.mark.parametrize("preset", ["page-lost", "page-twice", "html-with-200", "body-torn"])
@pytest.mark.parametrize("path", [SEARCH, BATCH])
@pytest.mark.parametrize("skip", [0, 2])
def test_no_passing_fault_costs_a_change(
    account: Account, source: HubSpotSource, preset: str, path: str, skip: int
) -> None:
    cursor, edited = edit_some(account, source, 9)
    account.fault(preset=preset, path=path, skip=skip, count=1)
    assert cities_of(rows(changed_since(source, cursor))) == edited


@pytest.mark.parametrize("preset", ["page-lost", "html-with-200"])
@pytest.mark.parametrize("skip", [0, 1])
def test_a_search_that_stays_broken_gives_way_to_the_list(
    account: Account, source: HubSpotSource, preset: str, skip: int
) -> None:
    cursor, edited = edit_some(account, source, 9)
    account.fault(preset=preset, path=SEARCH, skip=skip, count=12)
    found = changed_since(source, cursor)
    assert cities_of(rows(found)) == edited
    assert found[-1].road in (Road("list", 1, "search"), Road("list", 0, "search"))


def test_a_batch_that_stays_broken_is_an_error(account: Account, source: HubSpotSource) -> None:
    cursor, _ = edit_some(account, source, 9)
    account.fault(preset="page-lost", path=BATCH, skip=1, count=99)
    with pytest.raises(UnreadableAnswerError, match="neither back nor as errors"):
        changed_since(source, cursor)


def test_values_of_before_the_search_are_asked_for_again(
    account: Account, source: HubSpotSource
) -> None:
    [chosen] = sorted(account.ids())[:1]
    account.fault(preset="page-stale", path=BATCH, count=2)
    rows(source.read_records(PLAIN.stream, FIELDS, [chosen]))
    cursor = now(source)
    account.admin.advance(3600)
    account.edit([chosen], "Bergen")
    assert cities_of(rows(changed_since(source, cursor))) == {chosen: "Bergen"}


def test_what_the_index_shows_late_comes_with_the_second_look(
    account: Account, source: HubSpotSource
) -> None:
    account.admin.setting(hubspot_search_lag_seconds=3000)
    cursor, edited = edit_some(account, source, 20)
    at: datetime = source.clock()
    first = cities_of(rows(changed_since(source, cursor)))
    account.admin.advance(3600)
    settled = list(source.reread(PLAIN.stream, FIELDS, cursor.modified_at, at))
    assert len(first) < len(edited)
    assert {**first, **cities_of(rows(settled))} == edited
    assert [batch.cursor for batch in settled] == [None]


def test_records_that_the_index_counts_and_does_not_show_cost_no_other(
    account: Account, source: HubSpotSource
) -> None:
    cursor, edited = edit_some(account, source, 9)
    account.admin.setting(hubspot_search_lag_seconds=3600)
    gone = sorted(edited)[-2:]
    for one in gone:
        account.archive(one)
    left = {one: city for one, city in edited.items() if one not in gone}
    assert cities_of(rows(changed_since(source, cursor))) == left


def test_the_list_is_taken_where_it_costs_less(
    account: Account, source: HubSpotSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MANY", 10)
    cursor, edited = edit_some(account, source, len(account.ids()))
    [batch] = changed_since(source, cursor)
    assert batch.road is not None
    assert (batch.road.name, batch.road.other) == ("list", "search")
    assert cities_of(rows([batch])) == edited


def test_the_list_gives_only_what_changed(
    account: Account, source: HubSpotSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MANY", 1)
    monkeypatch.setattr(searches, "SEARCH_SIZE", 1)
    cursor, edited = edit_some(account, source, len(account.ids()) - 2)
    assert cities_of(rows(changed_since(source, cursor))) == edited


def test_contacts_that_the_account_fails_at_cost_no_other_and_come_by_id_later(
    account: Account, source: HubSpotSource
) -> None:
    cursor, edited = edit_some(account, source, 7)
    account.fault(kind="partly", path=BATCH, count=99)
    batches = changed_since(source, cursor)
    failed = batches[-1].failed
    assert (len(failed), cities_of(rows(batches)).keys()) == (2, edited.keys() - failed)
    assert batches[-1].cursor == Cursor(source.clock(), read_at=source.clock())
    account.admin("DELETE", "faults").raise_for_status()
    found = list(source.read_records(PLAIN.stream, FIELDS, sorted(failed)))
    assert cities_of(rows(found)) == dict.fromkeys(failed, "Bergen")
