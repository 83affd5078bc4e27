"""Lists of records and their members, paged while they change."""

from typing import Any

import pytest

from connectors.errors import SkippedStreamError, UnreadableAnswerError
from connectors.hubspot.catalogs.parts import Part
from connectors.hubspot.catalogs.reader import CatalogReader
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.streams.account import LIST_MEMBERSHIPS, LISTS
from connectors.records import Batch
from connectors.values import format_datetime, to_epoch_ms
from tests.unit.connectors.hubspot.portal import CLOCK, at
from tests.unit.connectors.scripted import Answer, Script

SEARCH = "/crm/v3/lists/search"


def known(list_id: str, object_type_id: str = "0-1") -> dict[str, Any]:
    return {
        "listId": list_id,
        "name": f"List {list_id}",
        "objectTypeId": object_type_id,
        "processingType": "DYNAMIC",
        "createdAt": format_datetime(at(1)),
        "updatedAt": format_datetime(at(2)),
        "filtersUpdatedAt": format_datetime(at(3)),
        "additionalProperties": {"hs_list_size": "2"},
    }


def found(*lists: dict[str, Any], total: int, offset: int = 0, more: bool = False) -> Answer:
    return Answer({"lists": lists, "hasMore": more, "offset": offset, "total": total})


def members(*record_ids: int, total: int, after: str = "") -> Answer:
    results = [
        {"recordId": str(n), "membershipTimestamp": format_datetime(at(n))} for n in record_ids
    ]
    paging = {"paging": {"next": {"after": after}}} if after else {}
    return Answer({"results": results, "total": total, **paging})


def of(list_id: str) -> str:
    return f"/crm/v3/lists/{list_id}/memberships"


def read(client: HubSpotClient, batch_rows: int = 9, **known: str) -> list[Batch]:
    signs = {f"{name.removeprefix('list')}:": sign for name, sign in known.items()}
    return list(CatalogReader(client, LIST_MEMBERSHIPS, (), batch_rows, signs).read())


def ids(batch: Batch) -> list[str]:
    [table] = batch.tables.values()
    read_ids: list[str] = table["_record_id"].to_pylist()
    return read_ids


def ms(minute: int) -> str:
    return str(to_epoch_ms(at(minute)))


def moved(list_id: str, size: str = "1", **stamps: str) -> dict[str, Any]:
    told = {f"hs_last_record_{name}_at": stamp for name, stamp in stamps.items()}
    return {**known(list_id), "additionalProperties": {"hs_list_size": size, **told}}


def test_a_list_as_it_is_known_is_left_out_and_not_gone(
    script: Script, client: HubSpotClient
) -> None:
    lists = (moved("17", added=ms(-2), removed=ms(-1)), moved("18", added=ms(-3)), known("19"))
    script.on("POST", SEARCH, found(*lists, total=3))
    script.on("GET", of("18"), members(8, total=1))
    script.on("GET", of("19"), members(9, total=1))
    [batch] = read(client, list17=f"1 {ms(-2)} {ms(-1)}", list18=f"2 {ms(-3)} ")
    assert (ids(batch), batch.unmoved) == (["18:8", "19:9"], ("17:",))
    assert (batch.whole, batch.signs) == (("18:", "19:", ""), {"18:": f"1 {ms(-3)} "})


@pytest.mark.parametrize(
    "stamps",
    [
        {},
        {"removed": ms(-9)},
        {"added": "2026-11-22T08:00:00Z"},
        {"added": ms(1)},
        {"added": ms(-9), "removed": ms(1)},
    ],
    ids=["none", "no one joined", "no number", "joined within the hour", "left within the hour"],
)
def test_a_list_that_may_be_moving_is_read_each_time(
    script: Script, client: HubSpotClient, stamps: dict[str, str]
) -> None:
    script.on("POST", SEARCH, found(moved("17", **stamps), total=1))
    script.on("GET", of("17"), members(7, total=1))
    [batch] = read(client, list17="")
    assert (ids(batch), batch.signs, batch.unmoved) == (["17:7"], {}, ())


def test_signs_come_with_the_batch_that_ends_their_list(
    script: Script, client: HubSpotClient
) -> None:
    lists = (moved("17", "2", added=ms(-2)), moved("18", "2", added=ms(-1)))
    script.on("POST", SEARCH, found(*lists, total=2))
    for name in ("17", "18"):
        script.on("GET", of(name), members(1, 2, total=2))
    signs = [batch.signs for batch in read(client, 2)]
    assert signs == [{"17:": f"2 {ms(-2)} "}, {"18:": f"2 {ms(-1)} "}]


@pytest.mark.parametrize(
    ("answers", "came"),
    [
        ([members(1, total=1)], 1),
        ([members(1, 2, total=2, after="x"), members(2, 3, 4, total=4)], 4),
        ([members(total=0)], 0),
        ([Answer({"results": [{"recordId": "1"}]})], 1),
    ],
    ids=["fewer", "more, and one twice", "none", "fewer, without a total"],
)
def test_signs_stand_for_members_that_are_not_as_many_once_two_readings_showed_them(
    script: Script, client: HubSpotClient, answers: list[Answer], came: int
) -> None:
    script.on("POST", SEARCH, found(moved("17", "3", added=ms(-2)), total=1))
    script.on("GET", of("17"), *answers)
    [once] = read(client)
    signs = f"3 {ms(-2)} "
    assert (once.whole, once.signs) == (("17:", ""), {"17:": f"{signs}|{came}?"} if came else {})
    for known in (signs + "|9", signs + "|9?", f"4 {ms(-2)} |{came}?"):
        assert Part("17:", (), signs, lambda: came).signs_of_all(known) == once.signs.get("17:", "")


def test_a_list_whose_size_is_off_is_left_out_after_two_readings(
    script: Script, client: HubSpotClient
) -> None:
    script.on("POST", SEARCH, found(moved("17", "3", added=ms(-2)), total=1))
    script.on("GET", of("17"), members(1, 2, total=2))
    batches, signs = [], ""
    for _ in range(3):
        [batch] = read(client, list17=signs)
        batches.append(batch)
        signs = batch.signs.get("17:", signs)
    assert [batch.whole for batch in batches] == [("17:", ""), ("17:", ""), ("",)]
    assert [ids(batch) for batch in batches] == [["17:1", "17:2"], ["17:1", "17:2"], []]
    assert (batches[2].unmoved, signs) == (("17:",), f"3 {ms(-2)} |2")


def test_lists_are_searched_page_by_page(script: Script, client: HubSpotClient) -> None:
    first = found(known("17"), total=2, offset=1, more=True)
    script.on("POST", SEARCH, first, found(known("18", "0-2"), total=2, offset=2))
    [batch] = CatalogReader(client, LISTS).read()
    assert (ids(batch), batch.whole) == (["17", "18"], ("",))
    assert [asked.json()["offset"] for asked in script.asked] == [0, 1]
    assert batch.tables["lists"].to_pylist()[0] == {
        "_record_id": "17",
        "_modified_at": CLOCK,
        "_is_deleted": False,
        "list_id": "17",
        "name": "List 17",
        "object_type_id": "0-1",
        "processing_type": "DYNAMIC",
        "size": 2,
        "created_at": at(1),
        "updated_at": at(2),
        "filters_updated_at": at(3),
        "_unreadable": None,
    }


def test_lists_that_slipped_between_two_pages_are_looked_for_again(
    script: Script, client: HubSpotClient
) -> None:
    first = found(known("17"), total=2, offset=1, more=True)
    twice = found(known("17"), total=2, offset=2)
    script.on("POST", SEARCH, first, twice, first, found(known("18"), total=2, offset=2))
    [batch] = CatalogReader(client, LISTS).read()
    assert ids(batch) == ["17", "18"]


def test_fewer_lists_than_there_are_is_an_error(script: Script, client: HubSpotClient) -> None:
    script.on("POST", SEARCH, found(known("17"), total=2))
    with pytest.raises(UnreadableAnswerError, match="1 of 2 lists came"):
        list(CatalogReader(client, LISTS).read())


def test_a_search_without_progress_is_an_error(script: Script, client: HubSpotClient) -> None:
    script.on("POST", SEARCH, found(known("17"), total=2, more=True))
    with pytest.raises(UnreadableAnswerError, match="begins where this one did"):
        list(CatalogReader(client, LISTS).read())


def test_lists_hidden_from_our_key_are_skipped(script: Script, client: HubSpotClient) -> None:
    script.on("POST", SEARCH, Answer({"category": "MISSING_SCOPES"}, status=403))
    for stream in (LISTS, LIST_MEMBERSHIPS):
        with pytest.raises(SkippedStreamError, match="MISSING_SCOPES"):
            list(CatalogReader(client, stream).read())


def test_members_are_read_of_lists_of_contacts_and_companies(
    script: Script, client: HubSpotClient
) -> None:
    script.on("POST", SEARCH, found(known("17"), known("18", "0-3"), known("19", "0-2"), total=3))
    script.on("GET", of("17"), members(1, total=2, after="x"), members(2, total=2))
    script.on("GET", of("19"), members(5, total=1))
    [batch] = read(client)
    assert (ids(batch), batch.whole) == (["17:1", "17:2", "19:5"], ("17:", "19:", ""))
    assert batch.tables["list_memberships"].to_pylist()[2] == {
        "_record_id": "19:5",
        "_modified_at": CLOCK,
        "_is_deleted": False,
        "list_id": "19",
        "record_id": "5",
        "object_type_id": "0-2",
        "added_at": at(5),
        "_unreadable": None,
    }


def test_a_batch_names_the_lists_that_end_with_it(script: Script, client: HubSpotClient) -> None:
    script.on("POST", SEARCH, found(known("17"), known("18"), total=2))
    script.on("GET", of("17"), members(1, 2, total=2))
    script.on("GET", of("18"), members(1, total=2, after="x"), members(2, total=2))
    assert [(ids(batch), batch.whole, batch.cursor is None) for batch in read(client, 2)] == [
        (["17:1", "17:2"], ("17:",), True),
        (["18:1", "18:2"], ("18:", ""), False),
    ]


def test_members_that_slipped_between_two_pages_are_looked_for_again(
    script: Script, client: HubSpotClient
) -> None:
    script.on("POST", SEARCH, found(known("17"), total=1))
    script.on("GET", of("17"), members(1, total=2), members(1, 2, total=2))
    [batch] = read(client)
    assert ids(batch) == ["17:1", "17:1", "17:2"]


def test_who_joins_behind_us_is_not_missing(script: Script, client: HubSpotClient) -> None:
    script.on("POST", SEARCH, found(known("17"), total=1))
    script.on("GET", of("17"), members(2, total=2, after="x"), members(3, total=3))
    [batch] = read(client)
    assert (ids(batch), len(script.asked_for(of("17")))) == (["17:2", "17:3"], 2)


def test_fewer_members_than_there_are_is_an_error(script: Script, client: HubSpotClient) -> None:
    script.on("POST", SEARCH, found(known("17"), total=1))
    script.on("GET", of("17"), members(1, total=2))
    with pytest.raises(UnreadableAnswerError, match="1 of 2 members came"):
        read(client)


def test_a_list_that_is_refused_leaves_the_others_whole(
    script: Script, client: HubSpotClient
) -> None:
    script.on("POST", SEARCH, found(known("17"), known("18"), total=2))
    gone = Answer("<html>not found</html>", 404, {"X-HubSpot-NotFound": "true"})
    script.on("GET", of("17"), gone)
    script.on("GET", of("18"), members(1, total=1))
    [batch] = read(client)
    assert (ids(batch), batch.whole) == (["18:1"], ("18:",))
    assert "/lists/17/" in batch.skipped["list_memberships:17"]


def test_lists_that_are_all_gone_are_looked_for_once_more(
    script: Script, client: HubSpotClient
) -> None:
    script.on("POST", SEARCH, found(total=0), found(known("17"), total=1, offset=1))
    [batch] = CatalogReader(client, LISTS).read()
    assert ids(batch) == ["17"]


def test_a_list_that_has_members_is_not_empty_where_no_total_is_stated(
    script: Script, client: HubSpotClient
) -> None:
    script.on("POST", SEARCH, found(known("17"), total=1, offset=1))
    script.on("GET", of("17"), Answer({"results": []}), members(4, 5, total=2))
    [batch] = read(client)
    assert ids(batch) == ["17:4", "17:5"]


@pytest.mark.parametrize(
    "answer", [members(total=0), Answer({"results": [{"recordId": "4"}]})], ids=["none", "one"]
)
def test_fewer_members_than_the_size_are_asked_for_again_where_it_is_cheap_or_no_total_is_stated(
    script: Script, client: HubSpotClient, answer: Answer
) -> None:
    script.on("POST", SEARCH, found(moved("17", "2", added=ms(-2)), total=1))
    script.on("GET", of("17"), answer, members(4, 5, total=2))
    [batch] = read(client)
    assert (set(ids(batch)), batch.signs) == ({"17:4", "17:5"}, {"17:": f"2 {ms(-2)} "})


def test_a_list_that_stays_empty_is_believed_the_third_time(
    script: Script, client: HubSpotClient
) -> None:
    script.on("POST", SEARCH, found(known("17"), total=1))
    script.on("GET", of("17"), members(total=0))
    [batch] = read(client)
    assert (ids(batch), batch.whole, len(script.asked_for(of("17")))) == ([], ("17:", ""), 3)
