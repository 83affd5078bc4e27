"""Working off an ingest job: an internal batch at each step, in transactions of 200 rows.

A killed sandbox goes on behind the last transaction; of two steps at once, one goes on. Rows that
meet a lock are tried again with each further step, ten times at most.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.bulk.dialect import format_of
from connectors.sandbox.salesforce.bulk.ingest.creation import upload_of
from connectors.sandbox.salesforce.bulk.jobs import Job, change_job, find_job
from connectors.sandbox.salesforce.bulk.mishaps import mishaps_told
from connectors.sandbox.salesforce.bulk.writing.columns import Columns, columns_of
from connectors.sandbox.salesforce.bulk.writing.outcomes import keep_outcomes, locked_places
from connectors.sandbox.salesforce.bulk.writing.rows import writer_of
from connectors.sandbox.salesforce.bulk.writing.uploads import BadUploadError, open_upload

CHUNK = 200
"""Rows of one transaction, as Salesforce hands them to triggers."""
RETRIES = 10
Numbered = tuple[int, list[str]]


@dataclass(frozen=True)
class _Step:
    job: Job
    columns: Columns
    again: frozenset[int]
    """Places of rows that were locked and are tried again."""
    request: int
    """Whose the locks are that its rows take."""

    def rows(self, upload: Iterator[list[str]]) -> Iterator[Numbered]:
        """Yield the rows that are still to be done, with their places."""
        for place, cells in enumerate(upload):
            if place >= self.job.processed or place in self.again:
                yield place, cells


def take_step(sandbox: Sandbox, job: Job) -> Job:
    """Work off the next rows of a job and return it as it is then."""
    if sandbox.settings.salesforce_bulk_error:
        return _end(sandbox, job, "Failed", sandbox.settings.salesforce_bulk_error)
    if not job.has_data:
        return _end(sandbox, job, "JobComplete")
    try:
        with mishaps_told(), open_upload(upload_of(sandbox, job), format_of(job)) as upload:
            step = _begin(sandbox, job, upload.header)
            job, has_more = _take_rows(sandbox, step, step.rows(iter(upload)))
    except BadUploadError as error:
        return _end(sandbox, job, "Failed", str(error))
    return job if has_more or not job.is_waiting else _end(sandbox, job, "JobComplete")


def _end(sandbox: Sandbox, job: Job, state: str, error: str = "") -> Job:
    """Keep how a job ended, unless another request has ended it."""
    with sandbox.store.transaction():
        now = find_job(sandbox, job.id, "V2Ingest")
        return change_job(sandbox, now, state=state, error=error) if now.is_waiting else now


def _begin(sandbox: Sandbox, job: Job, header: list[str]) -> _Step:
    with sandbox.store.transaction():
        request = sandbox.row_locks.begin()
        columns = columns_of(writer_of(sandbox, job), header)
        now = find_job(sandbox, job.id, "V2Ingest")
        again = _to_try_again(sandbox, now)
        if again:
            now = change_job(sandbox, now, retries=now.retries + 1)
        return _Step(now, columns, again, request)


def _to_try_again(sandbox: Sandbox, job: Job) -> frozenset[int]:
    if not job.is_waiting or job.retries >= RETRIES:
        return frozenset()
    return frozenset(locked_places(sandbox.store, job.id))


def _take_rows(sandbox: Sandbox, step: _Step, rows: Iterator[Numbered]) -> tuple[Job, bool]:
    """Write the rows of a step; also tell whether there is more to do."""
    job = step.job
    left = sandbox.settings.salesforce_bulk_batch_rows + len(step.again)
    while left > 0 and (chunk := list(islice(rows, min(CHUNK, left)))):
        left -= len(chunk)
        job, went_on = _write_chunk(sandbox, step, job, chunk)
        if not went_on:
            return job, True
    if next(rows, None) is not None:
        return job, True
    with sandbox.store.transaction():
        return job, bool(_to_try_again(sandbox, job))


def _write_chunk(
    sandbox: Sandbox, step: _Step, job: Job, chunk: list[Numbered]
) -> tuple[Job, bool]:
    """Write rows, unless the job is no longer as this step has left it; also tell which."""
    with sandbox.store.transaction():
        sandbox.row_locks.resume(step.request)
        now = find_job(sandbox, job.id, "V2Ingest")
        # Another request may have gone on with the same job, or aborted it.
        if (now.processed, now.retries) != (job.processed, job.retries) or not now.is_waiting:
            return now, False
        outcomes = step.columns.write(cells for _, cells in chunk)
        made = [(place, outcome) for (place, _), outcome in zip(chunk, outcomes, strict=True)]
        keep_outcomes(sandbox.store, job.id, made)
        repeated = sum(place < now.processed for place, _ in made)
        failed = now.failed - repeated + sum(bool(outcome.error) for _, outcome in made)
        processed = max(now.processed, chunk[-1][0] + 1)
        return change_job(sandbox, now, processed=processed, failed=failed), True
