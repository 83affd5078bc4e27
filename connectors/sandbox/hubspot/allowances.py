"""How much may be asked, what is left of it, and the answer when it is used up.

HubSpot's usage guidelines: a service key has so many requests in ten seconds and all callers a
number a day, until midnight in the account's time zone; OAuth apps have a window of their own
and hear nothing of the day; searches are counted by the second, for the whole account.
"""

from collections.abc import Mapping

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import Refusal, rate_limited
from connectors.sandbox.hubspot.facts import PORTAL_ID
from connectors.sandbox.hubspot.oauth.access import Caller
from connectors.sandbox.limits import count_today

Headers = Mapping[str, str]


def take(sandbox: Sandbox, caller: Caller, searching: bool) -> tuple[Headers, Refusal | None]:
    """Take one request from the allowances.

    Returns:
        The headers that tell of them, and a refusal if one is used up.
    """
    settings = sandbox.settings
    if not settings.rate_limits:
        return {}, None
    window, limit = sandbox.bursts, settings.hubspot_ten_second_limit
    if caller != "key":
        window, limit = sandbox.app_bursts, settings.hubspot_app_ten_second_limit
    if searching:
        window, limit = sandbox.searches, settings.hubspot_search_limit
    left = window.take(limit)
    used = count_today(sandbox.store, sandbox.clock, "hubspot", settings.hubspot_time_zone)
    headers = _of_the_day(sandbox, used) if caller == "key" else {}
    if not searching:
        headers |= _of_ten_seconds(limit, left or 0, window.taken_within(1.0))
    if used > settings.hubspot_daily_limit:
        return headers, _refused(sandbox, "DAILY")
    if left is None:
        return headers, _refused(sandbox, "SECONDLY" if searching else "TEN_SECONDLY_ROLLING")
    return headers, None


def _of_the_day(sandbox: Sandbox, used: int) -> dict[str, str]:
    limit = sandbox.settings.hubspot_daily_limit
    return {
        "X-HubSpot-RateLimit-Daily": str(limit),
        "X-HubSpot-RateLimit-Daily-Remaining": str(max(0, limit - used)),
    }


def _of_ten_seconds(limit: int, left: int, in_last_second: int) -> dict[str, str]:
    """Return headers of which those of the second only inform: nobody is refused for them."""
    of_a_second = limit // 10
    return {
        "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
        "X-HubSpot-RateLimit-Max": str(limit),
        "X-HubSpot-RateLimit-Remaining": str(left),
        "X-HubSpot-RateLimit-Secondly": str(of_a_second),
        "X-HubSpot-RateLimit-Secondly-Remaining": str(
            max(0, min(left, of_a_second - in_last_second))
        ),
    }


def _refused(sandbox: Sandbox, policy: str) -> Refusal:
    refusal = rate_limited(policy, f"publicapi:private-apps:{PORTAL_ID}")
    return refusal.with_header("Retry-After", sandbox.settings.hubspot_retry_after)
