from connectors.hubspot import batch_errors
from connectors.hubspot.answers import BatchError
from connectors.hubspot.associations import read_associations
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.failures import Failures
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


def test_failures_tell_of_nobody_who_is_gone_or_alone() -> None:
    errors = [BatchError("INTERNAL_ERROR", None, {"ids": ["1"], "fromObjectId": ["2"]})]
    assert batch_errors.failed(errors, ["1", "2", "3"]) == {"1", "2"}
    assert (batch_errors.gone(errors), batch_errors.alone(errors)) == (set(), set())


def test_a_record_whose_further_associations_fail_has_no_row(
    script: Script, client: HubSpotClient
) -> None:
    near = {"from": {"id": "1"}, "to": [], "paging": {"next": {"after": "2"}}}
    failure = failed("INTERNAL_ERROR", fromObjectId=["1"])
    script.on("POST", COMPANIES, Answer({"results": [near]}), failure)
    failures = Failures()
    found = read_associations(client, CONTACTS, "companies", ["1"], failures)
    assert (found.num_rows, failures.ids) == (0, frozenset({"1"}))
