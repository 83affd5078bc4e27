from pathlib import Path
from typing import Any

import pytest

from connectors.errors import ConfigError
from connectors.hubspot.auth import AppLogin, KeyLogin
from connectors.hubspot.tokens import TokenFile
from connectors.salesforce.auth import JwtLogin, SecretLogin
from pipelines.logins import hubspot_login, salesforce_login
from pipelines.settings import Settings

ORG = {"salesforce_base_url": "https://acme.my.salesforce.com", "salesforce_client_id": "app-1"}


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def settings(**values: Any) -> Settings:
    return Settings(**values)


def test_salesforce_is_entered_by_a_secret() -> None:
    given = settings(**ORG, salesforce_client_secret="secret")
    assert salesforce_login(given) == SecretLogin("app-1", "secret")


def test_salesforce_is_entered_by_a_key_where_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("PEM", encoding="ascii")
    key = {"salesforce_jwt_key_file": tmp_path / "key.pem", "salesforce_jwt_username": "ada"}
    given = settings(**ORG, **key, salesforce_jwt_audience="https://test.salesforce.com")
    assert salesforce_login(given) == JwtLogin("app-1", "ada", "PEM", "https://test.salesforce.com")


def test_a_key_that_cannot_be_read_is_named_with_its_file(tmp_path: Path) -> None:
    key = {"salesforce_jwt_key_file": tmp_path / "none.pem", "salesforce_jwt_username": "ada"}
    with pytest.raises(ConfigError, match=r"SALESFORCE_JWT_KEY_FILE.*none\.pem can't be read"):
        salesforce_login(settings(**ORG, **key))


def test_hubspot_is_entered_by_a_service_key() -> None:
    assert hubspot_login(settings(hubspot_access_token="pat-1")) == KeyLogin("pat-1")


def test_hubspot_is_entered_as_an_app_where_one_is_named(tmp_path: Path) -> None:
    app = {"hubspot_client_id": "app-1", "hubspot_client_secret": "s", "hubspot_refresh_token": "r"}
    folder = tmp_path / "tokens"
    expected = AppLogin(
        "app-1", "s", TokenFile(folder / "hubspot.json", "r"), folder / "hubspot.lock"
    )
    assert hubspot_login(settings(**app, LEADCYCLE_HOME=tmp_path)) == expected


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({}, "HUBSPOT_ACCESS_TOKEN"),
        ({"hubspot_client_id": "a"}, "HUBSPOT_CLIENT_SECRET, HUBSPOT_REFRESH_TOKEN"),
    ],
)
def test_what_hubspot_lacks_is_named(given: dict[str, str], names: str) -> None:
    with pytest.raises(ConfigError, match=f"{names} not set"):
        hubspot_login(settings(**given))


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (ORG, "SALESFORCE_CLIENT_SECRET"),
        ({"salesforce_jwt_key_file": "k"}, "SALESFORCE_BASE_URL, .*, SALESFORCE_JWT_USERNAME"),
    ],
)
def test_what_salesforce_lacks_is_named(given: dict[str, str], names: str) -> None:
    with pytest.raises(ConfigError, match=f"{names} not set"):
        salesforce_login(settings(**given))
