"""What is wrong with the access to a CRM, named before it costs anything, with what to do."""

from typing import Any

import pytest

from connectors.records import Finding
from pipelines.doctor import examine
from tests.survival.world import World

STATUS = "Lead: field history of Status"
ILLS: list[tuple[str, dict[str, Any], str, str, str]] = [
    (
        *("salesforce", {"salesforce_history_since": {"Lead": "2026-06-01T00:00:00Z"}}, STATUS),
        *("their changes on 2026-06", "leave tracking on"),
    ),
    (
        *("salesforce", {"salesforce_history_until": {"Lead.Status": "2026-03-01T00:00:00Z"}}),
        *(STATUS, "it was on and is off now", "switch it on"),
    ),
    (
        *("salesforce", {"salesforce_history_since": {"Lead": "2026-06-30T11:59:00Z"}}, STATUS),
        *("no change is recorded", "switch it on"),
    ),
    (
        *("salesforce", {"salesforce_hidden_objects": ["Campaign"]}, "Campaign"),
        *("hides it from our user", "read access"),
    ),
    (
        *("hubspot", {"hubspot_withheld_scopes": ["crm.objects.deals.read"]}, "deals"),
        *("MISSING_SCOPES", "scope"),
    ),
    ("hubspot", {"hubspot_hidden_objects": ["tickets"]}, "tickets", "not readable", ""),
]


def found(world: World, crm: str) -> dict[str, Finding]:
    """Return what is found about a CRM, by subject."""
    world.forget_clients()
    return {one.subject: one for part, one in examine(world.settings) if part == crm}


@pytest.mark.parametrize(("crm", "setting", "subject", "what", "step"), ILLS)
def test_what_is_wrong_is_named_with_the_next_step(
    world: World, crm: str, setting: dict[str, Any], subject: str, what: str, step: str
) -> None:
    world.admin.setting(**setting)
    finding = found(world, crm)[subject]
    assert (finding.state, what in finding.what) == ("warning", True), finding
    assert step in finding.next_step


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
