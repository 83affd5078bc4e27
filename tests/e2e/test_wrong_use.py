"""Bad input: one clear message, a non-zero exit, nothing half-written, no secret shown."""

import dataclasses
import json
import shutil
from pathlib import Path

import pytest

from tests.e2e.company import ROOT, Company, Done, User

pytestmark = pytest.mark.e2e


def with_credentials(user: User, crm: str, **changes: str) -> User:
    credentials = json.loads(json.dumps(user.company.credentials))
    credentials[crm] |= changes
    return dataclasses.replace(user, company=Company(credentials))


def loads(user: User) -> list[Path]:
    return sorted((user.home / "lake").rglob("*.parquet"))


def secrets(user: User) -> list[str]:
    return [
        user.company.credentials["salesforce"]["client_secret"],
        user.company.credentials["hubspot"]["access_token"],
    ]


def assert_says(done: Done, code: int, *parts: str) -> None:
    assert done.code == code, done.stderr
    assert done.stdout == ""
    for part in parts:
        assert part in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_setting_is_named(user: User) -> None:
    done = with_credentials(user, "hubspot", access_token="").run("extract")

    assert_says(done, 2, "HUBSPOT_ACCESS_TOKEN", ".env.example")


def test_an_unreachable_crm_is_named_and_nothing_is_written(user: User) -> None:
    done = with_credentials(user, "salesforce", base_url="http://127.0.0.1:9").run("extract")

    assert_says(done, 1, "salesforce", "127.0.0.1:9")
    assert loads(user) == []


def test_a_refused_token_is_not_shown(user: User) -> None:
    planted = "pat-planted-secret"
    done = with_credentials(user, "hubspot", access_token=planted).run("extract")

    assert_says(done, 2, "hubspot", "HUBSPOT_ACCESS_TOKEN")
    assert planted not in done.stderr


def test_a_refused_secret_is_not_shown(user: User) -> None:
    planted = "planted-secret"
    done = with_credentials(user, "salesforce", client_secret=planted).run("extract")

    assert_says(done, 2, "salesforce", "SALESFORCE_CLIENT_SECRET")
    assert planted not in done.stderr
    assert loads(user) == []


def test_an_unknown_stage_in_the_rules_is_named_with_its_place(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tmp_path / "revops"
    shutil.copytree(ROOT / "revops", rules)
    stage_map = rules / "stage_map.csv"
    stage_map.write_text(stage_map.read_text().replace(",sales_lead", ",sales_leed", 1))
    user.run("extract")
    environment = user.environment() | {"LEADCYCLE_REVOPS": str(rules)}
    monkeypatch.setattr(User, "environment", lambda _: environment)

    done = user.run("build")

    assert_says(done, 2, "stage_map.csv", "sales_leed", "sales_lead")
    assert not (user.home / "published").exists()


def test_building_before_anything_was_read_says_what_to_do(user: User) -> None:
    assert_says(user.run("build"), 1, "leadcycle extract")


def test_an_error_under_json_is_one_document(user: User) -> None:
    done = with_credentials(user, "hubspot", access_token="").run("extract", "--json")

    assert done.code == 2
    assert done.document["error"] == "ConfigError"
