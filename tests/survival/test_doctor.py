"""What is wrong with the access to a CRM, named before it costs anything, with what to do."""

from typing import Any, NamedTuple

import pytest

from connectors.records import Finding
from pipelines.doctor import examine
from tests.survival.world import World

STATUS = "Lead: field history of Status"


class Ill(NamedTuple):
    """A setting of the sandbox, and what is to be said of it."""

    crm: str
    setting: dict[str, Any]
    subject: str
    what: str
    step: str


def _tracked(since: str) -> dict[str, Any]:
    return {"salesforce_history_since": {"Lead": f"2026-{since}T11:59:00Z"}}


UNTRACKED = {"salesforce_history_until": {"Lead.Status": "2026-03-01T00:00:00Z"}}
NO_SCOPE = {"hubspot_withheld_scopes": ["crm.objects.deals.read"]}
ILLS = [
    Ill("salesforce", _tracked("06-01"), STATUS, "changes on 2026-06", "leave tracking on"),
    Ill("salesforce", _tracked("06-30"), STATUS, "no change is recorded", "switch it on"),
    Ill("salesforce", UNTRACKED, STATUS, "it was on and is off now", "switch it on"),
    Ill("salesforce", {"salesforce_hidden_objects": ["Campaign"]}, "Campaign", "hides", "access"),
    Ill("hubspot", NO_SCOPE, "deals", "MISSING_SCOPES", "scope"),
    Ill("hubspot", {"hubspot_hidden_objects": ["tickets"]}, "tickets", "not readable", ""),
]


def found(world: World, crm: str) -> dict[str, Finding]:
    """Return what is found about a CRM, by subject."""
    world.forget_clients()
    return {one.subject: one for part, one in examine(world.settings) if part == crm}


@pytest.mark.parametrize("ill", ILLS)
def test_what_is_wrong_is_named_with_the_next_step(world: World, ill: Ill) -> None:
    world.admin.setting(**ill.setting)
    finding = found(world, ill.crm)[ill.subject]
    assert (finding.state, ill.what in finding.what) == ("warning", True), finding
    assert ill.step in finding.next_step


@pytest.mark.parametrize(("crm", "subject"), [("salesforce", "calls"), ("hubspot", "quota")])
def test_a_day_whose_calls_are_nearly_gone_is_a_warning(
    world: World, crm: str, subject: str
) -> None:
    limit = {"salesforce": 100_000, "hubspot": 650_000}[crm]
    world.admin("POST", "usage", {"crm": crm, "left": limit * 15 // 100}).raise_for_status()
    finding = found(world, crm)[subject]
    assert finding.state == "warning"
    assert finding.next_step != ""


def test_a_clock_that_differs_is_a_warning(world: World) -> None:
    assert found(world, "hubspot")["clock"].state == "warning"  # The sandbox's stands still.
