"""The two CRMs, connected as the settings say."""

from functools import cache
from typing import Literal

from connectors.hubspot.auth import Login as HubSpotLogin
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.destination import HubSpotDestination
from connectors.hubspot.source import HubSpotSource
from connectors.hubspot.streams import OBJECTS
from connectors.hubspot.streams import STREAMS as HUBSPOT_STREAMS
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
    "salesforce": "SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET",
    "hubspot": "HUBSPOT_ACCESS_TOKEN",
}
"""The settings that a CRM knows us by."""


def extract_rules(settings: Settings) -> ExtractRules:
    """Return what `extract.yml` says, every name in it checked; raises RulesError."""
    rules = load_extract_rules(settings.revops_dir)
    check_streams(rules, {crm: streams_of(crm, rules.of(crm)) for crm in CRMS})
    return rules


def streams_of(crm: Crm, rules: CrmRules) -> tuple[Stream, ...]:
    """Return every stream of a CRM, those of custom objects last."""
    if crm == "salesforce":
        return (*SALESFORCE_STREAMS, *map(salesforce_object, rules.custom_objects))
    objects = {known.name: known.stream for known in hubspot_objects(rules)}
    known = tuple(objects.pop(stream.name, stream) for stream in HUBSPOT_STREAMS)
    return (*known, *objects.values())


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
        return SalesforceSource(_salesforce(settings, rules), streams=streams)
    return HubSpotSource(_hubspot(settings, rules), objects=hubspot_objects(rules.hubspot))


def connect_destination(settings: Settings, crm: Crm) -> Destination:
    """Return the CRM as written; raises as `connect_source`."""
    rules = extract_rules(settings)
    if crm == "salesforce":
        return SalesforceDestination(_salesforce(settings, rules))
    return HubSpotDestination(_hubspot(settings, rules))


def hubspot_objects(rules: CrmRules) -> tuple[ObjectStream, ...]:
    """Return the objects read of HubSpot, with the histories that the rules add."""
    known = (*OBJECTS.values(), *map(hubspot_object, rules.custom_objects))
    none = StreamRules()
    return tuple(
        with_histories(each, rules.streams.get(each.name, none).histories) for each in known
    )


def _salesforce(settings: Settings, rules: ExtractRules) -> SalesforceClient:
    login = salesforce_login(settings)
    base_url, version = settings.salesforce_base_url or "", settings.salesforce_api_version
    return _salesforce_client(base_url, login, version, _sharing(settings, rules))


@cache
def _salesforce_client(
    base_url: str, login: SalesforceLogin, version: str, sharing: Sharing
) -> SalesforceClient:
    """Return this process's one client of the org: the rates it keeps are the org's."""
    return SalesforceClient.log_in(base_url, login, version, sharing=sharing)


def _hubspot(settings: Settings, rules: ExtractRules) -> HubSpotClient:
    login = hubspot_login(settings)
    base_url, version = settings.hubspot_base_url, settings.hubspot_api_version
    rate = settings.hubspot_calls_per_ten_seconds
    return _hubspot_client(base_url, login, version, rate, _sharing(settings, rules))


@cache
def _hubspot_client(
    base_url: str,
    login: HubSpotLogin,
    version: Literal["v3", "2026-09"],
    calls_per_ten_seconds: int,
    sharing: Sharing,
) -> HubSpotClient:
    """Return this process's one client of the account: the rates it keeps are the account's."""
    return HubSpotClient.connect(
        base_url, login, version, calls_per_ten_seconds=calls_per_ten_seconds, sharing=sharing
    )


def _sharing(settings: Settings, rules: ExtractRules) -> Sharing:
    """Return what is left to other apps, and where all our processes keep count."""
    return Sharing(settings.home / "limits", read_reserve=rules.reserve)
