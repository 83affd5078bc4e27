"""HubSpot's catalogs and associations against the sandbox, over HTTP."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from connectors.errors import SkippedStreamError
from connectors.hubspot.associations import AssociationReader
from connectors.hubspot.catalogs.reader import CatalogReader
from connectors.hubspot.crew import working_crew
from connectors.hubspot.streams import CATALOGS, OBJECTS
from connectors.hubspot.streams.custom import custom_object
from tests.contract.conftest import Sandbox
from tests.contract.portal import MACHINE, Portal, opened

REQUESTS = {
    "forms": 2,
    "owners": 2,
    "teams": 1,
    "pipelines": 3,
    "lists": 1,
    "list_memberships": 2,
    "properties": len(OBJECTS),
}
"""What a reading costs, here with one list of contacts."""


@pytest.fixture
def portal(clean_sandbox: Sandbox) -> Iterator[Portal]:
    with opened(clean_sandbox) as portal:
        yield portal


@pytest.fixture
def vips(portal: Portal) -> Iterator[str]:
    """A list of three contacts, by its id."""
    body = {"name": "VIPs", "objectTypeId": "0-1", "processingType": "MANUAL"}
    list_id: str = portal.ask("POST", "/crm/v3/lists", body)["list"]["listId"]
    portal.ask("PUT", f"/crm/v3/lists/{list_id}/memberships/add", portal.ids("contacts")[:3])
    yield list_id
    portal.ask("DELETE", f"/crm/v3/lists/{list_id}")


def test_a_reading_of_a_catalog_costs_what_we_say(portal: Portal, vips: str) -> None:
    assert vips
    costs = {}
    for name in CATALOGS:
        before = replace(portal.client.calls)
        [batch] = portal.read(name)
        assert (batch.tables[name].num_rows > 0, batch.whole[-1], batch.skipped) == (True, "", {})
        costs[name] = portal.client.calls.since(before).read
    assert costs == REQUESTS


def test_every_value_of_a_catalog_is_readable(portal: Portal, vips: str) -> None:
    assert vips
    tables = {name: portal.read(name)[0].tables[name] for name in CATALOGS}
    assert {
        name: table["_unreadable"].drop_null().to_pylist() for name, table in tables.items()
    } == {name: [] for name in CATALOGS}


def test_members_of_a_list_come_and_go(portal: Portal, vips: str) -> None:
    first, *others = portal.ids("contacts")[:3]
    assert portal.record_ids("list_memberships") == {f"{vips}:{n}" for n in (first, *others)}
    portal.ask("PUT", f"/crm/v3/lists/{vips}/memberships/remove", [first])
    assert portal.record_ids("list_memberships") == {f"{vips}:{n}" for n in others}


def test_a_list_that_is_deleted_is_there_no_more(portal: Portal, vips: str) -> None:
    assert vips in portal.record_ids("lists")
    portal.ask("DELETE", f"/crm/v3/lists/{vips}")
    assert vips not in portal.record_ids("lists")
    portal.ask("PUT", f"/crm/v3/lists/{vips}/restore")


def test_catalogs_that_our_key_may_not_see_are_skipped_with_the_scope(portal: Portal) -> None:
    portal.withhold("crm.lists.read", "crm.objects.owners.read", "forms")
    for name, scope in (("lists", "crm.lists.read"), ("owners", "owners.read"), ("forms", "forms")):
        with pytest.raises(SkippedStreamError, match=scope):
            portal.read(name)


def test_objects_that_our_key_may_not_see_cost_no_other_their_pipelines(portal: Portal) -> None:
    portal.withhold("tickets")
    [batch] = portal.read("pipelines")
    assert batch.whole == ("deals:", "leads:")
    assert "tickets" in batch.skipped["pipelines:tickets"]


def test_associations_follow_a_change_that_moves_no_stamp(portal: Portal) -> None:
    ticket = portal.ask(
        "POST", "/crm/v3/objects/tickets", {"properties": {"hs_pipeline_stage": "1"}}
    )
    contact, ends = (
        portal.ids("contacts")[0],
        f"/crm/v4/objects/tickets/{ticket['id']}/associations",
    )
    reader = AssociationReader(portal.client, OBJECTS["tickets"])

    def contacts() -> list[str]:
        with working_crew() as crew:
            table = reader.read(crew, [ticket["id"]])
        assert table is not None
        told = {row["to_type"]: json.loads(row["associations"]) for row in table.to_pylist()}
        assert told.keys() == {"contacts", "companies", "deals"}
        return [to["to_id"] for to in told["contacts"]]

    portal.ask("PUT", f"{ends}/default/contacts/{contact}")
    assert contacts() == [contact]
    portal.ask("DELETE", f"{ends}/contacts/{contact}")
    assert contacts() == []
    portal.ask("DELETE", f"/crm/v3/objects/tickets/{ticket['id']}")


@pytest.mark.parametrize("name", OBJECTS)
def test_every_pair_of_objects_can_be_asked_for(portal: Portal, name: str) -> None:
    reader = AssociationReader(portal.client, OBJECTS[name])
    record_ids = portal.ids(name) or ["1"]
    with working_crew() as crew:
        table = reader.read(crew, record_ids)
    rows = table.num_rows if table is not None else 0
    assert (rows, reader.refusals) == (len(record_ids) * len(OBJECTS[name].associated), {})


def test_a_custom_object_has_associations_and_pipelines(portal: Portal) -> None:
    made = portal.ask("POST", "/crm-object-schemas/v3/schemas", MACHINE)
    for name in ("machine", made["fullyQualifiedName"], made["objectTypeId"]):
        known = custom_object(name)
        reader = AssociationReader(portal.client, known)
        with working_crew() as crew:
            assert reader.read(crew, ["1"]) is not None
        assert reader.refusals == {}
        [batch] = CatalogReader(portal.client, CATALOGS["pipelines"], [known]).read()
        assert batch.whole == (f"{name}:", "")
    portal.ask("DELETE", f"/crm-object-schemas/v3/schemas/{made['objectTypeId']}?archived=true")
