from datetime import timedelta

import pytest

from connectors.errors import UnreadableAnswerError
from connectors.hubspot import changes
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.insisting import WAITS
from connectors.hubspot.source import HubSpotSource
from connectors.hubspot.streams.people import CONTACTS
from connectors.records import Batch, Cursor, Field, Road
from tests.unit.connectors.faketime import FakeTime
from tests.unit.connectors.hubspot.portal import CLOCK, OBJECTS, Portal, at, contact
from tests.unit.connectors.scripted import Answer, Script

FIELDS = tuple(Field(n, "string") for n in ("hs_object_id", "email"))
LEFT = '{"spans": [[3, null]]}'
"""What is left of a list of three contacts behind a page of two."""


@pytest.fixture
def source(client: HubSpotClient) -> HubSpotSource:
    return HubSpotSource(client, look_back=timedelta(minutes=5), batch_rows=2)


def read(source: HubSpotSource, cursor: Cursor | None = None) -> list[Batch]:
    return list(source.read(CONTACTS.stream, FIELDS, cursor))


def ids(batch: Batch) -> list[str]:
    return sorted(batch.tables["contacts"]["_record_id"].to_pylist())


def test_a_first_read_lists_everyone_and_can_be_resumed(
    script: Script, source: HubSpotSource
) -> None:
    Portal([contact(n, minute) for n, minute in [(1, 1), (2, 9), (3, 2)]]).attach(script)
    assert [(ids(batch), batch.cursor) for batch in read(source)] == [
        (["1", "2"], Cursor(at(9), resume_after=LEFT, read_at=CLOCK)),
        (["3"], Cursor(at(9), read_at=CLOCK)),
    ]


def test_a_resumed_first_read_goes_on_where_it_stood(script: Script, source: HubSpotSource) -> None:
    Portal([contact(n, n) for n in (1, 2, 3)]).attach(script)
    [batch] = read(source, Cursor(at(2), resume_after=LEFT))
    assert (ids(batch), batch.cursor) == (["3"], Cursor(at(2)))


def test_a_resumed_first_read_that_finds_no_one_left_still_finishes(
    script: Script, source: HubSpotSource
) -> None:
    Portal([contact(1, 1), contact(2, 2)]).attach(script)
    [batch] = read(source, Cursor(at(2), resume_after=LEFT))
    assert (ids(batch), batch.cursor) == ([], Cursor(at(2)))


@pytest.mark.parametrize("place", ["", "3", "{}", '{"spans": [["a", 1]]}', "not json"])
def test_a_place_that_nobody_understands_is_the_beginning(
    script: Script, source: HubSpotSource, place: str
) -> None:
    Portal([contact(n, n) for n in (1, 2, 3)]).attach(script)
    batches = read(source, Cursor(at(2), resume_after=place))
    assert [record_id for batch in batches for record_id in ids(batch)] == ["1", "2", "3"]


def test_an_empty_account_gives_no_batch(script: Script, source: HubSpotSource) -> None:
    Portal([]).attach(script)
    assert read(source) == []


def test_an_increment_reads_the_window_and_moves_the_cursor_last(
    script: Script, source: HubSpotSource
) -> None:
    Portal([contact(1, 30), contact(2, 4), contact(3, 31), contact(4, 6), contact(5, 10)]).attach(
        script
    )
    before = Cursor(at(10))
    assert [(ids(batch), batch.cursor) for batch in read(source, before)] == [
        (["4", "5"], before),
        (["1", "3"], Cursor(at(31), read_at=CLOCK)),
    ]


def test_what_became_visible_late_is_still_read(script: Script, source: HubSpotSource) -> None:
    Portal([contact(1, 4), contact(2, 6), contact(3, 10)]).attach(script)
    [batch] = read(source, Cursor(at(10), read_at=at(11)))
    assert ids(batch) == ["2", "3"]


def test_what_was_read_an_hour_after_its_stamp_is_not_read_again(
    script: Script, source: HubSpotSource
) -> None:
    Portal([contact(1, -1), contact(2, 0), contact(3, 0), contact(4, 59)]).attach(script)
    [batch] = read(source, Cursor(at(0), read_at=at(60)))
    assert ids(batch) == ["4"]


def test_the_window_ends_at_hubspots_clock(script: Script, source: HubSpotSource) -> None:
    Portal([contact(1, 59), contact(2, 61)]).attach(script)
    [batch] = read(source, Cursor(at(30)))
    assert (ids(batch), batch.cursor) == (["1"], Cursor(at(59), read_at=CLOCK))


def test_an_archived_contact_is_a_deleted_row_of_when_it_was_archived(
    script: Script, source: HubSpotSource
) -> None:
    gone = archive(contact(7, 1, email="a@example.com"), 40)
    old = archive(contact(8, 1), 2)
    Portal([], archived=[gone, old]).attach(script)
    [batch] = source.deletions(CONTACTS.stream, FIELDS, at(30))
    [row] = batch.tables["contacts"].to_pylist()
    assert (row["_record_id"], row["_modified_at"], row["_is_deleted"], row["email"]) == (
        "7",
        at(40),
        True,
        "a@example.com",
    )
    assert batch.cursor is None


def archive(found: dict[str, object], minute: int) -> dict[str, object]:
    return {**found, "archived": True, "archivedAt": at(minute).isoformat()}


def test_a_merged_contact_is_kept_under_the_id_that_came_back(
    script: Script, source: HubSpotSource
) -> None:
    survivor = contact(9, 31, hs_merged_object_ids="4;1")
    Portal([contact(1, 31)], batch=Answer({"results": [survivor]})).attach(script)
    [batch] = read(source, Cursor(at(30)))
    rows = batch.tables["contacts"].select(["_record_id", "_is_deleted", "hs_object_id"])
    assert [tuple(row.values()) for row in rows.to_pylist()] == [
        ("9", False, "9"),
        ("4", True, None),
        ("1", True, None),
    ]


def test_a_contact_that_vanishes_between_search_and_read_is_left_out(
    script: Script, source: HubSpotSource
) -> None:
    gone = [{"category": "OBJECT_NOT_FOUND", "context": {"ids": ["2"]}}]
    answer = Answer({"results": [contact(1, 31)], "errors": gone}, status=207)
    Portal([contact(1, 31), contact(2, 31)], batch=answer).attach(script)
    [batch] = read(source, Cursor(at(30)))
    assert ids(batch) == ["1"]


def test_an_unexplained_gap_in_a_batch_is_an_error(script: Script, source: HubSpotSource) -> None:
    answer = Answer({"results": [contact(1, 31)]})
    Portal([contact(1, 31), contact(2, 31)], batch=answer).attach(script)
    with pytest.raises(UnreadableAnswerError, match="1 of 2 contacts"):
        read(source, Cursor(at(30)))


def test_a_search_that_announces_more_than_it_gives_is_not_believed(
    script: Script, source: HubSpotSource
) -> None:
    portal = Portal([contact(1, 31), contact(2, 4)])
    script.on("POST", f"{OBJECTS}/search", Answer({"total": 1, "results": []}))
    portal.attach(script)
    [batch] = read(source, Cursor(at(30)))
    assert (ids(batch), batch.cursor) == (["1"], Cursor(at(31), read_at=CLOCK))


def test_the_list_in_place_of_a_bad_search_is_named_as_the_road_that_was_taken(
    script: Script, source: HubSpotSource, time: FakeTime
) -> None:
    script.on("POST", f"{OBJECTS}/search", *[Answer({"total": 1, "results": []})] * 3)
    Portal([contact(1, 31), contact(2, 4)]).attach(script)
    [batch] = read(source, Cursor(at(30)))
    assert batch.road == Road("list", 1, "search")
    assert time.waits == list(WAITS)


def test_a_bad_search_is_not_worth_a_long_list_and_leaves_the_cursor_where_it_was(
    script: Script, source: HubSpotSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "COSTLY", 0)
    portal = Portal([contact(n, 31) for n in (1, 2, 3, 4)])
    empty = Answer({"total": 2, "results": []})
    script.on("POST", f"{OBJECTS}/search", portal.search, *[empty] * 3)
    portal.attach(script)
    batches = source.read(CONTACTS.stream, FIELDS, Cursor(at(30)))
    batch = next(batches)
    assert (ids(batch), batch.cursor) == (["1", "2"], Cursor(at(30)))
    with pytest.raises(UnreadableAnswerError, match="the list would cost 1 requests"):
        next(batches)


def test_a_list_without_progress_is_an_error(script: Script, source: HubSpotSource) -> None:
    portal = Portal([contact(5, 1)])
    page = {"results": portal.living, "paging": {"next": {"after": "5"}}}
    script.on("GET", OBJECTS, Answer(page))
    portal.attach(script, lists=False)
    with pytest.raises(UnreadableAnswerError, match="leads nowhere"):
        read(source)


def offer_pages(script: Script, *pages: tuple[int, str | None]) -> None:
    """Let the list have a contact on each page, and say where the next page begins."""
    for number, after in pages:
        paging = {"paging": {"next": {"after": after}}} if after else {}
        script.on("GET", OBJECTS, Answer({"results": [contact(number, 1)], **paging}))
    Portal([contact(number, 1) for number, _ in pages]).attach(script)


def test_a_list_whose_places_are_no_ids_is_followed_page_by_page(
    script: Script, source: HubSpotSource
) -> None:
    offer_pages(script, (9, "x"), (4, "y"), (7, "z"), (8, None))
    *unfinished, last = read(source)
    assert [ids(batch) for batch in (*unfinished, last)] == [["4", "9"], ["7", "8"]]
    assert [b.cursor.resume_after for b in unfinished if b.cursor] == ['{"after": "y"}']
    assert [asked.query.get("after") for asked in script.asked_for(OBJECTS)] == [
        *(None, "x", "y", "z")
    ]


def test_a_list_that_turns_in_circles_is_an_error(script: Script, source: HubSpotSource) -> None:
    offer_pages(script, (9, "x"), (4, "y"), (7, "x"), (4, "y"), (7, "x"))
    with pytest.raises(UnreadableAnswerError, match="turns in circles"):
        read(source)


def test_many_properties_are_asked_for_by_batch_instead_of_by_url(
    script: Script, source: HubSpotSource
) -> None:
    Portal([contact(1, 1)]).attach(script)
    names = [f"a_rather_long_property_name_{number}" for number in range(400)]
    fields = [Field(name, "string") for name in names]
    [batch] = source.read(CONTACTS.stream, fields, None)
    assert (ids(batch), script.asked[0].query) == (["1"], {"limit": "100"})
    assert script.asked[1].json()["properties"][:400] == names


def test_an_answer_that_was_made_for_another_question_is_asked_for_again(
    script: Script, source: HubSpotSource
) -> None:
    portal = Portal([contact(1, 31, email="a@example.com")])
    short = {**portal.living[0], "properties": {"lastmodifieddate": at(31).isoformat()}}
    script.on("POST", f"{OBJECTS}/batch/read", Answer({"results": [short]}))
    script.on("GET", OBJECTS, Answer({"results": [short]}))
    portal.attach(script)
    for cursor in (None, Cursor(at(30))):
        [batch] = read(source, cursor)
        assert batch.tables["contacts"]["email"].to_pylist() == ["a@example.com"]


def test_a_property_that_is_told_of_no_record_is_an_error(
    script: Script, source: HubSpotSource
) -> None:
    Portal([contact(1, 31)], batch=Answer({"results": [{"id": "1", "properties": {}}]})).attach(
        script
    )
    with pytest.raises(UnreadableAnswerError, match="exclude the property"):
        read(source, Cursor(at(30)))


def test_a_property_that_is_told_of_some_records_only_is_empty_for_the_others(
    script: Script, source: HubSpotSource
) -> None:
    portal = Portal([contact(1, 31, email="a@example.com"), contact(2, 31)])
    del portal.living[1]["properties"]["email"]
    script.on("POST", f"{OBJECTS}/batch/read", Answer({"results": portal.living}))
    portal.attach(script)
    [batch] = read(source, Cursor(at(30)))
    assert batch.tables["contacts"]["email"].to_pylist() == ["a@example.com", None]


@pytest.mark.parametrize("kept", [0, 1])
def test_a_recycle_bin_that_ends_too_early_is_read_again(
    script: Script, source: HubSpotSource, kept: int
) -> None:
    portal = Portal([], archived=[archive(contact(n, 1), 40) for n in (7, 8)])
    script.on("GET", OBJECTS, Answer({"results": portal.archived[:kept]}))
    portal.attach(script)
    [batch] = source.deletions(CONTACTS.stream, FIELDS, at(30))
    assert ids(batch) == ["7", "8"]
