"""Syncs against what is read of each CRM."""

from pathlib import Path

import pytest

from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.sync.config import SyncConfigError
from pipelines.syncs import base_table, configured_syncs, current_query
from tests.unit.pipelines.builders import sync_of

SHIPPED = PROJECT_ROOT / "revops"


def settings_with(folder: Path, old: str, new: str) -> Settings:
    """Return settings whose rules folder has the shipped syncs, changed in one word."""
    text = (SHIPPED / "syncs.yml").read_text()
    (folder / "syncs.yml").write_text(text.replace(old, new))
    return Settings(LEADCYCLE_REVOPS=folder)


def test_the_shipped_syncs_write_objects_that_are_read() -> None:
    syncs = configured_syncs(Settings(LEADCYCLE_REVOPS=SHIPPED))

    assert [(sync.name, base_table(sync)) for sync in syncs] == [
        ("salesforce__leads", "salesforce__leads"),
        ("salesforce__contacts", "salesforce__contacts"),
        ("hubspot__contacts", "hubspot__contacts"),
    ]


def test_an_object_that_is_not_read_is_refused(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, "object: Contact", "object: Asset")

    with pytest.raises(SyncConfigError, match="writes Asset, which is not read of salesforce"):
        configured_syncs(settings)


def test_a_field_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, "field: leadcycle_stage,", "field: jobtitle,")

    with pytest.raises(SyncConfigError, match=r"not ours \(hubspot__contacts: jobtitle"):
        configured_syncs(settings)


def test_current_values_are_read_by_the_mapping_as_far_as_base_has_its_fields() -> None:
    query = current_query(sync_of(), ["_record_id", "STAGE__C", "since__c", "Other"])

    assert query == (
        "select _record_id as record_id, _modified_at as modified_at, "
        '"STAGE__C" as "stage", "since__c" as "since" '
        'from base."salesforce__leads" order by _record_id'
    )
