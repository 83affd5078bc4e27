"""The two CRMs, connected as the settings say."""

from functools import cache
from typing import Literal

from connectors.hubspot.auth import Login as HubSpotLogin
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.destination import HubSpotDestination
from connectors.hubspot.source import HubSpotSource
from connectors.hubspot.streams import OBJECTS
from connectors.hubspot.streams import STREAMS as HUBSPOT_STREAMS
from connectors.hubspot.streams import streams_with as hubspot_streams
from connectors.hubspot.streams.custom import custom_object as hubspot_object
from connectors.hubspot.streams.shape import ObjectStream, with_histories
from connectors.interfaces import Destination, Source
from connectors.records import Crm, Stream
from connectors.salesforce.auth import Login as SalesforceLogin
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.destination import SalesforceDestination
from connectors.salesforce.source import SalesforceSource
from connectors.salesforce.streams import STREAMS as SALESFORCE_STREAMS
from connectors.salesforce.streams.custom import custom_object as salesforce_object
from connectors.sharing import Sharing
from pipelines.logins import hubspot_login, salesforce_login
from pipelines.reading.rules import (
    CrmRules,
    ExtractRules,
    StreamRules,
    check_streams,
    load_extract_rules,
)
from pipelines.settings import Settings

CRMS: tuple[Crm, ...] = ("salesforce", "hubspot")
STREAMS: dict[Crm, tuple[Stream, ...]] = {
    "salesforce": SALESFORCE_STREAMS,
    "hubspot": HUBSPOT_STREAMS,
}
"""What is read of every account; `streams_of` adds its custom objects."""


CREDENTIALS: dict[str, str] = {
    "salesforce": "SALESFORCE_CLIENT_ID with SALESFORCE_CLIENT_SECRET or SALESFORCE_JWT_KEY_FILE",
    "hubspot": "HUBSPOT_ACCESS_TOKEN, or HUBSPOT_CLIENT_ID with HUBSPOT_REFRESH_TOKEN",
}
"""The settings that a CRM knows us by, whichever way we log in."""
_NO_RESERVE = 0.0


def extract_rules(settings: Settings) -> ExtractRules:
    """Return what `extract.yml` says, every name in it checked; raises RulesError."""
    rules = load_extract_rules(settings.revops_dir)
    check_streams(rules, {crm: streams_of(crm, rules.of(crm)) for crm in CRMS})
    return rules


def configured_streams(settings: Settings) -> dict[Crm, tuple[Stream, ...]]:
    """Return what is read of each CRM, custom objects included; raises RulesError."""
    rules = extract_rules(settings)
    return {crm: streams_of(crm, rules.of(crm)) for crm in CRMS}


def streams_of(crm: Crm, rules: CrmRules) -> tuple[Stream, ...]:
    """Return every stream of a CRM, those of custom objects last."""
    if crm == "salesforce":
        return (*SALESFORCE_STREAMS, *map(salesforce_object, rules.custom_objects))
    return hubspot_streams(hubspot_objects(rules))


def is_counted(stream: Stream) -> bool:
    """Tell whether a CRM can say how many records the stream has.

    States bear no stamps to compare, and HubSpot counts no submissions. Of lines of Salesforce's
    history, which it drops with their age, the younger ones count.
    """
    return stream.keeps == "versions" and not stream.is_uncounted


def connect_source(settings: Settings, crm: Crm) -> Source:
    """Return the CRM as read.

    Raises:
        ConfigError: a setting that the CRM needs is missing.
        AuthError: the CRM refused the credentials.
        RulesError: `extract.yml` is wrong.
    """
    rules = extract_rules(settings)
    if crm == "salesforce":
        streams = streams_of(crm, rules.salesforce)
        return SalesforceSource(_salesforce(settings, rules.reserve), streams=streams)
    client = _hubspot(settings, rules.reserve)
    return HubSpotSource(client, objects=hubspot_objects(rules.hubspot))


def connect_destination(settings: Settings, crm: Crm) -> Destination:
    """Return the CRM as written, at the cost of the whole day: people see a plan half carried out.

    Raises:
        ConfigError: a setting that the CRM needs is missing.
        AuthError: the CRM refused the credentials.
    """
    if crm == "salesforce":
        return SalesforceDestination(_salesforce(settings, _NO_RESERVE))
    return HubSpotDestination(_hubspot(settings, _NO_RESERVE))


def hubspot_objects(rules: CrmRules) -> tuple[ObjectStream, ...]:
    """Return the objects read of HubSpot, with the histories that the rules add."""
    known = (*OBJECTS.values(), *map(hubspot_object, rules.custom_objects))
    none = StreamRules()
    return tuple(
        with_histories(each, rules.streams.get(each.name, none).histories) for each in known
    )


def _salesforce(settings: Settings, reserve: float) -> SalesforceClient:
    login = salesforce_login(settings)
    base_url, version = settings.salesforce_base_url or "", settings.salesforce_api_version
    return _salesforce_client(base_url, login, version, _sharing(settings, reserve))


@cache
def _salesforce_client(
    base_url: str, login: SalesforceLogin, version: str, sharing: Sharing
) -> SalesforceClient:
    """Return this process's one client of the org for those who leave so much of its day."""
    return SalesforceClient.log_in(base_url, login, version, sharing=sharing)


def _hubspot(settings: Settings, reserve: float) -> HubSpotClient:
    login = hubspot_login(settings)
    base_url, version = settings.hubspot_base_url, settings.hubspot_api_version
    rate = settings.hubspot_calls_per_ten_seconds
    return _hubspot_client(base_url, login, version, rate, _sharing(settings, reserve))


@cache
def _hubspot_client(
    base_url: str,
    login: HubSpotLogin,
    version: Literal["v3", "2026-09"],
    calls_per_ten_seconds: int,
    sharing: Sharing,
) -> HubSpotClient:
    """Return this process's one client of the account for those who leave so much of its day."""
    return HubSpotClient.connect(
        base_url, login, version, calls_per_ten_seconds=calls_per_ten_seconds, sharing=sharing
    )


def _sharing(settings: Settings, reserve: float) -> Sharing:
    """Return what is left to other apps, and where all our processes keep count."""
    return Sharing(settings.home / "limits", reserve)
