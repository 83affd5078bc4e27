"""What Salesforce holds must tell the truth the people were drawn with."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from connectors.sandbox.clock import START
from connectors.sandbox.company.in_salesforce.people import STATUS, render_salesforce
from connectors.sandbox.company.journeys import StageKey, Step
from connectors.sandbox.company.oddities import oddity
from connectors.sandbox.company.people import Person
from connectors.sandbox.company.rows import Rows
from connectors.sandbox.salesforce.times import stamp
from tests.sandbox.companies import COMPANY, people

Story = tuple[Person, Rows]


@pytest.fixture(scope="module")
def told() -> list[Story]:
    """Those whom only Salesforce knows, and whose records are as they should be."""
    chosen = [p for p in people() if set(p.since) == {"salesforce"} and oddity(p) is None]
    return [(person, render_salesforce(person, START)) for person in chosen]


def table(rows: Rows, name: str) -> list[dict[str, Any]]:
    return list(rows.get(f"salesforce_{name}", {}).values())


def status_changes(rows: Rows) -> set[tuple[str, str]]:
    lines = table(rows, "LeadHistory") + table(rows, "ContactHistory")
    listed = [line for line in lines if line["Field"] in ("Status", "Status__c")]
    return {(line["NewValue"], line["CreatedDate"]) for line in listed}


def test_a_status_changes_at_the_instant_of_its_step(told: list[Story]) -> None:
    for person, rows in told:
        steps = [step for step in person.steps[1:] if step.at <= START and step.stage in STATUS]
        expected = {(STATUS[step.stage], stamp(step.at)) for step in steps}
        assert expected <= status_changes(rows)


def test_who_is_marked_as_a_lead_still_is_seen_to_engage_before_they_are_one_again(
    told: list[Story],
) -> None:
    contacts = [person for person, _ in told if person.starts_as_contact][:40]
    stages: tuple[StageKey, ...] = ("lead", "opportunity", "lost", "engaged", "lead")
    for contact in contacts:
        begin = contact.since["salesforce"]
        moments = [begin + timedelta(days=20 * place + 1) for place in range(len(stages))]
        steps = [Step(*step, "salesforce") for step in zip(stages, moments, strict=True)]
        steps[3] = replace(steps[3], deed="call")
        again = replace(contact, steps=(Step("name", begin, "salesforce"), *steps), parts=())

        rows = render_salesforce(again, moments[-1])

        assert (STATUS["lead"], stamp(moments[-1])) in status_changes(rows)
    assert len(contacts) > 10


def test_histories_are_chains(told: list[Story]) -> None:
    for _, rows in told:
        lines = [line for line in table(rows, "LeadHistory") if line["Field"] == "Status"]
        assert all(a["NewValue"] == b["OldValue"] for a, b in pairwise(lines))


def test_engagement_is_something_the_person_did_at_that_instant(told: list[Story]) -> None:
    for person, rows in told:
        done = {task["CompletedDateTime"] for task in table(rows, "Task")}
        done |= {event["StartDateTime"] for event in table(rows, "Event")}
        answers = [m for m in table(rows, "CampaignMember") if m["HasResponded"]]
        done |= {m["CreatedDate"] for m in answers} | {m["SystemModstamp"] for m in answers}
        days = {m["FirstRespondedDate"] for m in answers}
        steps = [step for step in person.steps if step.deed and step.at <= START]
        assert all(stamp(s.at) in done or stamp(s.at)[:10] in days for s in steps)


def test_only_a_conversion_hides_the_instant_of_a_response(told: list[Story]) -> None:
    hidden = 0
    for person, rows in told:
        instants = {stamp(step.at) for step in person.steps if step.deed == "response"}
        for member in table(rows, "CampaignMember"):
            if member["HasResponded"] and not {member["SystemModstamp"], member["CreatedDate"]} & (
                instants
            ):
                assert member["LeadId"]
                assert member["ContactId"]
                hidden += 1
    assert hidden >= 5


def test_an_opportunity_opens_and_closes_at_the_instants_of_the_path(told: list[Story]) -> None:
    for person, rows in told:
        steps = [step for step in person.steps if step.at <= START]
        opened = [s.at for s in steps if s.stage == "opportunity" and not person.part_at(s.at)]
        closed = {stamp(step.at) for step in steps if step.stage in ("customer", "lost")}
        created = [o["CreatedDate"] for o in table(rows, "Opportunity")]
        assert set(map(stamp, opened)) <= set(created)
        if not person.parts and len(created) == len(opened):
            endings = [
                s for s in table(rows, "OpportunityHistory") if s["StageName"].startswith("Closed")
            ]
            assert {s["CreatedDate"] for s in endings} == closed


def test_everybody_has_a_role_from_the_instant_of_their_step(told: list[Story]) -> None:
    for person, rows in told:
        steps = [s for s in person.steps if s.stage == "opportunity" and s.at <= START]
        given = {role["CreatedDate"] for role in table(rows, "OpportunityContactRole")}
        assert {stamp(step.at) for step in steps} <= given


def test_a_role_of_a_colleague_is_in_the_opportunity_that_was_opened_with_another() -> None:
    joined = [p for p in people() if p.parts and "salesforce" in p.since]
    assert joined
    for person in joined:
        part = person.parts[0]
        rows = render_salesforce(person, part.since)
        opened = table(render_salesforce(COMPANY.person(part.sale.opener), START), "Opportunity")
        role = table(rows, "OpportunityContactRole")[-1]
        if part.since <= START:
            assert role["OpportunityId"] == opened[part.sale.count]["Id"]
            assert role["ContactId"] in {row["Id"] for row in table(rows, "Contact")}


def test_some_lose_an_opportunity_while_another_one_is_open() -> None:
    second = []
    for person in people():
        opened = {stamp(step.at) for step in person.steps}
        rows = render_salesforce(person, START)
        second += [o for o in table(rows, "Opportunity") if o["CreatedDate"] not in opened]
    assert second
    assert {row["StageName"] for row in second} <= {"Prospecting", "Qualification", "Closed Lost"}


def test_some_leads_are_converted_without_an_opportunity(told: list[Story]) -> None:
    early = [
        lead
        for _, rows in told
        for lead in table(rows, "Lead")
        if lead["IsConverted"] and not lead["ConvertedOpportunityId"]
    ]
    assert early


def test_records_are_handed_over_and_contacts_move(told: list[Story]) -> None:
    lines = [line for _, rows in told for line in table(rows, "LeadHistory")]
    moves = [line for _, rows in told for line in table(rows, "ContactHistory")]
    assert sum(line["Field"] == "Owner" for line in lines) > 100
    assert sum(line["Field"] == "AccountId" for line in moves) >= 1


def test_a_converted_lead_gives_everything_to_its_contact(told: list[Story]) -> None:
    for _, rows in told:
        for lead in table(rows, "Lead"):
            if lead["IsConverted"]:
                held = table(rows, "Task") + table(rows, "Event")
                assert {row["WhoId"] for row in held} <= {lead["ConvertedContactId"]}
                fields = {line["Field"] for line in table(rows, "LeadHistory")}
                assert {"created", "leadConverted", "Status"} <= fields


def test_nothing_is_stamped_later_than_now(told: list[Story]) -> None:
    for _, rows in told:
        for listed in rows.values():
            stamps = [row.get("SystemModstamp") or row["CreatedDate"] for row in listed.values()]
            assert max(stamps, default="") <= stamp(START)
