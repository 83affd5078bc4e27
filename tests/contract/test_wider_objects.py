"""Leads, tickets, messages and custom objects, made in the sandbox and read over HTTP."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from connectors.hubspot.source import HubSpotSource
from connectors.hubspot.streams.activities import COMMUNICATIONS
from connectors.hubspot.streams.custom import custom_object
from connectors.hubspot.streams.service import LEADS, TICKETS
from connectors.hubspot.streams.shape import ObjectStream, with_histories
from tests.contract.conftest import Sandbox
from tests.contract.portal import MACHINE, Portal, opened

MACHINES = with_histories(custom_object("machine"), ["Serial"])
SCHEMAS = "/crm-object-schemas/v3/schemas"
NEW = {
    "leads": {"hs_lead_name": "Ann wants more"},
    "tickets": {"subject": "Printer", "content": "It burns", "hs_pipeline_stage": "1"},
    "communications": {"hs_timestamp": "2026-01-01T00:00:00Z", "hs_communication_body": "Hello"},
    "machine": {"serial": "A-1"},
}
WORDS = {"content", "hs_communication_body"}
HISTORIES = {
    "leads": {"hs_pipeline_stage"},
    "tickets": {"hs_pipeline_stage"},
    "machine": {"serial"},
}


@pytest.fixture
def portal(clean_sandbox: Sandbox) -> Iterator[Portal]:
    with opened(clean_sandbox) as portal:
        made = portal.ask("POST", SCHEMAS, MACHINE)
        yield portal
        portal.ask("DELETE", f"{SCHEMAS}/{made['objectTypeId']}?archived=true")


def make(portal: Portal, known: ObjectStream) -> tuple[str, str]:
    """Make a record that belongs to a contact; return the ids of both."""
    contact = portal.ids("contacts")[0]
    primary = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 578}]
    links = [{"to": {"id": contact}, "types": primary}] if known is LEADS else []
    body = {"properties": NEW[known.name], "associations": links}
    record_id = portal.ask("POST", f"/crm/v3/objects/{known.name}", body)["id"]
    ends = f"/crm/v4/objects/{known.name}/{record_id}/associations"
    portal.ask("PUT", f"{ends}/default/contacts/{contact}")
    return record_id, contact


def read(portal: Portal, known: ObjectStream, record_id: str) -> dict[str, list[dict[str, Any]]]:
    """Return a record's rows by stream, out of a first read."""
    source = HubSpotSource(portal.client, objects=[known])
    stream = known.stream
    tables = [batch.tables for batch in source.read(stream, source.fields(stream), None)]
    rows = {name: [] for name in tables[0]} | {stream.name: []}
    for name, table in ((n, t) for by_name in tables for n, t in by_name.items()):
        rows[name] += [row for row in table.to_pylist() if record_id in row.values()]
    return rows


@pytest.mark.parametrize(
    "known", [LEADS, TICKETS, COMMUNICATIONS, MACHINES], ids=lambda known: known.name
)
def test_a_record_is_read_with_its_details_and_without_its_words(
    portal: Portal, known: ObjectStream
) -> None:
    record_id, contact = make(portal, known)
    rows = read(portal, known, record_id)
    [record] = rows[known.name]
    assert (record["hs_object_id"], record["_unreadable"]) == (record_id, None)
    assert not WORDS & record.keys()
    [pairs] = [row for row in rows[known.association_stream] if row["to_type"] == "contacts"]
    assert {to["to_id"] for to in json.loads(pairs["associations"])} == {contact}
    histories = {row["property"] for row in rows.get(known.history_stream, [])}
    assert histories == HISTORIES.get(known.name, set())
    portal.ask("DELETE", f"/crm/v3/objects/{known.name}/{record_id}")
