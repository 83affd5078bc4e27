"""Flows in full: their own time, what follows from them, and which rules the org takes at all."""

import time
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.salesforce import automation
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.server import running_sandbox
from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import LIKELY, change, lines, make, values

DUE = "2026-06-30T12:01:00.000+0000"
RULE = {"object": "Lead", "field": "Phone", "message": "Call them how?"}


def flow(kind: str = "Lead", **sets: Any) -> dict[str, Any]:
    """Return a flow that sets fields a minute after the description has changed."""
    return {"object": kind, "when_changed": "Description", "after_seconds": 60, "sets": sets}


def flown(salesforce: Salesforce, admin: Admin, kind: str, **sets: Any) -> str:
    """Let a flow change a record at 12:01, and look at 13:00."""
    admin.setting(salesforce_automation=[flow(kind, **sets)])
    record_id = make(salesforce, kind)
    change(salesforce, kind, record_id, Description="Go")
    admin.advance(3_600)
    return record_id


def test_history_of_a_flow_bears_the_time_of_the_flow(salesforce: Salesforce, admin: Admin) -> None:
    lead_id = flown(salesforce, admin, "Lead", LeadSource="Web")
    assert lines(salesforce, "LeadHistory", lead_id, "Field", "CreatedDate")[-1] == (
        "LeadSource",
        DUE,
    )


def test_what_follows_from_a_field_follows_from_a_flow(
    salesforce: Salesforce, admin: Admin
) -> None:
    lead_id = flown(salesforce, admin, "Lead", FirstName="Ada")
    assert values(salesforce, lead_id, "Lead", "Name", "SystemModstamp") == ("Ada Probe", DUE)


def test_a_stage_that_a_flow_sets_has_its_history(salesforce: Salesforce, admin: Admin) -> None:
    deal = flown(salesforce, admin, "Opportunity", StageName="Closed Won")
    assert values(salesforce, deal, "Opportunity", "IsWon", "Probability") == (True, 100)
    kept = lines(salesforce, "OpportunityHistory", deal, "StageName", "CreatedDate")
    assert kept[-1] == ("Closed Won", DUE)


def test_a_flow_leaves_a_field_alone_that_is_gone(salesforce: Salesforce, admin: Admin) -> None:
    field_id = salesforce.add_field().json()["id"]
    admin.setting(salesforce_automation=[flow(Score__c=1, Rating="Hot")])
    lead_id = make(salesforce, "Lead")
    change(salesforce, "Lead", lead_id, Description="Go")
    salesforce("DELETE", f"tooling/sobjects/CustomField/{field_id}").raise_for_status()
    admin.advance(60)
    assert salesforce.lead(lead_id)["Rating"] == "Hot"


@pytest.mark.parametrize(
    ("setting", "rule"),
    [
        ("validation_rules", {**RULE, "pattern": "("}),
        ("validation_rules", {**RULE, "pattern": "a" * 1_001}),
        ("validation_rules", {**RULE, "field": "Fone"}),
        ("validation_rules", {**RULE, "required_when": {"Nope": 1}}),
        ("duplicate_rules", {"object": "Led", "fields": [], "name": "a", "matching_rule": "b"}),
        ("trigger_failures", {"object": "Lead", "message": "m", "when": {"Nope": 1}}),
        ("automation", {**flow(), "when_changed": "Nope"}),
        ("automation", {**flow(), "through": "Title"}),
        ("automation", {**flow(), "after_seconds": -1}),
        ("automation", flow(Nope=1)),
        ("automation", flow(NumberOfEmployees="many")),
    ],
)
def test_a_rule_that_can_t_be_is_no_setting(
    admin: Admin, setting: str, rule: dict[str, Any]
) -> None:
    answer = admin("PATCH", "settings", {f"salesforce_{setting}": [rule]})
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(f"salesforce_{setting}: ")


def test_a_pattern_that_takes_for_ever_is_too_complicated(
    salesforce: Salesforce, admin: Admin
) -> None:
    admin.setting(salesforce_validation_rules=[{**RULE, "pattern": "(a|aa|a?a)+[bc]"}])
    started = time.monotonic()
    body = LIKELY["Lead"] | {"Phone": "a" * 40}
    [refused] = salesforce("POST", "sobjects/Lead", json=body).json()
    assert (refused["errorCode"], refused["message"]) == (
        "LIMIT_EXCEEDED",
        "Regex too complicated",
    )
    assert time.monotonic() - started < 2


def test_rules_outlive_a_restart(state: Path) -> None:
    for sets in ({"salesforce_automation": [flow(Rating="Hot")]}, {}):
        with running_sandbox(state) as running:
            Admin(running).setting(**sets)
            kept = Admin(running)("GET", "settings").json()["salesforce_automation"]
    assert kept == [flow(Rating="Hot")]


def test_a_flow_that_doubles_a_unique_value_changes_nothing(
    salesforce: Salesforce, admin: Admin
) -> None:
    salesforce.add_field("Key__c", type="Text", length=40, unique=True, externalId=True)
    salesforce.grant("Key__c")
    admin.setting(salesforce_automation=[flow(Key__c="same", Rating="Hot")])
    leads = [make(salesforce, "Lead") for _ in range(2)]
    for lead_id in leads:
        change(salesforce, "Lead", lead_id, Description="Go")
    admin.advance(60)
    kept = [values(salesforce, lead_id, "Lead", "Key__c", "Rating") for lead_id in leads]
    assert kept == [("same", "Hot"), (None, None)]


def test_a_flow_that_fails_late_changes_nothing(
    salesforce: Salesforce, admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise Refusal("FIELD_INTEGRITY_EXCEPTION", "No")

    monkeypatch.setattr(automation, "record_changes", fail)
    lead_id = flown(salesforce, admin, "Lead", Rating="Hot")
    assert salesforce.lead(lead_id)["Rating"] is None
