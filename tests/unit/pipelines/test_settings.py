"""Settings come from the environment; what is wrong is said without showing a value."""

import os
from pathlib import Path

import pytest

from pipelines.cli_demo import demo_environment
from pipelines.histories.homes import history_settings
from pipelines.settings import SettingsError, load_settings
from tests.unit.pipelines.builders import AS_OF

SECRET = "planted-secret-7f3a"
PREFIXES = ("LEADCYCLE_", "SALESFORCE_", "HUBSPOT_")


@pytest.fixture(autouse=True)
def empty_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in a folder without `.env` and without our variables."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.upper().startswith(PREFIXES)]:
        monkeypatch.delenv(name)


def message_for(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as wrong:
        load_settings()
    return str(wrong.value)


def test_without_any_setting_everything_lies_in_one_folder() -> None:
    settings = load_settings()

    assert (settings.lake_url, settings.warehouse_path, settings.published_dir) == (
        ".leadcycle/lake",
        Path(".leadcycle/warehouse.duckdb"),
        Path(".leadcycle/published"),
    )
    assert settings.state_database_url == "sqlite:///.leadcycle/state.sqlite"
    assert (settings.as_of, settings.hubspot_base_url) == ("crm", "https://api.hubapi.com")


def test_the_home_moves_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LEADCYCLE_HOME", str(tmp_path / "home"))

    assert load_settings().lake_url == str(tmp_path / "home" / "lake")


def test_another_database_can_hold_the_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADCYCLE_STATE_URL", "postgresql+psycopg2://db/leadcycle")

    assert load_settings().state_database_url == "postgresql+psycopg2://db/leadcycle"


def test_settings_are_read_from_an_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"HUBSPOT_ACCESS_TOKEN={SECRET}\nUNKNOWN=1\n")

    token = load_settings().hubspot_access_token

    assert token is not None
    assert token.get_secret_value() == SECRET


def test_the_environment_wins_over_the_env_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("LEADCYCLE_HOME=from-file\n")
    monkeypatch.setenv("LEADCYCLE_HOME", "from-environment")

    assert load_settings().home == Path("from-environment")


def test_an_empty_variable_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADCYCLE_HOME", "")

    assert load_settings().home == Path(".leadcycle")


@pytest.mark.parametrize("text", ["2026-11-22T10:00:00Z", "2026-11-22T11:00:00+01:00"])
def test_as_of_is_an_instant_in_utc(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADCYCLE_AS_OF", text)

    assert str(load_settings().as_of) == str(AS_OF)


def test_as_of_needs_a_time_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    text = message_for(monkeypatch, LEADCYCLE_AS_OF="2026-11-22T10:00:00")

    assert "LEADCYCLE_AS_OF" in text
    assert "give a time zone, e.g. 2026-06-30T12:00:00Z" in text


def test_an_address_loses_its_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESFORCE_BASE_URL", "https://acme.my.salesforce.com/")

    assert load_settings().salesforce_base_url == "https://acme.my.salesforce.com"


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "LEADCYCLE_AS_OF": "yesterday",
        "SALESFORCE_BASE_URL": "acme.my.salesforce.com",
        "SALESFORCE_API_VERSION": "latest",
        "HUBSPOT_API_VERSION": "v9",
    }

    text = message_for(monkeypatch, **wrong)

    assert all(name in text for name in wrong)
    assert "See .env.example" in text


@pytest.mark.parametrize(
    "name",
    ["LEADCYCLE_AS_OF", "SALESFORCE_BASE_URL", "SALESFORCE_API_VERSION", "HUBSPOT_API_VERSION"],
)
def test_a_secret_in_the_wrong_place_is_not_shown(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert SECRET not in message_for(monkeypatch, **{name: SECRET})


def test_an_error_has_no_cause_that_shows_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBSPOT_API_VERSION", SECRET)
    with pytest.raises(SettingsError) as wrong:
        load_settings()

    assert wrong.value.__cause__ is None
    assert wrong.value.__suppress_context__


def test_settings_never_print_their_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESFORCE_CLIENT_SECRET", SECRET)
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", SECRET)
    monkeypatch.setenv("LEADCYCLE_STATE_URL", f"postgresql+psycopg2://us:{SECRET}@db/leadcycle")

    assert SECRET not in repr(load_settings())


@pytest.mark.parametrize(
    ("named", "found"),
    [("s3://bucket/lake/", "s3://bucket/lake"), ("s3://bucket", "s3://bucket"), ("lake", "lake")],
)
def test_the_lake_may_lie_elsewhere(
    monkeypatch: pytest.MonkeyPatch, named: str, found: str
) -> None:
    monkeypatch.setenv("LEADCYCLE_LAKE", named)
    monkeypatch.setenv("LEADCYCLE_LAKE_ENDPOINT", "http://127.0.0.1:9000/")

    settings = load_settings()

    endpoint = {"endpoint_url": "http://127.0.0.1:9000"} if found.startswith("s3:") else {}
    assert (settings.lake_url, settings.lake_options) == (found, endpoint)


@pytest.mark.parametrize("named", ["gs://bucket/lake", "memory://lake", "s3://"])
def test_a_store_that_nobody_has_tested_is_refused(
    monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    assert "give a folder, or s3://bucket/prefix" in message_for(monkeypatch, LEADCYCLE_LAKE=named)


def test_an_imported_history_keeps_its_own_lake(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LEADCYCLE_LAKE", "s3://bucket/lake")

    assert history_settings(load_settings(), tmp_path / "h").lake_url == str(tmp_path / "h/lake")


def test_the_demo_keeps_its_own_lake_and_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    places = ("LEADCYCLE_LAKE=s3://bucket/lake", "LEADCYCLE_DAGSTER_URL=postgresql://db/dagster")
    (tmp_path / ".env").write_text("\n".join(places))
    keys = ("base_url", "access_token", "client_id", "client_secret")
    credentials = {crm: dict.fromkeys(keys, "http://x") for crm in ("hubspot", "salesforce")}
    for name, value in demo_environment(credentials).items():
        monkeypatch.setenv(name, value)

    assert load_settings().lake_url.endswith(".leadcycle/demo/lake")
    assert load_settings().dagster_url is None


def test_dagsters_database_is_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    said = message_for(monkeypatch, LEADCYCLE_DAGSTER_URL=f"mysql://us:{SECRET}@db/dagster")

    assert "give postgresql://" in said
    assert SECRET not in said
