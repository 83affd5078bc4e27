"""What HubSpot holds must tell the truth the people were drawn with."""

from typing import Any

import pytest

from connectors.sandbox.clock import START, to_ms
from connectors.sandbox.company.in_hubspot.people import LEAD_STATUS, STAGE, render_hubspot
from connectors.sandbox.company.oddities import oddity
from connectors.sandbox.company.people import Person
from connectors.sandbox.company.rows import Rows
from tests.sandbox.companies import people

Story = tuple[Person, Rows]


def tell(*systems: str) -> list[Story]:
    chosen = [p for p in people() if set(p.since) == set(systems) and oddity(p) is None]
    return [(person, render_hubspot(person, START)) for person in chosen]


@pytest.fixture(scope="module")
def told() -> list[Story]:
    """Those whom only HubSpot knows, and whose records are as they should be."""
    return tell("hubspot")


def history(rows: Rows, name: str) -> list[tuple[Any, int]]:
    lines = rows.get("hubspot_history", {}).values()
    listed = [(line["changed_at"], line["value"]) for line in lines if line["property"] == name]
    return [(value, at) for at, value in sorted(listed)]


def records(rows: Rows, object_type: str) -> list[dict[str, Any]]:
    return [r for r in rows["hubspot_records"].values() if r["object_type"] == object_type]


def test_stages_change_at_the_instant_of_their_step(told: list[Story]) -> None:
    exact = ("friend", "name", "lead", "sales_lead")
    for person, rows in told:
        steps = [step for step in person.steps if step.stage in exact and step.at <= START]
        if not person.is_channel_only:
            expected = [(STAGE[step.stage], to_ms(step.at)) for step in steps]
            kept = [entry for entry in history(rows, "lifecyclestage") if entry[0]]
            late = ("opportunity", "customer")
            assert [entry for entry in kept if entry[0] not in late] == expected


def test_recycling_and_disqualifying_are_lead_statuses(told: list[Story]) -> None:
    for person, rows in told:
        steps = [step for step in person.steps if step.stage in LEAD_STATUS and step.at <= START]
        kept = [entry for entry in history(rows, "hs_lead_status") if entry[0] != "NEW"]
        assert kept == [(LEAD_STATUS[step.stage], to_ms(step.at)) for step in steps]


def test_engagement_is_something_the_person_did_at_that_instant(told: list[Story]) -> None:
    for person, rows in told:
        done = {row["submitted_at"] for row in rows.get("hubspot_submissions", {}).values()}
        for object_type in ("meetings", "emails", "calls"):
            done |= {r["properties"]["hs_timestamp"] for r in records(rows, object_type)}
        steps = [step for step in person.steps if step.deed and step.at <= START]
        assert {to_ms(step.at) for step in steps} <= done


def test_a_deal_opens_and_closes_at_the_instants_of_the_path(told: list[Story]) -> None:
    for person, rows in told:
        steps = [step for step in person.steps if step.at <= START]
        opened = [to_ms(step.at) for step in steps if step.stage == "opportunity"]
        closed = [to_ms(step.at) for step in steps if step.stage in ("customer", "lost")]
        assert [deal["created_at"] for deal in records(rows, "deals")] == opened
        moves = history(rows, "dealstage")
        assert [at for stage, at in moves if stage.startswith("closed")] == closed


def test_everything_is_associated_with_the_contact_both_ways(told: list[Story]) -> None:
    for _, rows in told:
        (contact,) = records(rows, "contacts")
        pairs = set(rows.get("hubspot_associations", {}))
        others = [r for r in rows["hubspot_records"].values() if r["object_type"] != "contacts"]
        for other in others:
            ends = (other["object_type"], other["id"]), ("contacts", contact["id"])
            assert any(pair[:4] == (*ends[0], *ends[1]) for pair in pairs)
            assert any(pair[:4] == (*ends[1], *ends[0]) for pair in pairs)


def test_what_is_copied_from_salesforce_comes_before_the_next_step() -> None:
    for person, rows in tell("hubspot", "salesforce"):
        for value, at in history(rows, "hs_lead_status"):
            copied = [s for s in person.steps if LEAD_STATUS.get(s.stage) == value]
            assert not copied or any(0 < at - to_ms(s.at) <= 720_000 for s in copied)


def test_lifecycle_stages_go_back_only_by_way_of_an_empty_value(told: list[Story]) -> None:
    order = ["", *STAGE.values()]
    for _, rows in told:
        held = ""
        for value, _ in history(rows, "lifecyclestage"):
            assert value == "" or order.index(value) > order.index(held)
            held = value
