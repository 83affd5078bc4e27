"""What both CRMs do by themselves once the clock has been moved."""

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.removal import purge_archived
from connectors.sandbox.salesforce.archive import archive_old_activities
from connectors.sandbox.salesforce.passing import pass_time


def let_time_pass(sandbox: Sandbox) -> None:
    """Archive what has grown old, do what was put off, and empty the recycle bins."""
    archive_old_activities(sandbox)
    pass_time(sandbox)
    purge_archived(sandbox)
