"""Working off the batches of the older Bulk API, each a step further when somebody asks.

Source: Bulk API Developer Guide, "Interpret Batch State": a batch that is cut into chunks ends as
NotProcessed, and the chunks are batches of their own.
"""

from collections.abc import Sequence
from pathlib import Path

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.bulk.classic.batches import (
    Batch,
    change_batch,
    create_batch,
    find_batch,
    request_of,
    result_of,
)
from connectors.sandbox.salesforce.bulk.classic.creation import QUERIES
from connectors.sandbox.salesforce.bulk.classic.queried import write_queried
from connectors.sandbox.salesforce.bulk.classic.written import rows_of
from connectors.sandbox.salesforce.bulk.files import draft_of
from connectors.sandbox.salesforce.bulk.jobs import Job, find_job
from connectors.sandbox.salesforce.bulk.mishaps import mishaps_told
from connectors.sandbox.salesforce.bulk.progress import is_due
from connectors.sandbox.salesforce.bulk.query.refusals import NOT_SUPPORTED
from connectors.sandbox.salesforce.bulk.query.selection import Selection, select
from connectors.sandbox.salesforce.bulk.writing.outcomes import (
    keep_outcomes,
)
from connectors.sandbox.salesforce.bulk.writing.rows import writer_of
from connectors.sandbox.salesforce.bulk.writing.uploads import BadUploadError
from connectors.sandbox.salesforce.errors import Refusal

CHUNK, ROW_LIMIT = 200, 10_000


def asked_about(sandbox: Sandbox, batches: Sequence[Batch]) -> list[Batch]:
    """Count that somebody asks about batches, and return those that are to be worked off now."""
    asked = [
        change_batch(sandbox, batch, state="InProgress", polls=batch.polls + 1)
        for batch in batches
        if batch.is_waiting
    ]
    return [batch for batch in asked if is_due(sandbox, batch)]


def work_off(sandbox: Sandbox, job: Job, batches: Sequence[Batch]) -> None:
    """Do the work of batches, and of chunks that are due at once, outside of any transaction."""
    left = list(batches)
    while left:
        batch = left.pop(0)
        try:
            if sandbox.settings.salesforce_bulk_error:
                raise BadUploadError(sandbox.settings.salesforce_bulk_error)
            with mishaps_told():
                if job.operation in QUERIES:
                    left += _query(sandbox, job, batch)
                else:
                    _write(sandbox, job, batch)
        except BadUploadError as error:
            _end(sandbox, job, batch, state="Failed", message=str(error))


def _query(sandbox: Sandbox, job: Job, batch: Batch) -> list[Batch]:
    """Write what a batch finds, or cut it; return the chunks that are due now."""
    with sandbox.store.transaction():
        selection = _selected(sandbox, job, batch)
        if job.chunk_size and not batch.end_id and not batch.first_id:
            chunks = _cut(sandbox, job, batch, selection)
            return [chunk for chunk in chunks if is_due(sandbox, chunk)]
    root = f"/services/data/v{job.api_version}"
    with draft_of(result_of(sandbox, batch)) as draft:
        rows = write_queried(sandbox.store, selection, draft, job.content_type, root)
        _end(sandbox, job, batch, draft, state="Completed", processed=rows)
    return []


def _selected(sandbox: Sandbox, job: Job, batch: Batch) -> Selection:
    try:
        selection = select(sandbox, batch.query, job.operation == "queryAll", job.api_version)
    except Refusal as refusal:
        code = "FUNCTIONALITY_NOT_ENABLED" if refusal.code == NOT_SUPPORTED else refusal.code
        message = f"InvalidBatch : Failed to process query: {code}: {refusal.message}"
        raise BadUploadError(message) from None
    if selection.object_name != job.object:
        raise BadUploadError(
            "InvalidBatch : Failed to process query: INVALID_TYPE_FOR_OPERATION: The root entity "
            f"of the requested query ({selection.object_name}) does not match the entity of the "
            f"requested Bulk API Job ({job.object})."
        )
    return selection.between(batch.first_id, batch.end_id)


def _cut(sandbox: Sandbox, job: Job, batch: Batch, selection: Selection) -> list[Batch]:
    """Make a batch of each chunk of the object's ids, deleted records included, once."""
    if not find_batch(sandbox, job, batch.id).is_waiting:
        return []
    sql = (
        "select Id from (select Id, row_number() over (order by Id) as place "  # noqa: S608 - names of our schema
        f"from {selection.plan.known.table}) where (place - 1) % ? = 0 order by Id"
    )
    starts = [row["Id"] for row in sandbox.store.rows(sql, job.chunk_size)] or [""]
    change_batch(sandbox, batch, state="NotProcessed")
    return [
        create_batch(sandbox, job, query=batch.query, first_id=first, end_id=end)
        for first, end in zip(starts, [*starts[1:], "~"], strict=True)
    ]


def _write(sandbox: Sandbox, job: Job, batch: Batch) -> None:
    data = request_of(sandbox, batch).read_bytes()
    with sandbox.store.transaction():
        request = sandbox.row_locks.begin()
        writer = writer_of(sandbox, job)
        rows = rows_of(writer, data, job.content_type)
    if len(rows) > ROW_LIMIT:
        raise BadUploadError(f"InvalidBatch : A batch must not hold more than {ROW_LIMIT} records")
    for first in range(batch.processed, len(rows), CHUNK):
        chunk = rows[first : first + CHUNK]
        with sandbox.store.transaction():
            sandbox.row_locks.resume(request)
            now = find_batch(sandbox, job, batch.id)
            # Another request may have gone on with the same batch, or aborted the job.
            if now.processed != first or not now.is_waiting:
                return
            made = list(enumerate(writer.write(chunk), first))
            keep_outcomes(sandbox.store, batch.id, made)
            failed = now.failed + sum(bool(outcome.error) for _, outcome in made)
            change_batch(sandbox, now, processed=first + len(chunk), failed=failed)
    _end(sandbox, job, batch, state="Completed")


def _end(
    sandbox: Sandbox, job: Job, batch: Batch, draft: Path | None = None, **changes: object
) -> None:
    """Keep how a batch ended, and what its query found, unless another request has ended it."""
    with sandbox.store.transaction():
        now = find_batch(sandbox, find_job(sandbox, job.id, "Classic"), batch.id)
        if not now.is_waiting:
            return
        if draft is not None:
            draft.replace(result_of(sandbox, batch))
        change_batch(sandbox, now, **changes)
