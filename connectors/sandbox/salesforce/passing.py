"""What happens in the org by itself once the clock has been moved."""

from datetime import timedelta

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.automation import run_due_flows
from connectors.sandbox.salesforce.recycling import empty_bin
from connectors.sandbox.salesforce.times import stamp


def pass_time(sandbox: Sandbox) -> None:
    """Do what flows put off until now, and purge what has been in the recycle bin too long."""
    run_due_flows(sandbox)
    kept_for = timedelta(days=sandbox.settings.salesforce_recycle_bin_days)
    empty_bin(sandbox.store, stamp(sandbox.clock.now - kept_for))
