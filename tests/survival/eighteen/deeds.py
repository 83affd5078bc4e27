"""What others do to the CRMs while Leadcycle reads them, and what is asked of the outcome."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from connectors.records import Crm
from pipelines.reading.results import ExtractResult, StreamResult
from tests.sandbox.clients import CONTACTS
from tests.survival.world import World

FIELDS = {"salesforce": "City", "hubspot": "city"}
PEOPLE = {"salesforce": "leads", "hubspot": "contacts"}
"""The stream of people, by CRM."""
BY_BULK = {"salesforce_page_size": 2}
"""Settings with which even a small object is cheaper by a Bulk job."""
PAGED = {"salesforce_page_size": 20}
"""Settings with which Leads come in several pages over REST."""
DAY = 86_400


def in_soak(*values: object) -> Any:
    """Return a case that `make soak` alone tries."""
    return pytest.param(*values, marks=pytest.mark.soak)


def crowd(world: World) -> None:
    """Add people, a few a second, so that lists and searches have several pages."""
    world.admin.setting(hubspot_ten_second_limit=100_000, hubspot_search_limit=10_000)
    for start in range(0, 240, 80):
        create_contacts(world, [f"crowd{start + n}" for n in range(80)])
        world.admin.advance(1)
    create_leads(world, [f"Crowd{n}" for n in range(40)])
    world.admin.advance(DAY)


def create_contacts(world: World, names: Sequence[str]) -> list[str]:
    """Create contacts at one stand of the clock; return their ids."""
    people = [{"properties": {"email": f"{n}@crowd.example", "lastname": n}} for n in names]
    answer = world.hubspot("POST", f"{CONTACTS}/batch/create", json={"inputs": people})
    answer.raise_for_status()
    return [made["id"] for made in answer.json()["results"]]


def create_leads(world: World, names: Sequence[str], **values: Any) -> list[str]:
    """Create Leads at one stand of the clock; return their ids."""
    kind = {"attributes": {"type": "Lead"}, "Company": "Crowd"}
    records = [{**kind, "LastName": name, **values} for name in names]
    answer = world.salesforce("POST", "composite/sobjects", json={"records": records})
    answer.raise_for_status()
    return [made["id"] for made in answer.json()]


def ids(world: World, crm: Crm, count: int, start: int = 0) -> list[str]:
    """Return the ids of so many living people that can be changed, in the order of ids."""
    held = world.admin.dump()[crm]["Lead" if crm == "salesforce" else "contacts"]
    if crm == "salesforce":
        found = [row["Id"] for row in held if not row["IsDeleted"] and not row["IsConverted"]]
    else:
        found = [str(row["id"]) for row in held if row["archived_at"] is None]
    return found[start : start + count]


def edits(crm: Crm, record_ids: Sequence[str], value: str = "Oslo") -> Iterator[dict[str, Any]]:
    """Yield requests that change people, for a fault of the kind `meanwhile`."""
    for record_id in record_ids:
        body = {"crm": crm, "record_id": record_id, "values": {FIELDS[crm]: value}, "user": 1}
        yield {"path": "/__sandbox/edits", "body": body}


def touch(world: World, crm: Crm, record_ids: Sequence[str], value: str = "Oslo") -> None:
    """Change people now, all at one stand of the clock."""
    for start in range(0, len(record_ids), 100):
        chunk = record_ids[start : start + 100]
        if crm == "salesforce":
            world.salesforce.update(*({"Id": one, FIELDS[crm]: value} for one in chunk))
        else:
            inputs = [{"id": one, "properties": {FIELDS[crm]: value}} for one in chunk]
            world.hubspot.batch("update", inputs).raise_for_status()


def later(seconds: int) -> dict[str, Any]:
    """Return the request that moves the sandbox's clock."""
    return {"path": "/__sandbox/clock", "body": {"advance_seconds": seconds}}


def let_pass(world: World, seconds: int) -> None:
    """Let time pass, which ends the test's own session too."""
    world.admin.advance(seconds)
    world.salesforce.log_in()


def agree(world: World, crm: Crm, stream: str = "") -> bool:
    """Tell whether base has every living record once, with the CRM's values and stamps."""
    stream = stream or PEOPLE[crm]
    return world.known(crm, stream) == world.held(crm, stream)


def of(result: ExtractResult, stream: str) -> StreamResult:
    """Return what came of one stream."""
    return next(found for found in result.streams if found.stream == stream)


def values(world: World, crm: Crm, stream: str, *names: str) -> dict[str, tuple[Any, ...]]:
    """Return fields of the lake's living records by record id."""
    table = world.lake.current(crm, stream, names)
    return {
        row["_record_id"]: tuple(row.get(name) for name in names)
        for row in table.to_pylist()
        if not row["_is_deleted"]
    }


def add_property(world: World, name: str, **more: Any) -> None:
    """Add a property to HubSpot's contacts, a text unless more says otherwise."""
    text = {"type": "string", "fieldType": "text", "groupName": "contactinformation"}
    body = {"name": name, "label": name, **text, **more}
    world.hubspot("POST", PROPERTIES, json=body).raise_for_status()


def in_crm(world: World, crm: Crm, record_ids: Sequence[str], name: str) -> dict[str, Any]:
    """Return one field of people as a client reads it now, by record id."""
    if crm == "hubspot":
        inputs = [{"id": one} for one in record_ids]
        found = world.hubspot.batch("read", inputs, properties=[name]).json()["results"]
        return {one["id"]: one["properties"][name] for one in found}
    rows = world.salesforce.query(f"SELECT Id, {name} FROM Lead")
    return {row["Id"]: row[name] for row in rows if row["Id"] in record_ids}


PROPERTIES = "/crm/v3/properties/contacts"
