"""The org's requests of the last 24 hours, which roll: no midnight sets them back.

Source: Salesforce Developer Limits, "API Request Limits and Allocations".
"""

from datetime import timedelta

from connectors.sandbox.context import Sandbox

_SLICE = timedelta(minutes=15)
_SLICES = timedelta(days=1) // _SLICE


def count_calls(sandbox: Sandbox, number: int) -> int:
    """Count requests and return how many there were in the last 24 hours, these included.

    Where rate limits are switched off nothing is counted, and there were none.
    """
    if not sandbox.settings.rate_limits:
        return 0
    now = _slice(sandbox)
    sandbox.store.run(
        "insert into salesforce_usage values (?, ?) "
        "on conflict (slice) do update set calls = calls + excluded.calls",
        now,
        number,
    )
    sandbox.store.run("delete from salesforce_usage where slice <= ?", now - _SLICES)
    return used_calls(sandbox)


def used_calls(sandbox: Sandbox) -> int:
    """Return how many requests there were in the last 24 hours."""
    used: int = sandbox.store.value(
        "select coalesce(sum(calls), 0) from salesforce_usage where slice > ?",
        _slice(sandbox) - _SLICES,
    )
    return used


def use_calls(sandbox: Sandbox, used: int) -> None:
    """Say how many requests there were in the last 24 hours, made by whomever."""
    sandbox.store.run("delete from salesforce_usage")
    count_calls(sandbox, used)


def _slice(sandbox: Sandbox) -> int:
    return int(sandbox.clock.now.timestamp() // _SLICE.total_seconds())
