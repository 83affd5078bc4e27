"""The whole loop over real HTTP, as a user runs it."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.e2e.company import Company, User

pytestmark = pytest.mark.e2e

COLUMNS = ("stage", "stage_pass", "stage_since", "score", "score_reasons", "synced_at")
SALESFORCE = {f"Leadcycle_{column.title()}__c" for column in COLUMNS}
OWN_FIELDS = SALESFORCE | {f"leadcycle_{column}" for column in COLUMNS}
STAMPS = {
    "SystemModstamp",
    "LastModifiedDate",
    "LastModifiedById",
    "lastmodifieddate",
    "updated_at",
}


def test_the_first_run_writes_every_record_and_the_next_one_none(
    user: User, first_run: tuple[Path, dict[str, Any]]
) -> None:
    first = first_run[1]
    user.company.reset_calls()
    second = user.loop()

    for sync in first["syncs"]:
        assert sync["written"] == sync["source"] > 0
        assert sync["rejected"] == sync["deferred"] == 0
    for sync in second["syncs"]:
        assert (sync["written"], sync["unchanged"]) == (0, sync["source"])
    assert second["moves"] == []
    assert write_calls(user.company) == 0


def test_what_the_crm_holds_is_what_the_sync_models_want(user: User) -> None:

    wanted = published(user, "sync.sync_salesforce__leads")
    leads = {lead["Id"]: lead for lead in user.company.dump()["salesforce"]["Lead"]}
    assert wanted
    for row in wanted:
        lead = leads[row["record_id"]]
        assert lead["Leadcycle_Stage__c"] == row["stage"]
        assert float(lead["Leadcycle_Score__c"]) == float(row["score"])
        assert lead["Leadcycle_Score_Reasons__c"] == (row["score_reasons"] or None)


def test_a_form_moves_its_person_and_writes_nothing_else(user: User) -> None:
    person = someone_known_by_name_only(user)
    user.company.submit_form("demo", person["email"])
    before = user.company.dump()

    summary = user.loop()

    assert [(move["person_id"], move["after"]) for move in summary["moves"]] == [
        (person["person_id"], "Engaged")
    ]
    changed = changed_fields(before, user.company.dump())
    assert set(changed) == records_of_person(user, person["person_id"])
    assert all(fields <= OWN_FIELDS | STAMPS for fields in changed.values())


def test_decay_alone_writes_nothing(user: User) -> None:
    user.company.advance(3600)
    user.company.reset_calls()

    summary = user.loop()

    assert sum(sync["written"] for sync in summary["syncs"]) == 0
    assert write_calls(user.company) == 0


def write_calls(company: Company) -> int:
    return sum(counts["write"] for counts in company.calls().values())


def changed_fields(before: dict[str, Any], after: dict[str, Any]) -> dict[str, set[str]]:
    """Return the names of the fields that differ, by record id."""
    was, now = record_values(before), record_values(after)
    assert set(was) == set(now)
    return {
        key: {name for name in now[key] if now[key][name] != was[key].get(name)}
        for key in now
        if now[key] != was[key]
    }


def record_values(dump: dict[str, Any]) -> dict[str, dict[str, Any]]:
    leads = {lead["Id"]: lead for lead in dump["salesforce"]["Lead"]}
    contacts = {
        str(contact["id"]): {
            **json.loads(contact["properties"]),
            "updated_at": contact["updated_at"],
        }
        for contact in dump["hubspot"]["contacts"]
    }
    return leads | contacts


def published(user: User, table: str) -> list[dict[str, Any]]:
    folder = user.home / "published"
    current = json.loads((folder / "CURRENT.json").read_text())
    rows: list[dict[str, Any]] = pq.read_table(folder / current["tables"][table]).to_pylist()
    return rows


def someone_known_by_name_only(user: User) -> dict[str, Any]:
    named = {
        row["person_id"]
        for row in published(user, "marts.person_lifecycles")
        if row["stage_key"] == "name"
    }
    people = published(user, "marts.people")
    return next(row for row in people if row["person_id"] in named and row["email"])


def records_of_person(user: User, person_id: str) -> set[str]:
    tables = ("sync.sync_salesforce__leads", "sync.sync_hubspot__contacts")
    rows = [row for table in tables for row in published(user, table)]
    return {row["record_id"] for row in rows if row["person_id"] == person_id}
