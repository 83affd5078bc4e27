"""The company's truth, drawn anew at every test run, against what the warehouse makes of it."""

import random
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.e2e.company import Company, User, served
from tests.e2e.truth import (
    read_truth,
    share_known_by_day,
    verdicts_of,
    wrong_entries,
    wrong_people,
)

pytestmark = pytest.mark.e2e

PEOPLE = 2_000
HUBSPOT = ("contacts", "companies", "deals", "calls", "emails", "meetings", "notes", "tasks")
HISTORIES = ("lifecyclestage", "hs_lead_status", "hubspot_owner_id", "email")
ASSOCIATIONS = {
    "contacts->companies": "contact_associations",
    "deals->contacts": "deal_associations",
    "deals->companies": "deal_associations",
    "calls->contacts": "call_associations",
    "emails->contacts": "email_associations",
    "meetings->contacts": "meeting_associations",
    "notes->contacts": "note_associations",
    "tasks->contacts": "task_associations",
}
SALESFORCE = {
    "Lead": "leads",
    "Contact": "contacts",
    "Account": "accounts",
    "Opportunity": "opportunities",
    "OpportunityContactRole": "opportunity_contact_roles",
    "Campaign": "campaigns",
    "CampaignMember": "campaign_members",
    "Task": "tasks",
    "Event": "events",
    "User": "users",
    "Group": "groups",
    "LeadHistory": "lead_histories",
    "ContactHistory": "contact_histories",
    "OpportunityHistory": "opportunity_histories",
    "OpportunityFieldHistory": "opportunity_field_histories",
}


SEEDS = ["first", *(pytest.param(name, marks=pytest.mark.soak) for name in ("second", "third"))]


@pytest.fixture(scope="module", params=SEEDS)
def read_company(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Company]]:
    """A company of a seed that nobody has seen, read and built; its folder and itself."""
    seed = random.SystemRandom().randrange(1, 10**6)
    folder = tmp_path_factory.mktemp(f"seed-{seed}")
    with served(folder / "sandbox", people=PEOPLE, seed=seed) as company:
        user = User(folder / "home", company)
        for command in ("extract", "build"):
            done = user.run(command)
            assert done.code == 0, done.stderr
        yield folder, company


def test_every_observable_person_has_exactly_their_true_records_and_path(
    read_company: tuple[Path, Company],
) -> None:
    verdicts = verdicts_of(read_company[0])

    assert len(verdicts) > 0.97 * PEOPLE
    assert not (wrong := wrong_people(verdicts)), f"{read_company[0].name}: {wrong}"


def test_every_entry_is_at_its_true_time_as_far_as_the_evidence_goes(
    read_company: tuple[Path, Company],
) -> None:
    verdicts = verdicts_of(read_company[0])

    assert wrong_entries(verdicts) == []
    assert share_known_by_day(verdicts) <= 0.02


def test_at_most_three_in_a_hundred_are_unobservable_and_each_says_why(
    read_company: tuple[Path, Company],
) -> None:
    truth = read_truth(read_company[0] / "sandbox")
    lost = [person for person in truth if not person.observable]

    assert len(lost) <= 0.03 * len(truth)
    assert all(person.reason for person in lost)


def test_every_salesforce_object_in_base_has_as_many_records_as_the_sandbox(
    read_company: tuple[Path, Company],
) -> None:
    folder, company = read_company
    held = company.counts()["salesforce"]

    found = base_counts(folder, {name: f"salesforce__{SALESFORCE[name]}" for name in SALESFORCE})

    assert found == {name: sum(held[name].values()) for name in SALESFORCE}
    assert all(found.values())


def test_every_hubspot_object_in_base_has_as_many_records_as_the_sandbox(
    read_company: tuple[Path, Company],
) -> None:
    folder, company = read_company
    held = company.counts()["hubspot"]
    expected = {name: sum(held[name].values()) for name in HUBSPOT}
    expected |= {name: held[name] for name in ("form_submissions", "forms", "owners")}

    found = base_counts(folder, {name: f"hubspot__{name}" for name in expected})

    assert found == expected
    assert all(found.values())


def test_every_association_in_base_is_one_of_the_sandbox(
    read_company: tuple[Path, Company],
) -> None:
    folder, company = read_company
    held = company.counts()["hubspot"]["associations"]

    with opened(folder) as db:
        found = {
            pair: associations(db, table, pair.partition("->")[2])
            for pair, table in ASSOCIATIONS.items()
        }

    assert found == {pair: held[pair] for pair in ASSOCIATIONS}


def test_every_change_of_a_followed_property_is_in_base(
    read_company: tuple[Path, Company],
) -> None:
    folder, company = read_company
    held = company.counts()["hubspot"]["histories"]
    expected = {f"contacts.{name}": held[f"contacts.{name}"] for name in HISTORIES}

    with opened(folder) as db:
        found = {
            f"contacts.{name}": one(
                db, "from base.hubspot__contact_histories where property = ?", name
            )
            for name in HISTORIES
        }
        deals = one(db, "from base.hubspot__deal_histories where property = ?", "dealstage")

    assert found == expected
    assert deals == held["deals.dealstage"]


def base_counts(folder: Path, tables: dict[str, str]) -> dict[str, int]:
    with opened(folder) as db:
        return {name: one(db, f"from base.{table}") for name, table in tables.items()}


def opened(folder: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(folder / "home" / "warehouse.duckdb"), read_only=True)


def one(db: duckdb.DuckDBPyConnection, where: str, *values: str) -> int:
    row = db.execute(f"select count(*) {where}", values).fetchone()
    assert row is not None
    return int(row[0])


def associations(db: duckdb.DuckDBPyConnection, table: str, to_type: str) -> int:
    """Count the labels of the pairs that the rows of a table list."""
    listed = f"coalesce(sum(json_array_length(associations)), 0) from base.hubspot__{table}"
    row = db.execute(f"select {listed} where to_type = ?", [to_type]).fetchone()
    assert row is not None
    return int(row[0])
