import pytest

from connectors.errors import UnreadableAnswerError
from connectors.hubspot.associations import read_associations
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.insisting import WAITS
from connectors.hubspot.source import HubSpotSource
from connectors.hubspot.streams.people import CONTACTS
from connectors.records import Field
from tests.unit.connectors.faketime import FakeTime
from tests.unit.connectors.hubspot.portal import COMPANIES, OBJECTS, Portal, contact
from tests.unit.connectors.scripted import Answer, Script

FIELDS = tuple(Field(n, "string") for n in ("hs_object_id", "email"))


def failed(category: str, **context: list[str]) -> Answer:
    """Return an answer that has nothing but one error."""
    return Answer({"results": [], "errors": [{"category": category, "context": context}]}, 207)


def read(client: HubSpotClient, *record_ids: str) -> list[str]:
    batches = HubSpotSource(client).read_records(CONTACTS.stream, FIELDS, record_ids)
    return [one for batch in batches for one in batch.tables["contacts"]["_record_id"].to_pylist()]


def test_what_hubspot_failed_to_read_is_asked_for_again(
    script: Script, client: HubSpotClient, time: FakeTime
) -> None:
    script.on("POST", f"{OBJECTS}/batch/read", failed("INTERNAL_ERROR", ids=["1", "2"]))
    Portal([contact(1, 1), contact(2, 1)]).attach(script)
    assert sorted(read(client, "1", "2")) == ["1", "2"]
    assert time.waits[0] == WAITS[0]


@pytest.mark.parametrize("category", ["INTERNAL_ERROR", "RATE_LIMITS", ""])
def test_what_hubspot_fails_to_read_again_and_again_is_not_gone(
    script: Script, client: HubSpotClient, category: str
) -> None:
    script.on("POST", f"{OBJECTS}/batch/read", failed(category, ids=["1"]))
    with pytest.raises(UnreadableAnswerError, match="part of the answer is missing"):
        read(client, "1")


def test_associations_that_hubspot_failed_to_read_are_asked_for_again(
    script: Script, client: HubSpotClient
) -> None:
    script.on("POST", COMPANIES, failed("INTERNAL_ERROR", fromObjectId=["1"]))
    Portal([]).attach(script)
    found = read_associations(client, CONTACTS, "companies", ["1"])
    assert found["associations"].to_pylist() == ["[]"]
    assert len(script.asked_for(COMPANIES)) == 2


def test_a_record_that_is_gone_has_no_row_of_associations(
    script: Script, client: HubSpotClient
) -> None:
    script.on("POST", COMPANIES, failed("OBJECT_NOT_FOUND", ids=["1"]))
    assert read_associations(client, CONTACTS, "companies", ["1"]).num_rows == 0
    assert len(script.asked) == 1
