import pytest

from connectors.errors import UnreadableAnswerError
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.lookups import read_by_id
from connectors.salesforce.soql import Query
from tests.unit.connectors.salesforce.conftest import DATA, QUERY, page, queries, refusal
from tests.unit.connectors.scripted import Answer, Asked, Script

STAMP = "SystemModstamp"
LEADS = Query("Lead", ("Id", STAMP, "Email"))
WHOLE = f"{DATA}/composite/sobjects/Lead"


def lead(record_id: str, stamp: str = "09:01") -> dict[str, object]:
    return {"Id": record_id, STAMP: f"2026-11-22T{stamp}:00.000+0000"}


def read(client: SalesforceClient, *ids: str) -> list[object]:
    pages = read_by_id(client, LEADS, STAMP, ids)
    return [record["Id"] for records in pages for record in records]


def test_two_thousand_records_are_read_in_one_call(org: Script, client: SalesforceClient) -> None:
    org.on("POST", WHOLE, lambda asked: Answer([lead(i) for i in asked.json()["ids"]]))
    ids = [f"{number:04}" for number in range(2_001)]
    assert read(client, *ids) == ids
    assert [len(asked.json()["ids"]) for asked in org.asked_for(WHOLE)] == [2_000, 1]


def test_records_in_the_recycle_bin_are_found_by_a_query(
    org: Script, client: SalesforceClient
) -> None:
    org.on("POST", WHOLE, Answer([lead("1"), None, None]))
    org.on("GET", QUERY, page(lead("2")))
    assert read(client, "1", "2", "3") == ["1", "2"]
    assert queries(org) == ["SELECT Id, SystemModstamp, Email FROM Lead WHERE Id IN ('2','3')"]


def test_an_object_that_is_not_read_by_ids_is_asked_for_by_queries(
    org: Script, client: SalesforceClient
) -> None:
    org.on("POST", WHOLE, refusal(400, "INVALID_TYPE_FOR_OPERATION"))
    org.on("GET", QUERY, page(lead("1")))
    assert read(client, "1") == ["1"]


def test_fewer_answers_than_ids_are_an_error(org: Script, client: SalesforceClient) -> None:
    org.on("POST", WHOLE, Answer([lead("1")]))
    with pytest.raises(UnreadableAnswerError, match="1 records came for 2 ids"):
        read(client, "1", "2")


def test_fields_of_several_queries_are_of_one_moment(org: Script, client: SalesforceClient) -> None:
    stamps = iter(["09:01", "09:02", "09:02", "09:02"])

    def answer(asked: Asked) -> Answer:
        return page(lead("1", next(stamps)))

    client.room.size = 400
    org.on("POST", WHOLE, Answer([None]))
    org.on("GET", QUERY, answer)
    wide = Query("Lead", ("Id", STAMP, *(f"Custom_Field_Number_{n}__c" for n in range(8))))
    [[record]] = read_by_id(client, wide, STAMP, ["1"])
    assert record[STAMP] == "2026-11-22T09:02:00.000+0000"
    assert len(queries(org)) == 4
