"""The incremental loop as a job, and its schedule."""

import dagster as dg

from pipelines.components.crm_extract import comparison_keys
from pipelines.crms import CRMS


@dg.definitions
def loop() -> dg.Definitions:
    """Build the job that runs everything once, in one process, and its hourly schedule."""
    # Comparing a whole CRM is a job of its own, once a day.
    comparisons = dg.AssetSelection.checks(*(k for crm in CRMS for k in comparison_keys(crm)))
    job = dg.define_asset_job(
        "run_loop_job",
        selection=(dg.AssetSelection.all() | dg.AssetSelection.all_asset_checks()) - comparisons,
        description="CRM -> lake -> warehouse -> published files -> CRM, what changed only.",
    )
    schedule = dg.ScheduleDefinition(
        name="hourly_loop_schedule",
        job=job,
        cron_schedule="5 * * * *",
        execution_timezone="UTC",
        description="Runs the loop every hour. Off until somebody turns it on.",
    )
    return dg.Definitions(jobs=[job], schedules=[schedule])
