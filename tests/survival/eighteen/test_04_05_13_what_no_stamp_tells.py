"""Addresses too long for all fields; associations and calculated values, which move no stamp."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.survival.eighteen.deeds import (
    DAY,
    PAGED,
    add_property,
    agree,
    create_contacts,
    ids,
    in_crm,
    in_soak,
    let_pass,
    of,
    values,
)
from tests.survival.world import World

LINKS = "/crm/v4/objects/contacts/{}/associations/companies/{}"
BATCH = "/crm/v4/associations/contacts/companies/batch/read"


@pytest.mark.parametrize("limit", [3_000, in_soak(1_200), in_soak(7_900)])
def test_04_uri_too_long_for_many_properties(world: World, limit: int) -> None:
    names = [f"a_property_with_quite_a_long_name_{n}" for n in range(60)]
    for name in names:
        add_property(world, name)
    [changed] = ids(world, "hubspot", 1, start=120)
    world.hubspot.patch(changed, **dict.fromkeys(names, "kept")).raise_for_status()
    world.admin.setting(hubspot_uri_limit=limit)
    assert world.extract("hubspot", "contacts").status == "whole"
    kept = values(world, "hubspot", "contacts", *names)
    assert kept[changed] == ("kept",) * 60
    assert agree(world, "hubspot")


def _refuse_addresses(world: World, skip: int, count: int) -> None:
    """Refuse addresses as too long; edit half the Leads while they are read."""
    world.admin.setting(**PAGED)
    world.fault({"preset": "uri-too-long", "path": "*/queryAll/", "skip": skip, "count": count})
    touched = [
        {"path": "/__sandbox/edits", "body": {"crm": "salesforce", "record_id": one, "user": 1}}
        | {"body": {"crm": "salesforce", "record_id": one, "values": {"City": "Oslo"}, "user": 1}}
        for one in ids(world, "salesforce", 15)
    ]
    world.fault({"kind": "meanwhile", "path": "*/queryAll/", "skip": 3, "requests": touched})


@pytest.mark.parametrize(("skip", "refusals"), [(2, 3), in_soak(2, 1), in_soak(0, 1)])
def test_04_uri_too_long_for_a_wide_object(world: World, skip: int, refusals: int) -> None:
    _refuse_addresses(world, skip, refusals)
    assert world.extract("salesforce", "leads").status == "whole"
    world.extract("salesforce", "leads")
    assert agree(world, "salesforce")


def test_04_uri_too_long_however_short_it_is_ends_the_stream_until_it_is_taken(
    world: World,
) -> None:
    # The third refusal is of 821 bytes: nothing shorter would say what is asked.
    _refuse_addresses(world, 0, 3)
    [leads, *_] = world.extract("salesforce", "leads").streams
    assert (leads.status, "longer than the CRM takes" in leads.why) == ("failed", True)
    assert world.extract("salesforce", "leads").status == "whole"
    assert agree(world, "salesforce")


def _associated(world: World) -> dict[str, set[tuple[str, int]]]:
    """Return by contact the companies and types of association that the account has."""
    rows = world.admin.dump()["hubspot"]["associations"]
    found: dict[str, set[tuple[str, int]]] = {}
    for row in rows:
        if (row["from_type"], row["to_type"]) == ("contacts", "companies"):
            pair = (str(row["to_id"]), row["type_id"])
            found.setdefault(str(row["from_id"]), set()).add(pair)
    return found


def _known_associations(world: World) -> dict[str, set[tuple[str, int]]]:
    rows = values(world, "hubspot", "contact_associations", "from_id", "associations").values()
    told = {one: {(a["to_id"], a["type_id"]) for a in json.loads(text)} for one, text in rows}
    return {one: pairs for one, pairs in told.items() if pairs}


def _link(world: World, contact: str, companies: list[str]) -> None:
    for company in companies:
        kind = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}]
        world.hubspot("PUT", LINKS.format(contact, company), json=kind).raise_for_status()


def test_05_associations_that_are_added_and_removed_without_a_stamp(world: World) -> None:
    world.extract("hubspot", "contacts")
    companies = list(world.held("hubspot", "companies"))
    linked = next(iter(_associated(world)))
    [unlinked] = create_contacts(world, ["without"])
    world.extract("hubspot", "contacts")
    _link(world, unlinked, companies[:3])
    for company, _ in _associated(world)[linked]:
        world.hubspot("DELETE", LINKS.format(linked, company)).raise_for_status()
    let_pass(world, DAY)
    assert world.extract("hubspot", "contacts").status == "whole"
    assert _known_associations(world) == _associated(world)
    assert linked not in _known_associations(world)


def test_05_an_association_that_goes_after_a_reading_whose_clock_was_ahead(world: World) -> None:
    world.fault({"kind": "skew", "seconds": 40 * DAY, "count": 1_000})
    world.extract("hubspot", "contacts")
    world.no_faults()
    linked, pairs = next(iter(_associated(world).items()))
    for company in {company for company, _ in pairs}:
        world.hubspot("DELETE", LINKS.format(linked, company)).raise_for_status()
    let_pass(world, DAY)
    world.extract("hubspot", "contacts")
    assert _known_associations(world) == _associated(world)
    assert linked not in _known_associations(world)


def test_05_associations_in_pages_of_one(world: World) -> None:
    world.admin.setting(hubspot_association_page_size=1)
    contacts, companies = ids(world, "hubspot", 2), list(world.held("hubspot", "companies"))
    for contact in contacts:
        _link(world, contact, companies[:5])
    assert world.extract("hubspot", "contacts").status == "whole"
    assert _known_associations(world) == _associated(world)


def test_05_associations_of_which_a_part_failed_are_no_success(world: World) -> None:
    error = {"status": "error", "category": "INTERNAL_ERROR", "message": "?", "context": {}}
    body = {"status": "COMPLETE", "results": [], "numErrors": 1, "errors": [error]}
    world.fault({"path": BATCH, "status": 207, "body": body, "count": 100})
    assert world.extract("hubspot", "contacts").status == "failed"
    world.no_faults()
    assert world.extract("hubspot", "contacts").status == "whole"
    assert _known_associations(world) == _associated(world)


def test_13_stale_formula_fields(world: World) -> None:
    world.extract("salesforce", "leads")
    let_pass(world, 3 * DAY)
    result = of(world.extract("salesforce", "leads"), "leads")
    name = "Days_Since_Created__c"
    known = {one: row[0] for one, row in values(world, "salesforce", "leads", name).items()}
    shown = in_crm(world, "salesforce", list(known), name)
    assert known == {one: Decimal(str(value)) for one, value in shown.items()}
    assert "calculated" in {duty.name for duty in result.duties}


def test_13_stale_calculated_properties(world: World) -> None:
    company = next(iter(world.held("hubspot", "companies")))
    world.extract("hubspot", "companies")
    for contact in ids(world, "hubspot", 4):
        _link(world, contact, [company])
    let_pass(world, DAY)
    world.extract("hubspot", "companies")
    known = values(world, "hubspot", "companies", "num_associated_contacts")[company]
    path = f"/crm/v3/objects/companies/{company}?properties=num_associated_contacts"
    shown: dict[str, Any] = world.hubspot("GET", path).json()["properties"]
    assert known == (Decimal(shown["num_associated_contacts"]),)


def test_13_the_day_of_a_last_activity_that_moves_no_stamp(world: World) -> None:
    account = next(iter(world.held("salesforce", "accounts")))
    world.extract("salesforce", "accounts")
    task = {"WhatId": account, "Subject": "x", "Status": "Completed", "ActivityDate": "2026-06-29"}
    world.salesforce("POST", "sobjects/Task", json=task).raise_for_status()
    let_pass(world, DAY)
    world.extract("salesforce", "accounts")
    known = values(world, "salesforce", "accounts", "LastActivityDate")[account]
    assert known == (date(2026, 6, 29),)


def test_13_a_formula_that_stays_as_it_is_brings_no_rows(world: World) -> None:
    world.extract("salesforce", "accounts")
    let_pass(world, DAY)
    accounts = of(world.extract("salesforce", "accounts"), "accounts")
    kept = {duty.name: duty.rows_kept for duty in accounts.duties}
    assert (accounts.rows_kept, kept.get("calculated")) == (0, 0)


def test_05_a_day_on_which_nothing_happened_adds_no_row(world: World) -> None:
    for _ in range(2):
        world.extract("hubspot", "contacts")
        let_pass(world, DAY)
    contacts = of(world.extract("hubspot", "contacts"), "contacts")
    kept = {duty.name: duty.rows_kept for duty in contacts.duties}
    assert "calculated" in kept
    assert (contacts.rows_kept, sum(kept.values())) == (0, 0)


def test_05_a_change_adds_one_row_to_a_history_of_which_the_newest_entries_are_shown(
    world: World,
) -> None:
    world.admin.setting(hubspot_history_entries=2)
    [changed] = ids(world, "hubspot", 1)
    for status in ("NEW", "OPEN", "IN_PROGRESS", "CONNECTED"):
        let_pass(world, 60)
        world.hubspot.patch(changed, hs_lead_status=status).raise_for_status()
        world.extract("hubspot", "contacts")
    loads = world.lake.paths("hubspot", "contact_histories")
    names = ["contact_id", "property", "value", "_load_id"]
    rows = pa.concat_tables(pq.ParquetFile(load).read(names) for load in loads).to_pylist()
    told = [row for row in rows if row["contact_id"] == changed]
    told = [row["value"] for row in told if row["property"] == "hs_lead_status"]
    assert told[-4:] == ["NEW", "OPEN", "IN_PROGRESS", "CONNECTED"]
    assert len(told) <= 5
