"""What the account says about itself, and how much of its day it has used."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sandbox.clock import instant
from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.facts import PORTAL_ID
from connectors.sandbox.limits import used_today
from connectors.sandbox.web import Answer, Call, Endpoint


def tell_details(sandbox: Sandbox, call: Call) -> Answer:  # noqa: ARG001 - a handler
    """GET account-info/v3/details."""
    zone = sandbox.settings.hubspot_time_zone
    seconds, text = _offset(sandbox)
    body = {
        "portalId": PORTAL_ID,
        "accountType": "SANDBOX",
        "timeZone": zone,
        "companyCurrency": "USD",
        "additionalCurrencies": [],
        "utcOffset": text,
        "utcOffsetMilliseconds": 1000 * seconds,
        "uiDomain": "app.hubspot.com",
        "dataHostingLocation": "na1",
    }
    return Answer(200, body)


def tell_portal(sandbox: Sandbox, call: Call) -> Answer:  # noqa: ARG001 - a handler
    """GET integrations/v1/me: what clients older than account-info ask for."""
    seconds, text = _offset(sandbox)
    body = {
        "portalId": PORTAL_ID,
        "timeZone": sandbox.settings.hubspot_time_zone,
        "currency": "USD",
        "utcOffsetMilliseconds": 1000 * seconds,
        "utcOffset": text,
    }
    return Answer(200, body)


def _offset(sandbox: Sandbox) -> tuple[int, str]:
    """Return how far the account's time zone is from UTC now: in seconds, and as +hh:mm."""
    local = sandbox.clock.now.astimezone(ZoneInfo(sandbox.settings.hubspot_time_zone))
    offset = local.utcoffset() or timedelta()
    return int(offset.total_seconds()), local.isoformat()[-6:]


def tell_usage(sandbox: Sandbox, call: Call) -> Answer:
    """GET account-info/v3/api-usage/daily, also of the private apps: what is used of the day."""
    zone = sandbox.settings.hubspot_time_zone
    of_apps = call.path.rstrip("/").endswith("private-apps")
    entry: dict[str, Any] = {
        "name": "private-apps-api-calls-daily" if of_apps else "api-calls-daily",
        "usageLimit": sandbox.settings.hubspot_daily_limit,
        "currentUsage": used_today(sandbox.store, sandbox.clock, "hubspot", zone),
        "collectedAt": instant(sandbox.clock.now),
        "fetchStatus": "SUCCESS",
        "resetsAt": instant(_next_midnight(sandbox.clock.now, ZoneInfo(zone))),
    }
    return Answer(200, {"results": [entry]})


def _next_midnight(now: datetime, zone: ZoneInfo) -> datetime:
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone)


_USAGE = "/account-info/v3/api-usage/daily"
ENDPOINTS = (
    Endpoint("GET", "/account-info/v3/details", tell_details),
    Endpoint("GET", _USAGE, tell_usage),
    Endpoint("GET", f"{_USAGE}/private-apps", tell_usage),
    Endpoint("GET", "/integrations/v1/me", tell_portal),
)
