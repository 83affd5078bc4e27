"""How the settings say that we log in to each CRM."""

from pathlib import Path

from connectors.errors import ConfigError
from connectors.hubspot.auth import AppLogin, KeyLogin
from connectors.hubspot.auth import Login as HubSpotLogin
from connectors.hubspot.tokens import TokenFile
from connectors.records import Crm
from connectors.salesforce.auth import JwtLogin, SecretLogin
from connectors.salesforce.auth import Login as SalesforceLogin
from pipelines.settings import Settings


def salesforce_login(settings: Settings) -> SalesforceLogin:
    """Return the app with a secret, or with a key where the settings name one.

    Raises:
        ConfigError: a setting is missing, or the key's file can't be read.
    """
    base_url, client_id = settings.salesforce_base_url, settings.salesforce_client_id
    if key_file := settings.salesforce_jwt_key_file:
        username = settings.salesforce_jwt_username
        if base_url and client_id and username:
            key = _read_key(key_file)
            return JwtLogin(client_id, username, key, settings.salesforce_jwt_audience)
        raise missing(
            "salesforce",
            SALESFORCE_BASE_URL=base_url,
            SALESFORCE_CLIENT_ID=client_id,
            SALESFORCE_JWT_USERNAME=username,
        )
    secret = settings.salesforce_client_secret
    if base_url and client_id and secret:
        return SecretLogin(client_id, secret.get_secret_value())
    raise missing(
        "salesforce",
        SALESFORCE_BASE_URL=base_url,
        SALESFORCE_CLIENT_ID=client_id,
        SALESFORCE_CLIENT_SECRET=secret,
    )


def hubspot_login(settings: Settings) -> HubSpotLogin:
    """Return the service key, or the app where the settings name one.

    Raises:
        ConfigError: a setting is missing.
    """
    client_id = settings.hubspot_client_id
    if not client_id:
        token = settings.hubspot_access_token
        if token:
            return KeyLogin(token.get_secret_value())
        raise missing("hubspot", HUBSPOT_ACCESS_TOKEN=token)
    secret, first = settings.hubspot_client_secret, settings.hubspot_refresh_token
    if secret and first:
        tokens = TokenFile(settings.token_file, first.get_secret_value())
        lock = settings.token_file.with_suffix(".lock")
        return AppLogin(client_id, secret.get_secret_value(), tokens, lock)
    raise missing("hubspot", HUBSPOT_CLIENT_SECRET=secret, HUBSPOT_REFRESH_TOKEN=first)


def missing(crm: Crm, **settings: object) -> ConfigError:
    """Return the error that names the settings that have no value."""
    names = ", ".join(name for name, value in settings.items() if not value)
    return ConfigError(
        crm,
        "settings",
        f"{names} not set.",
        "Set it in the environment or in .env (see .env.example), or run `make demo` to try "
        "Leadcycle on its sandbox CRMs.",
    )


def _read_key(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as fault:
        what = f"{file} can't be read ({type(fault).__name__})."
        step = "Name the PEM file of the private key, readable for this user."
        raise ConfigError("salesforce", "SALESFORCE_JWT_KEY_FILE", what, step) from None
