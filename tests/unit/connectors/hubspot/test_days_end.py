"""The day's calls end while records are read: what was read by then, and paid for, is kept."""

from collections.abc import Callable
from datetime import timedelta
from itertools import chain, repeat

import pytest

from connectors.errors import QuotaExhaustedError
from connectors.hubspot import first_read
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.source import HubSpotSource
from connectors.hubspot.streams.people import CONTACTS
from connectors.records import Cursor, Field
from tests.unit.connectors.hubspot import portal as portals
from tests.unit.connectors.hubspot.portal import Portal, at, contact
from tests.unit.connectors.scripted import Answer, Asked, Reply, Script

FIELDS = tuple(Field(n, "string") for n in ("hs_object_id", "email"))
SPENT = Answer({"status": "error", "policyName": "DAILY", "errorType": "RATE_LIMIT"}, status=429)


def for_so_many(calls: int, answer: Reply) -> Reply:
    """Answer so many calls; then the day's are used up."""
    left = chain(repeat(answer, calls), repeat(SPENT))

    def reply(asked: Asked) -> Answer:
        chosen = next(left)
        return chosen if isinstance(chosen, Answer) else chosen(asked)

    return reply


def spent_from(record_id: int, answer: Callable[[Asked], Answer]) -> Callable[[Asked], Answer]:
    """Answer batches; the day's calls are used up before this record is asked for."""

    def reply(asked: Asked) -> Answer:
        ids = [int(entry["id"]) for entry in asked.json()["inputs"]]
        return SPENT if max(ids) >= record_id else answer(asked)

    return reply


def kept(client: HubSpotClient, batch_rows: int, cursor: Cursor | None) -> list[list[str]]:
    """Return the ids of each batch that comes until the day's calls are used up."""
    source = HubSpotSource(client, look_back=timedelta(minutes=5), batch_rows=batch_rows)
    found: list[list[str]] = []
    read = source.read(CONTACTS.stream, FIELDS, cursor)
    tables = (batch.tables["contacts"] for batch in read)
    with pytest.raises(QuotaExhaustedError):
        found.extend(sorted(table["_record_id"].to_pylist()) for table in tables)
    return found


@pytest.mark.parametrize("question", ["read", "associations"])
def test_an_increment_keeps_once_what_is_whole_before_the_days_end(
    script: Script, client: HubSpotClient, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    monkeypatch.setattr(portals, "PAGE", 200)
    portal = Portal([contact(n, 31) for n in range(1, 121)])
    monkeypatch.setattr(portal, question, spent_from(101, getattr(portal, question)))
    portal.attach(script)
    assert [len(ids) for ids in kept(client, 40, Cursor(at(30)))] == [40, 40]


def test_a_first_read_keeps_small_batches_first(
    script: Script, client: HubSpotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_read, "FIRST_ROWS", 2)
    portal = Portal([contact(n, n) for n in range(1, 20)])
    monkeypatch.setattr(portal, "list", for_so_many(6, portal.list))
    portal.attach(script)
    assert kept(client, 100, None)[:2] == [["1", "2"], ["3", "4", "5", "6"]]
