"""The three files of results of an ingest job, made when somebody first asks for one.

They follow from what was uploaded and what is kept of each row, so that it does not matter who
makes them, and when. Source: Bulk API 2.0 Developer Guide, "Get Job Successful Record Results" and
its neighbours: the order of the rows is not that of the upload.
"""

import csv
import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.bulk.dialect import format_of
from connectors.sandbox.salesforce.bulk.files import draft_of, files_folder
from connectors.sandbox.salesforce.bulk.ingest.creation import upload_of
from connectors.sandbox.salesforce.bulk.jobs import Job, find_job
from connectors.sandbox.salesforce.bulk.writing.outcomes import Outcome, outcomes_between
from connectors.sandbox.salesforce.bulk.writing.uploads import BadUploadError, Upload, open_upload

SUCCESSFUL, FAILED, UNPROCESSED = "successful", "failed", "unprocessed"
_BLOCK = 10_000
"""Rows that lose their order among themselves."""
Row = tuple[list[str], Outcome]


def results_of(sandbox: Sandbox, job: Job, kind: str) -> Path:
    """Return the file of results of a job that has ended, made now if it is not there yet.

    Args:
        sandbox: Where.
        job: The job.
        kind: Successful, failed or unprocessed rows.
    """
    path = files_folder(sandbox) / f"{job.id}.{kind}"
    if not path.exists():
        with draft_of(path) as draft:
            _WRITERS[kind](sandbox, job, draft)
            draft.replace(path)
    return path


def _write_processed(
    column: str, told: Callable[[Outcome], str], sandbox: Sandbox, job: Job, path: Path
) -> None:
    """Write the rows of which there is something to tell, behind the record's id and that."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table: Any = csv.writer(file, quoting=csv.QUOTE_ALL, **format_of(job))
        try:
            with _opened(sandbox, job) as upload:
                table.writerow(["sf__Id", column, *upload.header])
                for cells, outcome in _shuffled_rows(sandbox, job, iter(upload)):
                    if cell := told(outcome):
                        table.writerow([outcome.record_id, cell, *cells])
        except BadUploadError:
            # What can't be read has not been processed either.
            table.writerow(["sf__Id", column])


def _write_rest(sandbox: Sandbox, job: Job, path: Path) -> None:
    """Write the bytes of the header and of the rows behind those that have been processed."""
    first = end = 0
    with suppress(BadUploadError), _opened(sandbox, job) as upload:
        for _ in islice(upload, job.processed):
            pass
        first, end = upload.first, upload.end
    with path.open("wb") as file:
        if job.has_data:
            with upload_of(sandbox, job).open("rb") as whole:
                file.write(whole.read(first))
                whole.seek(end)
                shutil.copyfileobj(whole, file)


@contextmanager
def _opened(sandbox: Sandbox, job: Job) -> Iterator[Upload]:
    """Open the upload of a job, or an empty one."""
    if job.has_data:
        with open_upload(upload_of(sandbox, job), format_of(job)) as upload:
            yield upload
    else:
        yield Upload([], iter(()))


def _shuffled_rows(sandbox: Sandbox, job: Job, rows: Iterator[list[str]]) -> Iterator[Row]:
    for first in range(0, job.processed, _BLOCK):
        end = min(first + _BLOCK, job.processed)
        with sandbox.store.transaction():
            find_job(sandbox, job.id, "V2Ingest")
            outcomes = outcomes_between(sandbox.store, job.id, first, end)
        block = list(zip(islice(rows, end - first), outcomes, strict=True))
        random.Random(f"{sandbox.seed} {job.id} {first}").shuffle(block)  # noqa: S311 - the same order each time
        yield from block


def _created(outcome: Outcome) -> str:
    return "" if outcome.error else str(outcome.created).lower()


def _error(outcome: Outcome) -> str:
    return outcome.error


Write = Callable[[Sandbox, Job, Path], None]
_WRITERS: Mapping[str, Write] = {
    SUCCESSFUL: partial(_write_processed, "sf__Created", _created),
    FAILED: partial(_write_processed, "sf__Error", _error),
    UNPROCESSED: _write_rest,
}
