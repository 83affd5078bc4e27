"""Working off an ingest job: an internal batch at each step, in transactions of 200 rows.

A killed sandbox goes on behind the last transaction. Rows that meet a lock are tried again with
each further step, ten times at most.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.bulk.dialect import format_of
from connectors.sandbox.salesforce.bulk.ingest.columns import Columns, columns_of
from connectors.sandbox.salesforce.bulk.ingest.creation import upload_of
from connectors.sandbox.salesforce.bulk.ingest.outcomes import (
    forget_outcomes,
    keep_outcomes,
    locked_places,
)
from connectors.sandbox.salesforce.bulk.ingest.results import write_results
from connectors.sandbox.salesforce.bulk.ingest.rows import writer_of
from connectors.sandbox.salesforce.bulk.ingest.uploads import BadUploadError, open_upload
from connectors.sandbox.salesforce.bulk.jobs import Job, find_job, keep_job
from connectors.sandbox.salesforce.bulk.progress import is_waiting

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

    def rows(self, upload: Iterator[list[str]]) -> Iterator[Numbered]:
        """Yield the rows that are still to be done, with their places."""
        for place, cells in enumerate(upload):
            if place >= self.job.processed or place in self.again:
                yield place, cells


def take_step(sandbox: Sandbox, job: Job) -> Job:
    """Work off the next rows of a job and return it as it is then."""
    if sandbox.settings.salesforce_bulk_error:
        return end_job(sandbox, job, "Failed", sandbox.settings.salesforce_bulk_error)
    path = upload_of(sandbox, job)
    if not path.exists():
        return end_job(sandbox, job, "JobComplete")
    try:
        with open_upload(path, format_of(job)) as upload:
            step = _begin(sandbox, job, upload.header)
            job, has_more = _take_rows(sandbox, step, step.rows(iter(upload)))
    except BadUploadError as error:
        return end_job(sandbox, job, "Failed", str(error))
    return job if has_more or not is_waiting(job) else end_job(sandbox, job, "JobComplete")


def end_job(sandbox: Sandbox, job: Job, state: str, error: str = "") -> Job:
    """Write the files of results and keep how a job ended, unless it has been aborted."""
    with sandbox.store.transaction():
        job = find_job(sandbox, job.id, "V2Ingest")
    write_results(sandbox, job)
    with sandbox.store.transaction():
        forget_outcomes(sandbox.store, job.id)
        now = find_job(sandbox, job.id, "V2Ingest")
        return keep_job(sandbox, now, state=state, error=error) if is_waiting(now) else now


def _begin(sandbox: Sandbox, job: Job, header: list[str]) -> _Step:
    sandbox.row_locks.begin()
    with sandbox.store.transaction():
        writer = writer_of(sandbox, job)
        columns = columns_of(writer, header)
        locked = locked_places(sandbox.store, job.id) if job.retries < RETRIES else ()
        if locked:
            job = keep_job(sandbox, job, retries=job.retries + 1)
        return _Step(job, columns, frozenset(locked))


def _take_rows(sandbox: Sandbox, step: _Step, rows: Iterator[Numbered]) -> tuple[Job, bool]:
    """Write the rows of a step; also tell whether there is more to do."""
    job = step.job
    left = sandbox.settings.salesforce_bulk_batch_rows + len(step.again)
    while left > 0 and (chunk := list(islice(rows, min(CHUNK, left)))):
        left -= len(chunk)
        job = _write_chunk(sandbox, job, step.columns, chunk)
        if not is_waiting(job) or job.processed <= chunk[-1][0]:
            return job, True
    if next(rows, None) is not None:
        return job, True
    with sandbox.store.transaction():
        return job, bool(job.retries < RETRIES and locked_places(sandbox.store, job.id))


def _write_chunk(sandbox: Sandbox, job: Job, columns: Columns, chunk: list[Numbered]) -> Job:
    with sandbox.store.transaction():
        now = find_job(sandbox, job.id, "V2Ingest")
        # Another request may have gone on with the same job, or aborted it.
        if now.processed != job.processed or not is_waiting(now):
            return now
        made = [(place, columns.write(cells)) for place, cells in chunk]
        keep_outcomes(sandbox.store, job.id, made)
        repeated = sum(place < now.processed for place, _ in made)
        failed = now.failed - repeated + sum(bool(outcome.error) for _, outcome in made)
        processed = max(now.processed, chunk[-1][0] + 1)
        return keep_job(sandbox, now, processed=processed, failed=failed)
