"""What is examined before anything is read: both CRMs and everything of ours, over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from connectors.records import Finding
from pipelines import crms, places
from pipelines.crms import CRMS
from pipelines.doctor import examine
from pipelines.places import store_of
from pipelines.settings import Settings
from pipelines.sync.migrate import LATEST
from tests.contract.conftest import Sandbox
from tests.contract.test_reading_crms import environment


@pytest.fixture
def settings(clean_sandbox: Sandbox, tmp_path: Path) -> Iterator[Settings]:
    """What somebody has who has read nothing yet."""
    yield Settings(_env_file=None, **environment(clean_sandbox, tmp_path / "home"))
    for kept in (crms._salesforce_client, crms._hubspot_client):
        kept.cache_clear()


def broken(settings: Settings) -> dict[tuple[str, str], Finding]:
    found = {(part, finding.subject): finding for part, finding in examine(settings)}
    assert {part for part, _ in found} == {"leadcycle", *CRMS}
    return {place: finding for place, finding in found.items() if finding.state == "broken"}


def of_the_state_store(settings: Settings) -> Finding:
    return next(finding for _, finding in examine(settings) if finding.subject == "state store")


def test_the_doctor_finds_nothing_broken(settings: Settings) -> None:
    assert broken(settings) == {}


def test_one_broken_thing_never_hides_the_others(settings: Settings, tmp_path: Path) -> None:
    wrong = settings.model_copy(update={"hubspot_access_token": None, "revops_dir": tmp_path})
    (tmp_path / "extract.yml").write_text("reserv: 1", "utf-8")

    assert set(broken(wrong)) == {
        ("leadcycle", "extract.yml"),
        ("salesforce", "access"),
        ("hubspot", "access"),
    }


def test_a_state_store_of_a_newer_version_hides_nothing_either(settings: Settings) -> None:
    with store_of(settings).engine.begin() as db:
        db.execute(sa.text("update alembic_version set version_num = '9999'"))
    places._opened.cache_clear()  # As a new process would.

    assert broken(settings) == {
        ("leadcycle", "state store"): Finding(
            "state store",
            "broken",
            f"it is at revision 9999, this version knows those up to {LATEST}",
            "Upgrade Leadcycle: a newer one was here.",
        )
    }


def test_the_doctor_migrates_nothing(settings: Settings) -> None:
    found = [of_the_state_store(settings) for _ in range(2)]
    store_of(settings)
    found.append(of_the_state_store(settings))

    assert [(finding.state, finding.what) for finding in found] == [
        *[("well", f"it can be reached, at revision none yet; the next run makes it {LATEST}")] * 2,
        ("well", f"it can be reached, at revision {LATEST}"),
    ]
