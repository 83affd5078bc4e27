"""Whether our user may read what is needed, in words that say what to do about it.

Source: Salesforce Help, "Field History Tracking": lines are kept for 18 months, by API for 24, and
only from the day on which a field's tracking was switched on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

import msgspec

from connectors.errors import ABSENT_OR_HIDDEN, ConfigError, CrmError
from connectors.records import Finding, Stream
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.soql import Query, literal, name
from connectors.salesforce.streams.org import CURRENCY_TYPES, FIELDS
from connectors.values import parse

_BUSY = 0.8
"""Share of the day's calls from which on it may become tight."""
_LATE = timedelta(days=90)
"""Changes that begin so much later than the records, in an org that works, were not recorded."""
_KEPT = timedelta(days=17 * 30)
"""An oldest line of about this age says nothing: older ones have been dropped."""
_OF_SEVERAL_CURRENCIES = frozenset({"CurrencyIsoCode"})
"""Fields that an org with one currency lacks; one with several shows them to everybody."""
_GRANT = "give our user's permission set read access to it (see docs/connecting.md)"


@dataclass(frozen=True)
class _Tracking:
    """History of a field that the lifecycle is built on."""

    subject: str
    object_name: str
    history: str
    condition: str
    cost: str
    setting: str
    field: str = ""
    """The one that must be tracked; any, if none is named."""


def _tracked() -> tuple[_Tracking, ...]:
    return (
        _Tracking(
            "Lead: field history of Status",
            "Lead",
            "LeadHistory",
            f"Field = {literal('Status')}",
            "when leads entered their stages before then is not known, nor how long they stayed",
            "Setup > Object Manager > Lead > Fields & Relationships > Set History Tracking: Status",
            field="Status",
        ),
        _Tracking(
            "Contact: field history",
            "Contact",
            "ContactHistory",
            f"Field NOT IN {literal(['created', 'contactCreatedFromLead'])}",
            "stages of contacts who were never leads are known as they are today only",
            "Setup > Object Manager > Contact > Fields & Relationships > Set History Tracking",
        ),
        _Tracking(
            "Opportunity: field history",
            "Opportunity",
            "OpportunityFieldHistory",
            f"Field != {literal('created')}",
            "stages, amounts and close dates are known all the same, other fields as of today only",
            "Setup > Object Manager > Opportunity > Fields & Relationships > Set History Tracking",
        ),
    )


class _Definition(msgspec.Struct, rename="pascal"):
    qualified_api_name: str
    is_field_history_tracked: bool


class _Definitions(msgspec.Struct):
    records: list[_Definition]


class _Allowance(msgspec.Struct, rename="pascal"):
    max: int
    remaining: int


class _Limits(msgspec.Struct, rename="pascal"):
    daily_api_requests: _Allowance
    daily_bulk_v2_query_jobs: _Allowance | None = msgspec.field(
        name="DailyBulkV2QueryJobs", default=None
    )


def examine(client: SalesforceClient, streams: Sequence[Stream]) -> Iterator[Finding]:
    """Yield a finding for the login, the day's calls, every object, and each history we need."""
    try:
        client.now()
    except ConfigError as fault:
        yield Finding("credentials", "broken", str(fault), fault.next_step)
        return
    yield Finding("credentials", "well", f"signed in as user {client.user_id}")
    yield from _limits(client)
    for stream in streams:
        if stream.name != FIELDS.name:
            yield _object(client, stream)
    for tracking in _tracked():
        yield _history(client, tracking)
    yield from _activities(client)


def _limits(client: SalesforceClient) -> Iterator[Finding]:
    limits = client.ask("limits/", _Limits)
    allowances = {"calls": limits.daily_api_requests, "bulk jobs": limits.daily_bulk_v2_query_jobs}
    for subject, allowance in allowances.items():
        if allowance is None:
            continue
        used = allowance.max - allowance.remaining
        what = f"{used} of {allowance.max} are used in the last 24 hours"
        if used < _BUSY * allowance.max:
            yield Finding(subject, "well", what)
        else:
            step = "see which app uses them, read less often, or leave a larger reserve"
            yield Finding(subject, "warning", what, step)


def _object(client: SalesforceClient, stream: Stream) -> Finding:
    try:
        description = client.describe_anew(stream.object_name)
    except ABSENT_OR_HIDDEN:
        if stream.name == CURRENCY_TYPES.name:
            return Finding(stream.object_name, "well", "the org has one currency")
        what = "the org lacks it, or hides it from our user; its stream is skipped"
        return Finding(stream.object_name, "warning", what, f"if the org uses it, {_GRANT}")
    except CrmError as fault:
        return Finding(stream.object_name, "broken", str(fault), fault.next_step)
    if not description.queryable:
        return Finding(stream.object_name, "broken", "it can't be queried", _GRANT)
    needed = [field for field in stream.required_fields if field not in _OF_SEVERAL_CURRENCIES]
    hidden = [field for field in needed if not description.has(field)]
    if hidden:
        what = f"absent or hidden from our user: {', '.join(hidden)}; read as empty"
        step = f"if the org has them, {_GRANT}; those of ours are made by `leadcycle provision`"
        return Finding(stream.object_name, "warning", what, step)
    return Finding(stream.object_name, "well", "it can be read, with every field that is needed")


def _activities(client: SalesforceClient) -> Iterator[Finding]:
    """Yield what we miss of tasks and events: no permission on their objects shows them all.

    Source: Object Reference, UserPermissionAccess (what our own user may do, from API 41.0).
    """
    query = Query("UserPermissionAccess", ("PermissionsViewAllData",))
    try:
        held = client.query(f"{query} LIMIT 1").page.records
    except CrmError:
        # An org that does not tell is none that hides anything.
        return
    if any(row.get("PermissionsViewAllData") is False for row in held):
        what = "those of other users are read only where our user may see what they belong to"
        step = "give our user View All Data (see docs/connecting.md)"
        yield Finding("Task, Event: of all users", "warning", what, step)


def _history(client: SalesforceClient, tracking: _Tracking) -> Finding:
    try:
        oldest = _oldest(client, tracking.object_name, ())
        first = _oldest(client, tracking.history, (tracking.condition,))
        is_off = first is not None and _is_off(client, tracking)
    except CrmError as fault:
        return Finding(tracking.subject, "warning", str(fault), fault.next_step)
    step = f"switch it on: {tracking.setting}"
    if oldest is None:
        return Finding(tracking.subject, "well", "there are no records yet")
    if first is None:
        what = f"no change is recorded: it is off, or nothing changed; {tracking.cost}"
        return Finding(tracking.subject, "warning", what, step)
    if is_off:
        what = f"it was on and is off now: of changes to come, {tracking.cost}"
        return Finding(tracking.subject, "warning", what, step)
    if first - oldest < _LATE or client.now() - first > _KEPT:
        return Finding(tracking.subject, "well", f"changes are known from {first.date()} on")
    what = f"records begin on {oldest.date()}, their changes on {first.date()}: {tracking.cost}"
    step = "nothing brings back what was not recorded; leave tracking on"
    return Finding(tracking.subject, "warning", what, step)


def _is_off(client: SalesforceClient, tracking: _Tracking) -> bool:
    """Tell whether changes are recorded no longer; where our user can't see it, they may be.

    Source: Tooling API reference, FieldDefinition.
    """
    condition = f"EntityDefinition.QualifiedApiName = {literal(tracking.object_name)}"
    query = Query("FieldDefinition", ("QualifiedApiName", "IsFieldHistoryTracked"), (condition,))
    path = f"tooling/query/?{urlencode({'q': str(query)}, quote_via=quote)}"
    try:
        found = client.ask(path, _Definitions).records
    except ABSENT_OR_HIDDEN:
        return False
    tracked = {one.qualified_api_name for one in found if one.is_field_history_tracked}
    return bool(found) and not (tracking.field in tracked if tracking.field else tracked)


def _oldest(
    client: SalesforceClient, object_name: str, conditions: tuple[str, ...]
) -> datetime | None:
    query = Query(object_name, ("CreatedDate",), conditions, (name("CreatedDate"),))
    found = client.query(f"{query} LIMIT 1").page.records
    moment = parse("datetime", found[0].get("CreatedDate")) if found else None
    return moment if isinstance(moment, datetime) else None
