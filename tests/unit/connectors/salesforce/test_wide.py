import re
from datetime import UTC, datetime

import pytest

from connectors.errors import TooLongError
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.soql import Query
from connectors.salesforce.wide import WideReader
from connectors.salesforce.windows import Window
from tests.unit.connectors.salesforce.conftest import DATA, QUERY, page, queries
from tests.unit.connectors.scripted import Answer, Asked, Script

NAMES = tuple(f"A_Field_With_Quite_A_Long_Name_{number:03}__c" for number in range(60))
STAMP = "SystemModstamp"
LEADS = Query("Lead", ("Id", STAMP, *NAMES))
WHOLE = f"{DATA}/composite/sobjects/Lead"
EARLY, LATE = "2026-11-22T09:01:00.000+0000", "2026-11-22T09:02:00.000+0000"


def told(asked: Asked, stamp: str = EARLY) -> dict[str, object]:
    """Return what a query of one lead is answered: each field its own name."""
    names = re.findall(r"A_Field\w+", asked.query["q"])
    return {"Id": "1", STAMP: stamp, **{name: name for name in names}}


def read(client: SalesforceClient) -> list[dict[str, object]]:
    reader = WideReader(client, LEADS, STAMP, Window())
    return [record for records in reader.read() for record in records]


@pytest.fixture
def narrow(client: SalesforceClient) -> SalesforceClient:
    client.room.size = 1_500
    return client


def test_more_fields_than_an_address_holds_are_asked_for_in_several_queries(
    org: Script, narrow: SalesforceClient
) -> None:
    org.on("GET", QUERY, lambda asked: page(told(asked)))
    [record] = read(narrow)
    assert record == {"Id": "1", STAMP: EARLY, **{name: name for name in NAMES}}
    assert len(queries(org)) == 3
    assert max(len(query) for query in queries(org)) < 1_500


def test_a_record_that_changes_between_two_queries_is_read_again_in_one_piece(
    org: Script, narrow: SalesforceClient
) -> None:
    org.on(
        "GET",
        QUERY,
        lambda asked: page(told(asked)),
        lambda asked: page(told(asked)),
        lambda asked: page(told(asked, LATE)),
    )
    org.on("POST", WHOLE, Answer([{"Id": "1", STAMP: LATE, NAMES[0]: "new"}]))
    assert read(narrow) == [{"Id": "1", STAMP: LATE, NAMES[0]: "new"}]
    assert org.asked_for(WHOLE)[0].json() == {"ids": ["1"], "fields": ["Id", STAMP, *NAMES]}


def test_a_record_whose_rest_is_gone_is_not_given_by_halves(
    org: Script, narrow: SalesforceClient
) -> None:
    org.on("GET", QUERY, lambda asked: page(told(asked)), page())
    org.on("POST", WHOLE, Answer([None]))
    assert read(narrow) == []


def test_an_address_that_is_too_long_for_this_org_is_halved(
    org: Script, client: SalesforceClient
) -> None:
    def answer(asked: Asked) -> Answer:
        too_long = len(asked.query["q"]) > 2_000
        return Answer("<h1>414</h1>", status=414) if too_long else page(told(asked))

    org.on("GET", QUERY, answer)
    [record] = read(client)
    assert {*record} == {"Id", STAMP, *NAMES}
    assert client.room.size == 1_331


def test_an_org_that_takes_no_address_at_all_is_an_error(
    org: Script, client: SalesforceClient
) -> None:
    org.on("GET", QUERY, Answer("<h1>414</h1>", status=414))
    with pytest.raises(TooLongError):
        read(client)


def test_the_pages_of_other_queries_end_with_the_records_of_the_first(
    org: Script, narrow: SalesforceClient
) -> None:
    org.on("GET", QUERY, lambda asked: page(told(asked)))
    window = Window(datetime(2026, 11, 22, 9, tzinfo=UTC))
    list(WideReader(narrow, LEADS, STAMP, window).read())
    assert "WHERE SystemModstamp >= 2026-11-22T09:00:00.000Z ORDER" in queries(org)[0]
    assert (
        "WHERE SystemModstamp >= 2026-11-22T09:01:00.000Z AND SystemModstamp <= "
        "2026-11-22T09:01:00.000Z ORDER"
    ) in queries(org)[1]
