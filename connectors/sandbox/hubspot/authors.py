"""Who writes over the API, and whether the portal's own rules bind the write.

HubSpot's changelog: starting with the version 2026-09, writes over the API must keep those rules.
"""

from dataclasses import replace

from connectors.sandbox.hubspot.records import APP, INTEGRATION, Source
from connectors.sandbox.hubspot.versions import date_of
from connectors.sandbox.web import Call

_RULES_SINCE = "2026-09"


def author_of(call: Call) -> Source:
    """Return whom a call writes as."""
    writer = APP if call.caller == "app" else INTEGRATION
    return replace(writer, keeps_rules=date_of(call.path) >= _RULES_SINCE)
