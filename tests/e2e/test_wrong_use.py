"""Bad input: one clear message, a non-zero exit, nothing half-written, no secret shown."""

import dataclasses
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.company import ROOT, Company, Done, User
from tests.e2e.conftest import copied

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def company(drawn: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """One company for all of these tests: none of them gets as far as to write to it."""
    with copied(drawn, tmp_path_factory.mktemp("company") / "drawn") as user:
        yield user.company


@pytest.fixture
def newcomer(company: Company, tmp_path: Path) -> User:
    """Somebody with an empty home."""
    return User(tmp_path / "home", company)


def with_credentials(user: User, crm: str, **changes: str) -> User:
    credentials = json.loads(json.dumps(user.company.credentials))
    credentials[crm] |= changes
    return dataclasses.replace(user, company=Company(credentials))


def loads(user: User) -> list[Path]:
    return sorted((user.home / "lake").rglob("*.parquet"))


def assert_says(done: Done, code: int, *parts: str) -> None:
    assert done.code == code, done.stderr
    assert done.stdout == ""
    for part in parts:
        assert part in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_setting_is_named(newcomer: User) -> None:
    done = with_credentials(newcomer, "hubspot", access_token="").run("extract")

    assert_says(done, 2, "HUBSPOT_ACCESS_TOKEN", ".env.example")


def test_an_unreachable_crm_is_named_and_nothing_is_written(newcomer: User) -> None:
    done = with_credentials(newcomer, "salesforce", base_url="http://127.0.0.1:9").run("extract")

    assert_says(done, 1, "salesforce", "127.0.0.1:9")
    assert loads(newcomer) == []


def test_a_refused_token_is_not_shown(newcomer: User) -> None:
    planted = "pat-planted-secret"
    done = with_credentials(newcomer, "hubspot", access_token=planted).run("extract")

    assert_says(done, 2, "hubspot", "HUBSPOT_ACCESS_TOKEN")
    assert planted not in done.stderr


def test_a_refused_secret_is_not_shown(newcomer: User) -> None:
    planted = "planted-secret"
    done = with_credentials(newcomer, "salesforce", client_secret=planted).run("extract")

    assert_says(done, 2, "salesforce", "SALESFORCE_CLIENT_SECRET")
    assert planted not in done.stderr
    assert loads(newcomer) == []


def test_an_unknown_stage_in_the_rules_is_named_with_its_place(
    newcomer: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tmp_path / "revops"
    shutil.copytree(ROOT / "revops", rules)
    stage_map = rules / "stage_map.csv"
    stage_map.write_text(stage_map.read_text().replace(",sales_lead", ",sales_leed", 1))
    newcomer.run("extract")
    environment = newcomer.environment() | {"LEADCYCLE_REVOPS": str(rules)}
    monkeypatch.setattr(User, "environment", lambda _: environment)

    done = newcomer.run("build")

    assert_says(done, 2, "stage_map.csv", "sales_leed", "sales_lead")
    assert not (newcomer.home / "published" / "CURRENT.json").exists()


def test_building_before_anything_was_read_says_what_to_do(newcomer: User) -> None:
    assert_says(newcomer.run("build"), 1, "leadcycle extract")


def test_an_error_under_json_is_one_document(newcomer: User) -> None:
    done = with_credentials(newcomer, "hubspot", access_token="").run("extract", "--json")

    assert done.code == 2
    assert done.document["error"] == "ConfigError"
