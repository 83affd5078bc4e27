"""Query jobs of Bulk API 2.0: what they are made of, and how their results come to be."""

from collections.abc import Callable
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.limits import count_today
from connectors.sandbox.salesforce.bulk.dialect import asked_format, format_of
from connectors.sandbox.salesforce.bulk.files import files_folder
from connectors.sandbox.salesforce.bulk.jobs import (
    Job,
    change_job,
    create_job,
    find_job,
    wrong_state,
)
from connectors.sandbox.salesforce.bulk.mishaps import mishaps_told
from connectors.sandbox.salesforce.bulk.progress import asked_about, is_due
from connectors.sandbox.salesforce.bulk.query.cells import add_functions
from connectors.sandbox.salesforce.bulk.query.results import (
    ResultFile,
    blocks_of,
    drafted,
    write_result,
)
from connectors.sandbox.salesforce.bulk.query.selection import Selection, select
from connectors.sandbox.salesforce.bulk.writing.uploads import BadUploadError
from connectors.sandbox.salesforce.errors import Refusal

OPERATIONS = ("query", "queryAll")
DAILY_JOBS = "salesforce bulk query jobs"
"""The name under which the jobs of a day are counted."""
Work = Callable[[], Job]


def create_query_job(sandbox: Sandbox, body: dict[str, Any], api_version: float) -> Job:
    """Keep a new query job.

    Raises:
        Refusal: SOQL that can't be run, an unknown operation or format, too many jobs today.
    """
    operation, soql = body.get("operation"), body.get("query")
    if operation not in OPERATIONS:
        raise Refusal("INVALIDJOB", f"Unsupported operation for a query job: {operation}")
    if not isinstance(soql, str) or not soql.strip():
        raise Refusal("INVALIDJOB", "A query is required for a query job")
    selection = select(sandbox, soql, operation == "queryAll", api_version)
    return create_job(
        sandbox,
        type="V2Query",
        operation=operation,
        object=selection.object_name,
        state="UploadComplete",
        api_version=api_version,
        query=soql,
        **_counted(sandbox, asked_format(body)),
    )


def _counted(sandbox: Sandbox, facts: dict[str, str]) -> dict[str, str]:
    used = count_today(sandbox.store, sandbox.clock, DAILY_JOBS)
    limit = sandbox.settings.salesforce_bulk_query_jobs
    if sandbox.settings.rate_limits and used > limit:
        message = f"Max bulk v2 query jobs ({limit}) per 24 hrs has been reached ({used})"
        raise Refusal("LIMIT_EXCEEDED", message)
    return facts


def ask_about(sandbox: Sandbox, job: Job) -> tuple[Job, Work | None]:
    """Let a job get on by a step, and return it with the work that is now to be done, if any."""
    if not job.is_waiting:
        return job, None
    job = asked_about(sandbox, job)
    return job, work_of(sandbox, job) if is_due(sandbox, job) else None


def work_of(sandbox: Sandbox, job: Job) -> Work | None:
    """Return the work that ends a job: it writes the result, and says how the job ended."""
    try:
        selection = select(sandbox, job.query, job.operation == "queryAll", job.api_version)
    except Refusal as refusal:  # The org has changed since the job was made.
        change_job(sandbox, job, state="Failed", error=f"{refusal.code}: {refusal.message}")
        return None
    settings = sandbox.settings

    def work() -> Job:
        if settings.salesforce_bulk_error:
            return _ended(sandbox, job, state="Failed", error=settings.salesforce_bulk_error)
        try:
            with mishaps_told(), drafted(result_of(sandbox, job)) as draft:
                rows = _extract(sandbox, job, selection, draft)
                return _ended(sandbox, job, draft, state="JobComplete", processed=rows)
        except BadUploadError as error:
            return _ended(sandbox, job, state="Failed", error=str(error))

    return work


def _extract(sandbox: Sandbox, job: Job, selection: Selection, result: ResultFile) -> int:
    cells = selection.cells(sandbox.settings.salesforce_bulk_scientific_numbers)
    sql = selection.plan.select([f"coalesce({cell}, '')" for cell in cells])
    with sandbox.store.snapshot() as connection:
        add_functions(connection)
        blocks = blocks_of(connection.execute(sql.text, sql.values))
        return write_result(result, selection.names, blocks, format_of(job))


def _ended(sandbox: Sandbox, job: Job, draft: ResultFile | None = None, **changes: Any) -> Job:
    """Keep how a job ended, and its result, unless another request has ended it."""
    with sandbox.store.transaction():
        now = find_job(sandbox, job.id, "V2Query")
        if not now.is_waiting:
            return now
        if draft is not None:
            draft.rename(result_of(sandbox, job))
        return change_job(sandbox, now, **changes)


def result_of(sandbox: Sandbox, job: Job) -> ResultFile:
    """Return where the result of a job is, or is going to be."""
    folder = files_folder(sandbox)
    return ResultFile(folder / f"{job.id}.csv", folder / f"{job.id}.places")


def complete_job(sandbox: Sandbox, job_id: str, api_version: float) -> Job:
    """Return a job whose results may be read.

    Raises:
        Refusal: there is no such job, it has no results, or it was made with another version.
    """
    job = find_job(sandbox, job_id, "V2Query")
    if job.api_version != api_version:
        message = (
            f"The API version {api_version} does not match {job.api_version}, the version that "
            "the job was created with"
        )
        raise Refusal("INVALIDVERSION", message, 409)
    if job.state != "JobComplete":
        raise wrong_state(f"Results are not available: job {job.id} is in state {job.state}")
    return job
