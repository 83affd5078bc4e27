"""Syncs against what is read of each CRM."""

from pathlib import Path

import pytest

from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.sync.config import SyncConfigError
from pipelines.syncs import configured_syncs


def test_the_shipped_syncs_write_only_what_is_read() -> None:
    names = [
        sync.name for sync in configured_syncs(Settings(LEADCYCLE_REVOPS=PROJECT_ROOT / "revops"))
    ]

    assert names == ["salesforce__leads", "hubspot__contacts"]


def test_a_field_that_is_never_read_is_refused(tmp_path: Path) -> None:
    text = (PROJECT_ROOT / "revops" / "syncs.yml").read_text()
    (tmp_path / "syncs.yml").write_text(text.replace("Leadcycle_Stage__c", "Leadcycle_Other__c"))

    with pytest.raises(SyncConfigError, match="salesforce__leads: Leadcycle_Other__c"):
        configured_syncs(Settings(LEADCYCLE_REVOPS=tmp_path))


def test_a_field_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    text = (PROJECT_ROOT / "revops" / "syncs.yml").read_text()
    (tmp_path / "syncs.yml").write_text(text.replace("field: leadcycle_stage,", "field: jobtitle,"))

    with pytest.raises(SyncConfigError, match=r"not ours \(hubspot__contacts: jobtitle"):
        configured_syncs(Settings(LEADCYCLE_REVOPS=tmp_path))
