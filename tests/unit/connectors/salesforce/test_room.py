from threading import Barrier, Thread

import pytest

from connectors.errors import TooLongError
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.deletions import still_shown
from connectors.salesforce.lookups import read_by_id
from connectors.salesforce.queries import read_small
from connectors.salesforce.room import Room
from connectors.salesforce.soql import Query
from tests.unit.connectors.salesforce.conftest import DATA, QUERY, page, queries, refusal
from tests.unit.connectors.scripted import Answer, Asked, Script

STAMP = "SystemModstamp"
IDS = [f"00Q5e{number:010}EAE" for number in range(400)]
TOO_LONG = Answer("<h1>414</h1>", status=414)


def shown(asked: Asked) -> Answer:
    """Answer all that a query names by id, where something on the way takes 4,000 characters."""
    if len(asked.query["q"]) > 4_000:
        return TOO_LONG
    named = [record_id for record_id in IDS if record_id in asked.query["q"]]
    return page(*({"Id": record_id, STAMP: "2026-11-22T09:00:00Z"} for record_id in named))


def test_four_queries_that_meet_one_limit_halve_the_room_once() -> None:
    room, meeting = Room(), Barrier(4)

    def ask(size: int) -> int:
        if size > 8_000:
            meeting.wait(5)
            room.shrink(size)
            raise TooLongError("salesforce", "queryAll")
        return size

    threads = [Thread(target=room.fit, args=(ask,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert room.size == 7_500


def test_a_query_that_is_short_already_leaves_the_room_as_it_is() -> None:
    room = Room()
    room.shrink(900)
    assert room.size == 15_000


def test_a_single_refusal_of_an_address_is_asked_again(
    org: Script, client: SalesforceClient
) -> None:
    org.on("GET", QUERY, TOO_LONG, page({"Id": "1"}))
    assert read_small(client, Query("Lead", ("Id",))) == [{"Id": "1"}]
    assert client.room.size == 15_000


def test_what_left_the_recycle_bin_is_found_out_by_addresses_that_fit(
    org: Script, client: SalesforceClient
) -> None:
    org.on("GET", QUERY, shown)
    assert still_shown(client, "Lead", IDS) == set(IDS)
    assert client.room.size < 8_000


def test_records_in_the_recycle_bin_are_read_by_addresses_that_fit(
    org: Script, client: SalesforceClient
) -> None:
    org.on("POST", f"{DATA}/composite/sobjects/Lead", refusal(400, "INVALID_TYPE_FOR_OPERATION"))
    org.on("GET", QUERY, shown)
    pages = read_by_id(client, Query("Lead", ("Id", STAMP)), STAMP, IDS)
    assert [record["Id"] for records in pages for record in records] == IDS


def test_an_address_that_is_refused_however_short_is_an_error(
    org: Script, client: SalesforceClient
) -> None:
    org.on("GET", QUERY, TOO_LONG)
    with pytest.raises(TooLongError):
        still_shown(client, "Lead", IDS)
    assert len(queries(org)) < 20
