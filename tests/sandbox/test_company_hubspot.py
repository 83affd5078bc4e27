"""What HubSpot holds must tell the truth the people were drawn with."""

from typing import Any

import pytest

from connectors.sandbox.clock import START, to_ms
from connectors.sandbox.company.in_hubspot.ids import form_id
from connectors.sandbox.company.in_hubspot.people import LEAD_STATUS, STAGE, render_hubspot
from connectors.sandbox.company.oddities import form_delay, oddity
from connectors.sandbox.company.people import Person
from connectors.sandbox.company.rows import Rows, add_rows
from tests.sandbox.companies import COMPANY, people

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
        if person.parts:
            continue
        steps = [step for step in person.steps if step.at <= START]
        opened = [to_ms(step.at) for step in steps if step.stage == "opportunity"]
        closed = [to_ms(step.at) for step in steps if step.stage in ("customer", "lost")]
        assert [deal["created_at"] for deal in records(rows, "deals")] == opened
        moves = history(rows, "dealstage")
        assert [at for stage, at in moves if stage.startswith("closed")] == closed


def test_colleagues_are_associated_with_the_deal_they_join() -> None:
    joined = [p for p in people() if p.parts and p.parts[0].sale.system == "hubspot"]
    assert joined
    for person in joined:
        part = person.parts[0]
        opener = COMPANY.person(part.sale.opener)
        deal = records(render_hubspot(opener, part.since), "deals")[part.sale.count]
        rows = render_hubspot(person, part.since)
        ends = {pair[:3] for pair in rows["hubspot_associations"] if pair[0] == "deals"}
        assert ("deals", deal["id"], "contacts") in ends


def test_a_deal_that_colleagues_join_is_edited_then_or_left_as_it_was() -> None:
    stamps = [
        (
            records(render_hubspot(COMPANY.person(part.sale.opener), part.since), "deals")[
                part.sale.count
            ]["updated_at"],
            to_ms(part.since),
        )
        for person in people()
        for part in person.parts
        if part.sale.system == "hubspot" and part.since > part.sale.opened
    ]
    assert {updated >= since for updated, since in stamps} == {True, False}


def test_the_forms_of_a_doubled_contact_come_under_both_addresses_and_end_with_the_survivor() -> (
    None
):
    doubled = [p for p in people() if set(p.since) == {"hubspot"} and oddity(p) == "merged"]
    told = [render_hubspot(person, START) for person in doubled]
    survivors = [rows for rows in told if "hubspot_merges" in rows]
    emails = [
        (submission["fields"][0]["value"], submission["contact_id"], records(rows, "contacts"))
        for rows in survivors
        for submission in rows.get("hubspot_submissions", {}).values()
    ]
    assert all(contact == survivor["id"] for _, contact, (survivor,) in emails)
    seconds = [value == s["properties"]["hs_additional_emails"] for value, _, (s,) in emails]
    assert {True, False} == set(seconds)


def test_desks_order_newsletters_only_and_belong_to_nobody() -> None:
    rows: Rows = {}
    for desk in COMPANY.desks():
        add_rows(rows, desk.rows(START))
    desks = records(rows, "contacts")
    assert all(desk["email"].startswith("info@") for desk in desks)
    forms = {form["form_id"] for form in rows["hubspot_submissions"].values()}
    assert forms == {form_id("newsletter")}
    assert {form["contact_id"] for form in rows["hubspot_submissions"].values()} == {
        desk["id"] for desk in desks
    }


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


def test_a_few_forms_are_written_down_long_after_salesforce_heard_of_them() -> None:
    late = [
        (person, step, delay)
        for person in people()
        for step in person.steps
        if (delay := form_delay(person, step)) and step.at + delay <= START
    ]
    assert late
    for person, step, delay in late:
        sent = render_hubspot(person, START)["hubspot_submissions"].values()
        at = {submission["submitted_at"] for submission in sent}
        assert (to_ms(step.at) in at, to_ms(step.at + delay) in at) == (False, True)
