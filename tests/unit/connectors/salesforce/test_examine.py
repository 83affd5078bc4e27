"""What an examination says of field history; the rest is seen in the contract tests."""

import pytest

from connectors.records import Finding
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.examine import examine
from connectors.salesforce.streams import STREAMS
from tests.unit.connectors.salesforce.conftest import DATA, QUERY, page, refusal
from tests.unit.connectors.scripted import Answer, Asked, Script

SUBJECT = "Lead: field history of Status"
LIMITS = {"DailyApiRequests": {"Max": 100, "Remaining": 90}}


def oldest(org: Script, lead: str | None, change: str | None) -> None:
    """Let the oldest Lead and the oldest change of a Lead be of these days."""

    def answer(asked: Asked) -> Answer:
        day = change if "FROM LeadHistory" in asked.query["q"] else lead
        return page({"CreatedDate": f"{day}T00:00:00.000+0000"}) if day else page()

    org._replies["GET", f"{DATA}/limits/"].clear()
    org.on("GET", f"{DATA}/limits/", Answer(LIMITS))
    org.on("GET", QUERY, answer)
    org.on("GET", f"{DATA}/tooling/query/", refusal(403, "INSUFFICIENT_ACCESS"))


def examined(client: SalesforceClient) -> Finding:
    return next(finding for finding in examine(client, STREAMS) if finding.subject == SUBJECT)


@pytest.mark.parametrize(
    ("lead", "change", "state"),
    [
        (None, None, "well"),
        ("2026-01-01", "2026-02-01", "well"),
        ("2026-01-01", "2026-09-01", "warning"),
        ("2026-01-01", None, "warning"),
        ("2015-01-01", "2025-01-01", "well"),
    ],
    ids=["no-leads", "from-the-beginning", "switched-on-late", "off", "as-far-back-as-is-kept"],
)
def test_history_is_held_against_the_records(
    org: Script, client: SalesforceClient, lead: str | None, change: str | None, state: str
) -> None:
    oldest(org, lead, change)
    assert examined(client).state == state


def test_what_late_tracking_costs_is_told_with_the_next_step(
    org: Script, client: SalesforceClient
) -> None:
    oldest(org, "2026-01-01", None)
    finding = examined(client)
    assert "when leads entered their stages" in finding.what
    assert finding.next_step.startswith("switch it on: Setup > Object Manager > Lead")


def test_a_history_that_is_hidden_is_told(org: Script, client: SalesforceClient) -> None:
    oldest(org, "2026-01-01", None)
    org._replies["GET", QUERY].appendleft(refusal(400, "INVALID_TYPE"))
    finding = examined(client)
    assert (finding.state, "INVALID_TYPE" in finding.what) == ("warning", True)


@pytest.mark.parametrize(("held", "warned"), [(False, True), (True, False), (None, False)])
def test_activities_that_nobody_shows_us_are_warned_of(
    org: Script, client: SalesforceClient, held: bool | None, warned: bool
) -> None:
    def answer(asked: Asked) -> Answer:
        if "FROM UserPermissionAccess" not in asked.query["q"]:
            return page()
        told = page({"PermissionsViewAllData": held})
        return refusal(400, "INVALID_TYPE") if held is None else told

    oldest(org, None, None)
    org._replies["GET", QUERY].clear()
    org.on("GET", QUERY, answer)
    found = [
        each for each in examine(client, STREAMS) if each.subject == "Task, Event: of all users"
    ]
    assert [each.state for each in found] == ["warning"] * warned


def test_a_login_that_is_refused_ends_the_examination(
    org: Script, client: SalesforceClient
) -> None:
    org._replies["GET", f"{DATA}/limits/"].clear()
    org.on("GET", f"{DATA}/limits/", refusal(404, "NOT_FOUND"))
    [finding] = examine(client, STREAMS)
    assert (finding.subject, finding.state) == ("credentials", "broken")
    assert "API version" in finding.next_step
