"""The incremental loop as a job, and its schedule."""

import dagster as dg


@dg.definitions
def loop() -> dg.Definitions:
    """Build the job that runs everything once, in one process, and its hourly schedule."""
    job = dg.define_asset_job(
        "run_loop_job",
        selection=dg.AssetSelection.all() | dg.AssetSelection.all_asset_checks(),
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
