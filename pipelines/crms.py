"""The two CRMs, connected as the settings say."""

from functools import cache
from typing import Literal

from connectors.errors import ConfigError
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.destination import HubSpotDestination
from connectors.hubspot.source import HubSpotSource
from connectors.hubspot.streams import STREAMS as HUBSPOT_STREAMS
from connectors.interfaces import Destination, Source
from connectors.records import Crm, Stream
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.destination import SalesforceDestination
from connectors.salesforce.source import SalesforceSource
from connectors.salesforce.streams import STREAMS as SALESFORCE_STREAMS
from pipelines.settings import Settings

CRMS: tuple[Crm, ...] = ("salesforce", "hubspot")
STREAMS: dict[Crm, tuple[Stream, ...]] = {
    "salesforce": SALESFORCE_STREAMS,
    "hubspot": HUBSPOT_STREAMS,
}


CREDENTIALS: dict[str, str] = {
    "salesforce": "SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET",
    "hubspot": "HUBSPOT_ACCESS_TOKEN",
}
"""The settings that a CRM knows us by."""


def connect_source(settings: Settings, crm: Crm) -> Source:
    """Return the CRM as read.

    Raises:
        ConfigError: a setting that the CRM needs is missing.
        AuthError: the CRM refused the credentials.
    """
    if crm == "salesforce":
        return SalesforceSource(_salesforce(settings))
    return HubSpotSource(_hubspot(settings))


def connect_destination(settings: Settings, crm: Crm) -> Destination:
    """Return the CRM as written; raises as `connect_source`."""
    if crm == "salesforce":
        return SalesforceDestination(_salesforce(settings))
    return HubSpotDestination(_hubspot(settings))


def _salesforce(settings: Settings) -> SalesforceClient:
    base_url = settings.salesforce_base_url
    client_id, secret = settings.salesforce_client_id, settings.salesforce_client_secret
    if not (base_url and client_id and secret):
        raise _missing(
            "salesforce",
            SALESFORCE_BASE_URL=base_url,
            SALESFORCE_CLIENT_ID=client_id,
            SALESFORCE_CLIENT_SECRET=secret,
        )
    version = settings.salesforce_api_version
    return _salesforce_client(base_url, client_id, secret.get_secret_value(), version)


@cache
def _salesforce_client(
    base_url: str, client_id: str, secret: str, version: str
) -> SalesforceClient:
    """Return this process's one client of the org: the rates it keeps are the org's."""
    return SalesforceClient.connect(base_url, client_id, secret, version)


def _hubspot(settings: Settings) -> HubSpotClient:
    token = settings.hubspot_access_token
    if not token:
        raise _missing("hubspot", HUBSPOT_ACCESS_TOKEN=token)
    base_url, version = settings.hubspot_base_url, settings.hubspot_api_version
    rate = settings.hubspot_calls_per_ten_seconds
    return _hubspot_client(base_url, token.get_secret_value(), version, rate)


@cache
def _hubspot_client(
    base_url: str, token: str, version: Literal["v3", "2026-09"], calls_per_ten_seconds: int
) -> HubSpotClient:
    """Return this process's one client of the account: the rates it keeps are the account's."""
    return HubSpotClient.connect(
        base_url, token, version, calls_per_ten_seconds=calls_per_ten_seconds
    )


def _missing(crm: Crm, **settings: object) -> ConfigError:
    names = ", ".join(name for name, value in settings.items() if not value)
    return ConfigError(
        crm,
        "settings",
        f"{names} not set.",
        "Set it in the environment or in .env (see .env.example), or run `make demo` to try "
        "Leadcycle on its sandbox CRMs.",
    )
