"""The syncs file: what it says, and what is said about its mistakes."""

from pathlib import Path

import pytest
import yaml

from connectors.changes import OwnField
from pipelines.sync.config import Sync, SyncConfigError, load_syncs
from tests.unit.pipelines.builders import REASONS, SCORE, STAGE, sync_of

WHY = "Written by Leadcycle; do not edit."


def write(folder: Path, *syncs: object) -> Path:
    (folder / "syncs.yml").write_text(yaml.safe_dump({"syncs": list(syncs)}), "utf-8")
    return folder


def sync_entry(**changes: object) -> dict[str, object]:
    return sync_of(STAGE, SCORE).model_dump(by_alias=True) | changes


def problems(folder: Path) -> str:
    with pytest.raises(SyncConfigError) as wrong:
        load_syncs(folder)
    return str(wrong.value)


def test_a_sync_is_read_as_written(tmp_path: Path) -> None:
    assert load_syncs(write(tmp_path, sync_entry())) == (sync_of(STAGE, SCORE),)


def test_the_projects_own_syncs_are_valid() -> None:
    revops = Path(__file__).parents[4] / "revops"

    assert [sync.name for sync in load_syncs(revops)] == [
        "salesforce__leads",
        "salesforce__contacts",
        "hubspot__contacts",
    ]


def test_a_missing_file_names_the_setting_to_look_at(tmp_path: Path) -> None:
    assert "LEADCYCLE_REVOPS must name the rules' folder" in problems(tmp_path)


def test_an_empty_file_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "syncs.yml").write_text("")

    assert "syncs.yml is wrong" in problems(tmp_path)


def test_broken_yaml_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "syncs.yml").write_text("syncs: [")

    assert "is not YAML" in problems(tmp_path)


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    wrong = sync_entry(crm="pipedrive", fields=[{**STAGE, "policy": "mine", "typo": 1}])

    text = problems(write(tmp_path, wrong))

    places = ("syncs.0.crm", "syncs.0.fields.0.policy", "syncs.0.fields.0.typo")
    assert all(place in text for place in places)


def test_with_must_name_a_column_of_the_sync(tmp_path: Path) -> None:
    fields = [STAGE, {**REASONS, "with": "points"}]

    assert "with names points: no column" in problems(write(tmp_path, sync_entry(fields=fields)))


@pytest.mark.parametrize("fields", [[STAGE, STAGE], [STAGE, {**SCORE, "field": "Stage__c"}]])
def test_two_columns_cannot_fill_one_field(tmp_path: Path, fields: list[object]) -> None:
    assert "Stage__c" in problems(write(tmp_path, sync_entry(fields=fields)))


def test_two_syncs_cannot_share_a_name(tmp_path: Path) -> None:
    assert "salesforce__leads" in problems(write(tmp_path, sync_entry(), sync_entry()))


def test_own_fields_are_the_mapped_ones_and_the_stamp() -> None:
    sync: Sync = sync_of({**STAGE, "length": 80}, SCORE)

    assert sync.own_fields() == (
        OwnField("Stage__c", "Stage", "string", WHY, 80),
        OwnField("Score__c", "Score", "decimal", WHY),
        OwnField("Synced__c", "Synced", "datetime", WHY),
    )
