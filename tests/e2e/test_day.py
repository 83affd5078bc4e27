"""The company lives on: only what changed is read, and written."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import pytest

from tests.e2e.company import User
from tests.e2e.conftest import Run, copied
from tests.e2e.test_truth import SALESFORCE
from tests.e2e.truth import verdicts_of, wrong_people

pytestmark = pytest.mark.e2e

DAYS = 7
"""So much happens in a week of this company as in half a day of one of 2,000 people."""

READ_WHOLE = {"fields", "properties", "forms", "owners", "teams", "pipelines", "form_submissions"}
"""Small lists, read at every run, and what HubSpot can't count, read whole again after a week."""

REQUESTS = 24
"""Of one stream: 8 for a new task and its associations, 7 for the second look at it, and once a day
2 for what was removed, 5 for the associations of all tasks, and a count."""

PEOPLE = (("salesforce", "leads"), ("hubspot", "contacts"))


@dataclass(frozen=True)
class Lived:
    """Somebody whose company lived on after their runs; what it held then, and the next run."""

    user: User
    counts: dict[str, Any]
    summary: dict[str, Any]


@pytest.fixture(scope="module")
def lived(second_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    with copied(second_run.folder, tmp_path_factory.mktemp("lived") / "user") as user:
        user.company.live(DAYS)
        yield Lived(user, user.company.counts(), user.loop())


def test_days_are_read_by_their_changes_alone(lived: Lived) -> None:
    held = (lived.counts["salesforce"]["Lead"], lived.counts["hubspot"]["contacts"])
    people = sum(sum(records.values()) for records in held)
    readings = {(row["crm"], row["stream"]): row for row in lived.summary["readings"]}

    leads, contacts = (readings[key]["rows_new"] for key in PEOPLE)
    assert 0 < contacts <= 0.1 * people
    # Their age in days is a formula of the org: each Lead has another one every day.
    assert leads <= sum(held[0].values()) + 0.1 * people
    # Associations of all records are read once a day, as they move no stamp.
    again = {
        name: row["rows_read"] - row["rows_new"]
        for (_, name), row in readings.items()
        if name not in READ_WHOLE and not name.endswith("_associations")
    }
    assert sum(again.values()) <= people / 4, again
    assert all(0 <= row["requests"] <= REQUESTS for row in readings.values())


def test_days_of_the_company_move_its_people_as_they_moved(lived: Lived) -> None:
    assert not (wrong := wrong_people(verdicts_of(lived.user.home.parent))), wrong
    assert lived.summary["moves"]
    assert all(sync["rejected"] == sync["deferred"] == 0 for sync in lived.summary["syncs"])


def test_after_days_base_holds_what_the_crms_hold(lived: Lived) -> None:
    held = lived.counts["salesforce"]
    with duckdb.connect(str(lived.user.home / "warehouse.duckdb"), read_only=True) as db:
        found = {name: living_in(db, f"salesforce__{SALESFORCE[name]}") for name in SALESFORCE}
        contacts = db.execute(
            "select count(*) from intermediate.int_crm_records "
            "where source_system = 'hubspot' and not is_deleted"
        ).fetchone()

    assert found == {name: held[name]["living"] for name in SALESFORCE}
    assert contacts == (lived.counts["hubspot"]["contacts"]["living"],)


def living_in(db: duckdb.DuckDBPyConnection, table: str) -> int:
    row = db.execute(f"select count(*) from base.{table} where not _is_deleted").fetchone()
    assert row is not None
    return int(row[0])
