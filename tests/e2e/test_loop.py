"""The whole loop over real HTTP, as a user runs it."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.e2e.company import User
from tests.e2e.conftest import Run

pytestmark = pytest.mark.e2e

COLUMNS = (
    *("stage", "stage_pass", "stage_since", "score", "score_reasons", "person_id", "synced_at"),
)
SALESFORCE = {f"Leadcycle_{column.title()}__c" for column in COLUMNS}
OWN_FIELDS = SALESFORCE | {f"leadcycle_{column}" for column in COLUMNS}
STAMPS = {
    "SystemModstamp",
    "LastModifiedDate",
    "LastModifiedById",
    "lastmodifieddate",
    "updated_at",
}
SYNCS = ("hubspot__contacts", "salesforce__contacts", "salesforce__leads")
FIT = 30
"""Points of fit that make an engaged person a target: revops/lifecycle.yml."""


def test_the_first_run_writes_every_record_and_one_an_hour_later_none(
    first_run: Run, second_run: Run
) -> None:
    first, second = first_run.summary["syncs"], second_run.summary["syncs"]

    assert tuple(sync["sync"] for sync in first) == SYNCS
    for sync in first:
        assert sync["written"] == sync["source"] > 0
        assert sync["rejected"] == sync["deferred"] == 0
    for sync in second:
        assert (sync["written"], sync["unchanged"]) == (0, sync["source"])
    assert second_run.summary["moves"] == []
    assert sum(counts["write"] for counts in second_run.calls.values()) == 0


@pytest.mark.parametrize("kind", ["Lead", "Contact"])
def test_what_salesforce_holds_is_what_the_sync_models_want(first_run: Run, kind: str) -> None:
    held = {record["Id"]: record for record in first_run.dump["salesforce"][kind]}
    wanted = published(first_run.home, f"sync.sync_salesforce__{kind.lower()}s")

    assert wanted
    assert [ours(held[row["record_id"]]) for row in wanted] == list(map(desired, wanted))


def test_what_hubspot_holds_is_what_the_sync_model_wants(first_run: Run) -> None:
    contacts = {str(held["id"]): held for held in first_run.dump["hubspot"]["contacts"]}
    wanted = published(first_run.home, "sync.sync_hubspot__contacts")

    assert wanted
    for row in wanted:
        properties = json.loads(contacts[row["record_id"]]["properties"])
        assert properties["leadcycle_stage"] == row["stage"]
        assert properties["leadcycle_person_id"] == row["person_id"]
        assert float(properties["leadcycle_score"]) == float(row["score"])


def test_the_contact_of_a_converted_lead_carries_its_persons_fields(first_run: Run) -> None:
    held = first_run.dump["salesforce"]
    contacts = {contact["Id"]: contact for contact in held["Contact"]}
    wanted = {
        row["record_id"]: desired(row)
        for row in published(first_run.home, "sync.sync_salesforce__contacts")
    }
    converted = [lead for lead in held["Lead"] if lead["ConvertedContactId"] in wanted]

    assert converted
    for lead in converted:
        contact_id = lead["ConvertedContactId"]
        assert ours(contacts[contact_id]) == wanted[contact_id]
        # Salesforce keeps a converted Lead as it was: nothing of ours is written on it.
        assert lead["Leadcycle_Stage__c"] is None


def test_forms_move_their_people_and_write_nothing_else(user: User) -> None:
    expected = {}
    for is_fit, stage in ((False, "Engaged"), (True, "Target")):
        person = someone_known_by_name_only(user, is_fit)
        user.company.submit_form("demo", person["email"])
        expected[person["person_id"]] = stage
    before = user.company.dump()

    summary = user.loop()

    assert {move["person_id"]: move["after"] for move in summary["moves"]} == expected
    changed = changed_fields(before, user.company.dump())
    assert set(changed) == records_of_people(user, set(expected))
    assert all(fields <= OWN_FIELDS | STAMPS for fields in changed.values())


def ours(record: dict[str, Any]) -> tuple[str, float, str | None, str]:
    """Return what a Salesforce record holds of ours."""
    score, reasons = float(record["Leadcycle_Score__c"]), record["Leadcycle_Score_Reasons__c"]
    return record["Leadcycle_Stage__c"], score, reasons, record["Leadcycle_Person_Id__c"]


def desired(row: dict[str, Any]) -> tuple[str, float, str | None, str]:
    """Return what a sync model wants it to hold."""
    return row["stage"], float(row["score"]), row["score_reasons"] or None, row["person_id"]


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
    salesforce = [*dump["salesforce"]["Lead"], *dump["salesforce"]["Contact"]]
    contacts = {
        str(contact["id"]): {
            **json.loads(contact["properties"]),
            "updated_at": contact["updated_at"],
        }
        for contact in dump["hubspot"]["contacts"]
    }
    return {record["Id"]: record for record in salesforce} | contacts


def published(home: Path, table: str) -> list[dict[str, Any]]:
    folder = home / "published"
    current = json.loads((folder / "CURRENT.json").read_text())
    rows: list[dict[str, Any]] = pq.read_table(folder / current["tables"][table]).to_pylist()
    return rows


def someone_known_by_name_only(user: User, is_fit: bool) -> dict[str, Any]:
    fit = {row["person_id"]: row["fit"] for row in published(user.home, "marts.person_scores")}
    fitting = {
        row["person_id"]
        for row in published(user.home, "marts.person_lifecycles")
        if row["stage_key"] == "name" and (fit[row["person_id"]] >= FIT) == is_fit
    }
    people = published(user.home, "marts.people")
    return next(row for row in people if row["person_id"] in fitting and row["email"])


def records_of_people(user: User, person_ids: set[str]) -> set[str]:
    tables = [f"sync.sync_{sync}" for sync in SYNCS]
    rows = [row for table in tables for row in published(user.home, table)]
    return {row["record_id"] for row in rows if row["person_id"] in person_ids}
