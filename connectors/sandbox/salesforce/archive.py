"""Salesforce archives activities that closed a year ago: plain queries no longer show them."""

from datetime import timedelta

from connectors.sandbox.context import Sandbox

ARCHIVED_AFTER = timedelta(days=365)


def archive_old_tasks(sandbox: Sandbox) -> None:
    """Archive tasks that are old by the clock; their stamps stay as they are."""
    day = (sandbox.clock.now - ARCHIVED_AFTER).date().isoformat()
    sandbox.store.run(
        "update salesforce_Task set IsArchived = 1 "
        "where IsClosed and not IsArchived and ActivityDate <= ?",
        day,
    )
