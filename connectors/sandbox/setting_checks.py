"""Which values a setting may have, beyond its type."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import available_timezones

from connectors.sandbox.clock import parse_instant
from connectors.sandbox.hubspot.oauth.scope_names import scope_names
from connectors.sandbox.hubspot.object_types import find_object_type
from connectors.sandbox.hubspot.portal_rules import required_rules
from connectors.sandbox.hubspot.schema import properties
from connectors.sandbox.salesforce.features import currency_rates
from connectors.sandbox.salesforce.org_rules import check_shape
from connectors.sandbox.store import Store

_USUAL = (0, 1_000_000_000)
"""From none to more than anybody waits for, counts or fits on a disk."""
_RANGES: Mapping[str, tuple[int, int]] = {
    "latency_ms": (0, 600_000),
    "salesforce_token_seconds": (1, 10**9),
    "salesforce_page_size": (1, 2_000),
    "salesforce_bulk_page_size": (1, 10**9),
    "salesforce_bulk_batch_rows": (1, 10**9),
    "salesforce_recycle_bin_days": (1, 36_500),
    "hubspot_access_token_seconds": (1, 10**9),
    "hubspot_malformed_token_status": (400, 599),
    "hubspot_owner_page_size": (1, 10**9),
    "hubspot_association_inputs": (1, 10**9),
    "hubspot_association_page_size": (1, 10**9),
}
"""Least and most, where they are not the usual ones."""
_HEADERS = ("hubspot_retry_after", "salesforce_bulk_content_type")
"""Texts that become a header, which takes no line breaks and ASCII only."""


def check_value(name: str, value: Any) -> None:
    """Let a value of a setting pass that can be kept to, whatever is in the account.

    Raises:
        ValueError: it is out of range, or of another shape, or no such name exists.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        least, most = _RANGES.get(name, _USUAL)
        if not least <= value <= most:
            raise ValueError(f"{name} is from {least} to {most}")
    if name in _HEADERS and not (value.isascii() and value.isprintable()):
        raise ValueError(f"{name} is a header: printable ASCII")
    check_shape(name, value)
    if name in _CHECKS:
        _CHECKS[name](value)


def _check_time_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValueError(f"no time zone is called {value}")


def _check_scopes(value: list[Any]) -> None:
    _check_known(value, scope_names(), "scope")


def _check_known(given: list[Any], known: list[str], what: str) -> None:
    unknown = [one for one in given if one not in known]
    if unknown:
        raise ValueError(f"there is no {what} {unknown[0]!r}; there are {', '.join(known)}")


def _check_moments(value: dict[Any, Any]) -> None:
    for moment in value.values():
        if not isinstance(moment, str):
            raise ValueError("a moment is an ISO datetime")
        parse_instant(moment)


def _check_moment(value: str) -> None:
    if value:
        parse_instant(value)


_CHECKS: Mapping[str, Callable[[Any], object]] = {
    "hubspot_time_zone": _check_time_zone,
    "hubspot_withheld_scopes": _check_scopes,
    "hubspot_required_properties": required_rules,
    "salesforce_currencies": currency_rates,
    "salesforce_replication_since": _check_moment,
    "salesforce_bin_purged_at": _check_moment,
    "salesforce_history_since": _check_moments,
    "salesforce_history_until": _check_moments,
}


def check_names_of_account(store: Store, changes: Mapping[str, Any]) -> None:
    """Let settings pass that name objects, properties and stages of the HubSpot account.

    They are looked at when they are set: what they name may be deleted later.

    Raises:
        ValueError: the account has no such thing.
    """
    for name in ("hubspot_hidden_objects", "hubspot_unbought_objects"):
        for known in changes.get(name, ()):
            _check_object(store, known)
    for rule in required_rules(changes.get("hubspot_required_properties", ())):
        _check_object(store, rule.object)
        names = [*rule.properties, *rule.when]
        _check_known(names, list(properties(store, rule.object)), f"property of {rule.object}")
    if stage := changes.get("hubspot_new_contact_stage"):
        stages = properties(store, "contacts")["lifecyclestage"].options
        _check_known([stage], list(stages), "lifecycle stage")


def _check_object(store: Store, name: Any) -> None:
    known = find_object_type(store, name) if isinstance(name, str) else None
    if known is None or known.name != name:
        raise ValueError(f"HubSpot has no object {name!r}; they go by their plural names")
