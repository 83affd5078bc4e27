"""The comparison of both CRMs with the lake as a job, and its schedule."""

import dagster as dg

from pipelines.components.crm_extract import comparison_keys
from pipelines.crms import CRMS


@dg.definitions
def reconcile() -> dg.Definitions:
    """Build the job that compares and repairs, and its daily schedule."""
    job = dg.define_asset_job(
        "reconcile_crms_job",
        selection=dg.AssetSelection.checks(*(key for crm in CRMS for key in comparison_keys(crm))),
        description="Counts first; where they differ, ids and stamps; the difference is repaired.",
    )
    schedule = dg.ScheduleDefinition(
        name="daily_reconcile_schedule",
        job=job,
        cron_schedule="35 3 * * *",
        execution_timezone="UTC",
        description="Compares both CRMs with the lake every night. Off until somebody turns it on.",
    )
    return dg.Definitions(jobs=[job], schedules=[schedule])
