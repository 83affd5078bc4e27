"""Fields that come, go and change their type; times in every format."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from connectors.records import Crm
from tests.survival.eighteen.deeds import (
    BY_BULK,
    DAY,
    PAGED,
    PEOPLE,
    PROPERTIES,
    add_property,
    agree,
    ids,
    in_soak,
    let_pass,
    of,
    touch,
    values,
)
from tests.survival.world import World

SHAPE = {"type": "string", "fieldType": "text", "groupName": "contactinformation"}
ADDED = {"path": PROPERTIES, "body": {"name": "colour", "label": "Colour", **SHAPE}}
DROPPED = {"method": "DELETE", "path": f"{PROPERTIES}/colour"}


def _with_colours(world: World) -> list[str]:
    add_property(world, "colour")
    painted = ids(world, "hubspot", 60, start=30)
    inputs = [{"id": one, "properties": {"colour": "red"}} for one in painted]
    world.hubspot.batch("update", inputs).raise_for_status()
    return painted


def test_10_a_new_property_is_filled_in_for_all_records_at_once(world: World) -> None:
    world.extract("hubspot", "contacts")
    add_property(world, "colour", type="enumeration", fieldType="select", options=[
        {"label": "Red", "value": "red"}])  # fmt: skip
    result = of(world.extract("hubspot", "contacts"), "contacts")
    assert result.drift.new == ("colour",)
    painted = ids(world, "hubspot", 3)
    inputs = [{"id": one, "properties": {"colour": "red"}} for one in painted]
    world.hubspot.batch("update", inputs).raise_for_status()
    world.extract("hubspot", "contacts")
    known = values(world, "hubspot", "contacts", "colour")
    assert {one for one, (colour,) in known.items() if colour == "red"} == set(painted)


@pytest.mark.parametrize("crm", ["salesforce", in_soak("hubspot")])
def test_10_a_field_that_our_user_may_read_only_later_is_filled_in(world: World, crm: Crm) -> None:
    people = ids(world, crm, 4)
    name = "Score__c" if crm == "salesforce" else "colour"
    if crm == "salesforce":
        world.salesforce.add_field().raise_for_status()
        for one in people:
            edit = {"crm": crm, "record_id": one, "values": {name: 7}, "user": 1}
            world.admin("POST", "edits", edit).raise_for_status()
    world.extract(crm, PEOPLE[crm])
    before = world.held(crm, PEOPLE[crm])
    world.salesforce.grant(name) if crm == "salesforce" else _with_colours(world)
    world.extract(crm, PEOPLE[crm])
    known = [row[0] for row in values(world, crm, PEOPLE[crm], name).values() if row[0] is not None]
    assert known == [Decimal(7)] * 4 if crm == "salesforce" else known == ["red"] * 60
    assert world.known(crm, PEOPLE[crm]).keys() == before.keys()


CHANGES = [in_soak(ADDED, False), (DROPPED, True)]


@pytest.mark.parametrize(("change", "is_there"), CHANGES)
@pytest.mark.parametrize(
    ("path", "skip"), [("/crm/v3/objects/contacts", 3), in_soak("*/contacts/batch/read", 1)]
)
def test_10_a_property_that_comes_or_goes_between_pages(
    world: World, change: dict[str, Any], is_there: bool, path: str, skip: int
) -> None:
    if is_there:
        _with_colours(world)
    if "batch" in path:
        world.extract("hubspot", "contacts")
        let_pass(world, 60)
        touch(world, "hubspot", ids(world, "hubspot", 200))
    world.fault({"kind": "meanwhile", "path": path, "skip": skip, "requests": [change]})
    world.extract("hubspot", "contacts")
    assert world.admin("GET", "faults").json() == []
    assert world.extract("hubspot", "contacts").status == "whole"
    assert agree(world, "hubspot")


@pytest.mark.parametrize("road", [PAGED, in_soak(BY_BULK)])
@pytest.mark.parametrize("path", ["*/queryAll/", in_soak("*/query/0r8*"), in_soak("*/jobs/query")])
def test_10_a_field_that_goes_between_pages_of_salesforce(
    world: World, road: dict[str, int], path: str
) -> None:
    field = world.salesforce.add_field().json()["id"]
    world.salesforce.grant("Score__c")
    world.admin.setting(**road)
    field_path = f"/services/data/v66.0/tooling/sobjects/CustomField/{field}"
    drop = {"method": "DELETE", "path": field_path}
    world.extract("salesforce", "accounts")
    world.fault({"kind": "meanwhile", "path": path, "requests": [drop]})
    others = world.extract("salesforce", "leads", "accounts")
    assert of(others, "accounts").status == "whole"
    world.no_faults()
    assert world.extract("salesforce", "leads").status == "whole"
    assert agree(world, "salesforce")


def test_10_a_dropped_property_is_told_and_its_values_stay_in_the_lake(world: World) -> None:
    painted = _with_colours(world)
    world.extract("hubspot", "contacts")
    world.hubspot("DELETE", f"{PROPERTIES}/colour").raise_for_status()
    let_pass(world, DAY)
    touch(world, "hubspot", painted[:5])
    assert of(world.extract("hubspot", "contacts"), "contacts").drift.gone == ("colour",)
    first = world.lake.read(world.lake.paths("hubspot", "contacts")[0], ["_record_id", "colour"])
    kept = {row["_record_id"]: row["colour"] for row in first.to_pylist()}
    assert {one for one, colour in kept.items() if colour == "red"} == set(painted)
    assert agree(world, "hubspot")


def test_10_fields_that_come_go_and_change_are_told(world: World) -> None:
    add_property(world, "colour")
    add_property(world, "size")
    world.extract("hubspot", "contacts")
    world.hubspot("DELETE", f"{PROPERTIES}/colour").raise_for_status()
    number = {"type": "number", "fieldType": "number"}
    world.hubspot("PATCH", f"{PROPERTIES}/size", json=number).raise_for_status()
    add_property(world, "shape")
    drift = of(world.extract("hubspot", "contacts"), "contacts").drift
    assert (drift.new, drift.gone, drift.retyped) == (("shape",), ("colour",), ("size",))


def test_10_a_number_that_is_none_costs_neither_its_row_nor_its_column(world: World) -> None:
    add_property(world, "size")
    said = dict(zip(ids(world, "hubspot", 4), ["12", "N/A", "NA", "1,5"], strict=True))
    for one, text in said.items():
        world.hubspot.patch(one, size=text).raise_for_status()
    world.extract("hubspot", "contacts")
    number = {"type": "number", "fieldType": "number"}
    world.hubspot("PATCH", f"{PROPERTIES}/size", json=number).raise_for_status()
    let_pass(world, 60)
    touch(world, "hubspot", list(said))
    assert of(world.extract("hubspot", "contacts"), "contacts").drift.retyped == ("size",)
    rows = values(world, "hubspot", "contacts", "size", "_unreadable")
    assert [rows[one][0] for one in said] == [Decimal(12), None, None, None]
    assert ["size" in (rows[one][1] or "") for one in said] == [False, True, True, True]
    assert agree(world, "hubspot")


def test_10_a_field_that_becomes_a_text_keeps_the_text_na(world: World) -> None:
    add_property(world, "size", type="number", fieldType="number")
    [one] = ids(world, "hubspot", 1)
    world.hubspot.patch(one, size="12").raise_for_status()
    world.extract("hubspot", "contacts")
    text = {"type": "string", "fieldType": "text"}
    world.hubspot("PATCH", f"{PROPERTIES}/size", json=text).raise_for_status()
    let_pass(world, 60)
    world.hubspot.patch(one, size="NA").raise_for_status()
    world.extract("hubspot", "contacts")
    assert values(world, "hubspot", "contacts", "size")[one] == ("NA",)


def test_14_rest_and_bulk_tell_the_same_times_and_values(world: World) -> None:
    tables = []
    for place, road in enumerate((PAGED, BY_BULK)):
        world.settings_beside["LEADCYCLE_HOME"] = world.home / str(place)
        world.admin.setting(**road)
        assert world.extract("salesforce", "leads", "opportunities").status == "whole"
        for stream in ("leads", "opportunities"):
            columns = world.lake.columns("salesforce", stream)
            names = sorted(name for name in columns if not name.startswith("_"))
            found = world.lake.current("salesforce", stream, names)
            tables.append(found.sort_by("_record_id").combine_chunks())
    assert tables[:2] == tables[2:]


def test_14_dates_stay_dates_and_times_are_utc(world: World) -> None:
    world.extract("salesforce", "opportunities")
    world.extract("hubspot", "deals")
    stages = world.lake.current("salesforce", "opportunities", ["CloseDate", "CreatedDate"])
    deals = world.lake.current("hubspot", "deals", ["closedate", "createdate"])
    moment = pa.timestamp("us", tz="UTC")
    assert stages.schema.types[3:] == [pa.date32(), moment]
    assert deals.schema.types[3:] == [moment, moment]


TIMES = ["2026-03-29T01:30:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "1970-01-01"]


def test_14_times_around_a_change_of_the_clock_and_dates_of_1970_and_2202(world: World) -> None:
    world.admin.setting(hubspot_time_zone="Europe/Berlin")
    add_property(world, "met_at", type="datetime", fieldType="date")
    add_property(world, "born_on", type="date", fieldType="date")
    people = ids(world, "hubspot", 3)
    days = ["1970-01-01", "2026-03-29", "2202-12-31"]
    for one, moment, day in zip(people, TIMES, days, strict=False):
        world.hubspot.patch(one, met_at=moment, born_on=day).raise_for_status()
    world.extract("hubspot", "contacts")
    known = values(world, "hubspot", "contacts", "met_at", "born_on")
    assert [known[one] for one in people] == [
        (datetime.fromisoformat(moment).astimezone(UTC), date.fromisoformat(day))
        for moment, day in zip(TIMES, days, strict=False)
    ]
