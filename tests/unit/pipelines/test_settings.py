"""Settings come from the environment; what is wrong is said without showing a value."""

import os
from pathlib import Path

import pytest

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
