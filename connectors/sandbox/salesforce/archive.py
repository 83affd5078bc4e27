"""Salesforce archives activities that are a year old: plain queries no longer show them."""

from datetime import timedelta

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.times import stamp

ARCHIVED_AFTER = timedelta(days=365)


def archive_old_activities(sandbox: Sandbox) -> None:
    """Archive closed tasks and past events that are old by the clock; their stamps stay.

    Source: Salesforce Help, "Archived Activities": closed tasks by their due date, events by their
    end.
    """
    before = sandbox.clock.now - ARCHIVED_AFTER
    sandbox.store.run(
        "update salesforce_Task set IsArchived = 1 "
        "where IsClosed and not IsArchived and ActivityDate <= ?",
        before.date().isoformat(),
    )
    sandbox.store.run(
        "update salesforce_Event set IsArchived = 1 "
        "where not IsArchived and coalesce(EndDateTime, StartDateTime) <= ?",
        stamp(before),
    )
