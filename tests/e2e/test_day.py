"""One more day in the life of the company: only what changed is read, and written."""

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.company import User
from tests.e2e.truth import judge, read_found, read_truth, share_right

pytestmark = pytest.mark.e2e


@pytest.fixture
def after_a_day(user: User) -> tuple[User, dict[str, Any], dict[str, Any]]:
    """Somebody whose company lived a day after the first run; what was read then, and the run."""
    user.loop()
    user.company.live(1)
    user.company.reset_calls()
    return user, user.company.counts(), user.loop()


def test_a_day_is_read_by_its_changes_alone(
    after_a_day: tuple[User, dict[str, Any], dict[str, Any]],
) -> None:
    _, counts, summary = after_a_day
    people = sum(counts["salesforce"]["Lead"].values()) + sum(
        counts["hubspot"]["contacts"].values()
    )
    readings = {(row["crm"], row["stream"]): row for row in summary["readings"]}

    changed = (
        readings["salesforce", "leads"]["rows_new"] + readings["hubspot", "contacts"]["rows_new"]
    )
    assert 0 < changed <= 0.1 * people
    assert sum(row["rows_read"] for row in readings.values()) < people
    assert all(0 <= row["requests"] <= 12 for row in readings.values())


def test_a_day_of_the_company_moves_its_people_as_they_moved(
    after_a_day: tuple[User, dict[str, Any], dict[str, Any]],
) -> None:
    user, _, summary = after_a_day

    found = read_found(user.home / "warehouse.duckdb")
    verdicts = judge(read_truth(Path(user.home).parent / "sandbox"), found)
    assert share_right(verdicts) >= 0.9
    assert summary["moves"]
    assert all(sync["rejected"] == sync["deferred"] == 0 for sync in summary["syncs"])
