from collections.abc import Collection
from typing import Any

import pytest

from connectors.errors import UnreadableAnswerError
from connectors.hubspot import lookups
from connectors.hubspot.associations import read_associations
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.insisting import WAITS
from connectors.hubspot.source import HubSpotSource
from connectors.hubspot.streams.people import CONTACTS
from connectors.records import Cursor, Field
from tests.unit.connectors.faketime import FakeTime
from tests.unit.connectors.hubspot.portal import COMPANIES, OBJECTS, Portal, at, contact
from tests.unit.connectors.scripted import Answer, Asked, Script

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


class Failing(Portal):
    """A portal of ten contacts that fails at some of them each time."""

    lost: Collection[str] = ()

    def read(self, asked: Asked) -> Answer:
        body: dict[str, Any] = super().read(asked).body
        ids = [entry["id"] for entry in asked.json()["inputs"] if entry["id"] in self.lost]
        results = [one for one in body["results"] if one["id"] not in ids]
        errors = [{"category": "INTERNAL_ERROR", "context": {"ids": ids}}] if ids else []
        return Answer({**body, "results": results, "errors": errors}, 207)


def fail_at(script: Script, *lost: str) -> None:
    portal = Failing([contact(n, 31) for n in range(1, 11)])
    portal.lost = lost
    portal.attach(script)


def test_records_that_hubspot_fails_at_are_an_error_behind_the_others(
    script: Script, client: HubSpotClient
) -> None:
    fail_at(script, "5", "6")
    ids = [str(n) for n in range(1, 11)]
    batches = HubSpotSource(client).read_records(CONTACTS.stream, FIELDS, ids)
    assert next(batches).tables["contacts"].num_rows == 8
    with pytest.raises(UnreadableAnswerError, match="fails at 2 records, such as 5"):
        next(batches)
    asked = [len(one.json()["inputs"]) for one in script.asked_for(f"{OBJECTS}/batch/read")]
    assert asked == [10, 2, 2]


def test_an_increment_yields_all_but_those_that_hubspot_fails_at_and_keeps_its_cursor(
    script: Script, client: HubSpotClient
) -> None:
    fail_at(script, "2")
    cursor = Cursor(at(30))
    found = HubSpotSource(client).read(CONTACTS.stream, FIELDS, cursor)
    batch = next(found)
    assert (batch.tables["contacts"].num_rows, batch.cursor) == (9, cursor)
    with pytest.raises(UnreadableAnswerError, match="fails at 1 record"):
        next(found)


def test_a_record_that_hubspot_fails_at_costs_no_other_where_it_is_a_batch_alone(
    script: Script, client: HubSpotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookups, "LIST_SIZE", 3)
    monkeypatch.setattr(lookups, "HISTORY_SIZE", 3)
    fail_at(script, "4")
    ids = ["1", "2", "3", "4"]
    batches = HubSpotSource(client).read_records(CONTACTS.stream, FIELDS, ids)
    assert next(batches).tables["contacts"].num_rows == 3
    with pytest.raises(UnreadableAnswerError, match="fails at 1 record"):
        next(batches)


def test_more_failures_than_single_records_can_be_at_fault_for_end_the_reading(
    script: Script, client: HubSpotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookups, "MOST_FAILED", 1)
    fail_at(script, "1", "2")
    with pytest.raises(UnreadableAnswerError, match="fails at 2 records"):
        read(client, "1", "2", "3")


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
