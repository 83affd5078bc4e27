"""The two CRMs, connected as the settings say."""

from functools import cache
from typing import Literal

from connectors.errors import ConfigError
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.destination import HubSpotDestination
from connectors.hubspot.source import HubSpotSource
from connectors.hubspot.streams import OBJECTS
from connectors.hubspot.streams import STREAMS as HUBSPOT_STREAMS
from connectors.hubspot.streams.custom import custom_object as hubspot_object
from connectors.hubspot.streams.shape import ObjectStream, with_histories
from connectors.interfaces import Destination, Source
from connectors.records import Crm, Stream
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.destination import SalesforceDestination
from connectors.salesforce.source import SalesforceSource
from connectors.salesforce.streams import STREAMS as SALESFORCE_STREAMS
from connectors.salesforce.streams.custom import custom_object as salesforce_object
from connectors.sharing import Sharing
from pipelines.reading.rules import CrmRules, ExtractRules, StreamRules, load_extract_rules
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
    rules = load_extract_rules(settings.revops_dir)
    if crm == "salesforce":
        return SalesforceSource(_salesforce(settings, rules))
    return HubSpotSource(_hubspot(settings, rules), objects=hubspot_objects(rules.hubspot))


def connect_destination(settings: Settings, crm: Crm) -> Destination:
    """Return the CRM as written; raises as `connect_source`."""
    rules = load_extract_rules(settings.revops_dir)
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
    base_url = settings.salesforce_base_url
    client_id, secret = settings.salesforce_client_id, settings.salesforce_client_secret
    if not (base_url and client_id and secret):
        raise _missing(
            "salesforce",
            SALESFORCE_BASE_URL=base_url,
            SALESFORCE_CLIENT_ID=client_id,
            SALESFORCE_CLIENT_SECRET=secret,
        )
    version, sharing = settings.salesforce_api_version, _sharing(settings, rules)
    return _salesforce_client(base_url, client_id, secret.get_secret_value(), version, sharing)


@cache
def _salesforce_client(
    base_url: str, client_id: str, secret: str, version: str, sharing: Sharing
) -> SalesforceClient:
    """Return this process's one client of the org: the rates it keeps are the org's."""
    return SalesforceClient.connect(base_url, client_id, secret, version, sharing=sharing)


def _hubspot(settings: Settings, rules: ExtractRules) -> HubSpotClient:
    token = settings.hubspot_access_token
    if not token:
        raise _missing("hubspot", HUBSPOT_ACCESS_TOKEN=token)
    base_url, version = settings.hubspot_base_url, settings.hubspot_api_version
    rate, sharing = settings.hubspot_calls_per_ten_seconds, _sharing(settings, rules)
    return _hubspot_client(base_url, token.get_secret_value(), version, rate, sharing)


@cache
def _hubspot_client(
    base_url: str,
    token: str,
    version: Literal["v3", "2026-09"],
    calls_per_ten_seconds: int,
    sharing: Sharing,
) -> HubSpotClient:
    """Return this process's one client of the account: the rates it keeps are the account's."""
    return HubSpotClient.connect(
        base_url,
        token,
        version,
        calls_per_ten_seconds=calls_per_ten_seconds,
        sharing=sharing,
    )


def _sharing(settings: Settings, rules: ExtractRules) -> Sharing:
    """Return what is left to other apps, and where all our processes keep count."""
    return Sharing(settings.home / "locks", read_reserve=rules.reserve)


def _missing(crm: Crm, **settings: object) -> ConfigError:
    names = ", ".join(name for name, value in settings.items() if not value)
    return ConfigError(
        crm,
        "settings",
        f"{names} not set.",
        "Set it in the environment or in .env (see .env.example), or run `make demo` to try "
        "Leadcycle on its sandbox CRMs.",
    )
