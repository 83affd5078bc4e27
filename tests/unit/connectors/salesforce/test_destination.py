from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from connectors.changes import RecordChange, WriteResult
from connectors.errors import UnreadableAnswerError
from connectors.records import Value
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.destination import SalesforceDestination
from tests.unit.connectors.salesforce.conftest import DATA
from tests.unit.connectors.scripted import Answer, Asked, Script

COLLECTION = f"{DATA}/composite/sobjects"
READ = f"{COLLECTION}/Lead"
TAKEN = {"id": "x", "success": True, "errors": []}


def refused(code: str, *fields: str) -> dict[str, object]:
    error = {"statusCode": code, "message": "bad value: Ada", "fields": list(fields)}
    return {"success": False, "errors": [error]}


@pytest.fixture
def destination(client: SalesforceClient) -> SalesforceDestination:
    return SalesforceDestination(client)


def test_values_are_sent_in_salesforces_spelling(
    org: Script, destination: SalesforceDestination
) -> None:
    org.on("PATCH", COLLECTION, Answer([TAKEN]))
    since = datetime(2026, 11, 22, 9, 0, 0, 123_456, tzinfo=UTC)
    values: dict[str, Value] = {
        "D__c": since,
        "N__c": Decimal("12.50"),
        "T__c": None,
        "Y__c": date(2026, 1, 2),
    }
    destination.write("Lead", [RecordChange("1", values)])
    assert org.asked_for(COLLECTION)[0].body == (
        '{"allOrNone":false,"records":[{"attributes":{"type":"Lead"},"id":"1",'
        '"D__c":"2026-11-22T09:00:00.123Z","N__c":12.50,"T__c":null,"Y__c":"2026-01-02"}]}'
    )


def test_owners_are_kept(org: Script, destination: SalesforceDestination) -> None:
    org.on("PATCH", COLLECTION, Answer([TAKEN]))
    destination.write("Lead", [RecordChange("1", {})])
    assert org.asked_for(COLLECTION)[0].headers["Sforce-Auto-Assign"] == "FALSE"


def test_each_record_has_its_own_result_without_values(
    org: Script, destination: SalesforceDestination
) -> None:
    org.on("PATCH", COLLECTION, Answer([TAKEN, refused("STRING_TOO_LONG", "T__c")]))
    changes = [RecordChange("1", {}), RecordChange("2", {"T__c": "Ada"})]
    assert destination.write("Lead", changes) == [
        WriteResult("1", "accepted"),
        WriteResult("2", "rejected", "STRING_TOO_LONG", "Salesforce refused T__c"),
    ]


def test_only_locked_records_are_sent_again(
    org: Script, destination: SalesforceDestination
) -> None:
    org.on("PATCH", COLLECTION, Answer([TAKEN, refused("UNABLE_TO_LOCK_ROW")]), Answer([TAKEN]))
    results = destination.write("Lead", [RecordChange("1", {}), RecordChange("2", {})])
    assert results == [WriteResult("1", "accepted"), WriteResult("2", "accepted")]
    assert [record["id"] for record in org.asked[-1].json()["records"]] == ["2"]


def test_a_record_that_stays_locked_is_rejected(
    org: Script, destination: SalesforceDestination
) -> None:
    org.on("PATCH", COLLECTION, Answer([refused("UNABLE_TO_LOCK_ROW")]))
    [result] = destination.write("Lead", [RecordChange("1", {})])
    assert (result.state, result.code) == ("rejected", "UNABLE_TO_LOCK_ROW")
    assert len(org.asked_for(COLLECTION)) == 3


def test_nothing_is_sent_for_no_changes(org: Script, destination: SalesforceDestination) -> None:
    assert destination.write("Lead", []) == []
    assert org.asked == []


def test_results_must_match_the_records(org: Script, destination: SalesforceDestination) -> None:
    org.on("PATCH", COLLECTION, Answer([TAKEN, TAKEN]))
    with pytest.raises(UnreadableAnswerError, match="2 results came for 1"):
        destination.write("Lead", [RecordChange("1", {})])


def test_current_values_are_typed_and_gone_records_left_out(
    org: Script, destination: SalesforceDestination
) -> None:
    org.on("POST", READ, Answer([{"Id": "1", "Size__c": 12.5, "Email": ""}, None]))
    assert destination.read_current("Lead", ["1", "2"], ["Size__c", "Email"]) == {
        "1": {"Size__c": Decimal("12.5"), "Email": None}
    }
    assert org.asked_for(READ)[0].json() == {
        "ids": ["1", "2"],
        "fields": ["Email", "Id", "Size__c"],
    }


def test_many_records_are_read_2000_at_a_time(
    org: Script, destination: SalesforceDestination
) -> None:
    def answer(asked: Asked) -> Answer:
        return Answer([{"Id": record_id} for record_id in asked.json()["ids"]])

    org.on("POST", READ, answer)
    ids = [str(number) for number in range(2_001)]
    assert list(destination.read_current("Lead", ids, ["Id"])) == ids
    assert [len(asked.json()["ids"]) for asked in org.asked_for(READ)] == [2_000, 1]
    assert destination.calls.write == 0
