"""What Salesforce holds must tell the truth the people were drawn with."""

from itertools import pairwise
from typing import Any

import pytest

from connectors.sandbox.clock import START
from connectors.sandbox.company.in_salesforce.people import STATUS, render_salesforce
from connectors.sandbox.company.oddities import oddity
from connectors.sandbox.company.people import Person
from connectors.sandbox.company.rows import Rows
from connectors.sandbox.salesforce.times import stamp
from tests.sandbox.companies import people

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
        steps = [step for step in person.steps if step.deed and step.at <= START]
        assert {stamp(step.at) for step in steps} <= done


def test_a_response_can_be_dated_from_the_member_as_it_stands(told: list[Story]) -> None:
    for person, rows in told:
        instants = {stamp(step.at) for step in person.steps if step.deed == "response"}
        for member in table(rows, "CampaignMember"):
            if member["HasResponded"]:
                day = member["FirstRespondedDate"]
                is_last_change = member["SystemModstamp"].startswith(day)
                at = member["SystemModstamp"] if is_last_change else member["CreatedDate"]
                assert at in instants


def test_an_opportunity_opens_and_closes_at_the_instants_of_the_path(told: list[Story]) -> None:
    for person, rows in told:
        steps = [step for step in person.steps if step.at <= START]
        opened = [stamp(step.at) for step in steps if step.stage == "opportunity"]
        closed = [stamp(step.at) for step in steps if step.stage in ("customer", "lost")]
        snapshots = table(rows, "OpportunityHistory")
        assert [o["CreatedDate"] for o in table(rows, "Opportunity")] == opened
        assert [r["CreatedDate"] for r in table(rows, "OpportunityContactRole")] == opened
        endings = [s for s in snapshots if s["StageName"].startswith("Closed")]
        assert [s["CreatedDate"] for s in endings] == closed


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
            assert max(stamps) <= stamp(START)
