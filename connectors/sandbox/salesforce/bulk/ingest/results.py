"""The three files of results of an ingest job.

Source: Bulk API 2.0 Developer Guide, "Get Job Successful Record Results" and its neighbours: the
order of the rows is not that of the upload.
"""

import csv
import random
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.bulk.dialect import format_of
from connectors.sandbox.salesforce.bulk.ingest.creation import results_of, upload_of
from connectors.sandbox.salesforce.bulk.ingest.outcomes import Outcome, outcomes_between
from connectors.sandbox.salesforce.bulk.ingest.uploads import (
    BadUploadError,
    Upload,
    open_upload,
    rest_of,
)
from connectors.sandbox.salesforce.bulk.jobs import Job

SUCCESSFUL, FAILED, UNPROCESSED = "successful", "failed", "unprocessed"
KINDS = (SUCCESSFUL, FAILED, UNPROCESSED)
_BLOCK = 10_000
"""Rows that lose their order among themselves."""
Row = tuple[list[str], Outcome]


def write_results(sandbox: Sandbox, job: Job) -> None:
    """Write the files of a job as far as it has come; nothing for a job without data."""
    path = upload_of(sandbox, job)
    lines = 1
    if not path.exists():
        path.touch()
    try:
        with open_upload(path, format_of(job)) as upload:
            _write_processed(sandbox, job, upload)
            lines = upload.lines
    except BadUploadError:
        # What can't be read has not been processed either.
        _write_nothing(sandbox, job)
    with results_of(sandbox, job, UNPROCESSED).open("wb") as file:
        file.writelines(rest_of(path, lines))


def _write_processed(sandbox: Sandbox, job: Job, upload: Upload) -> None:
    header = upload.header
    with ExitStack() as files:
        good = _writer(files, sandbox, job, SUCCESSFUL)
        bad = _writer(files, sandbox, job, FAILED)
        good.writerow(["sf__Id", "sf__Created", *header])
        bad.writerow(["sf__Id", "sf__Error", *header])
        for cells, outcome in _shuffled_rows(sandbox, job, iter(upload)):
            if outcome.error:
                bad.writerow([outcome.record_id, outcome.error, *cells])
            else:
                created = "true" if outcome.created else "false"
                good.writerow([outcome.record_id, created, *cells])


def _shuffled_rows(sandbox: Sandbox, job: Job, rows: Iterator[list[str]]) -> Iterator[Row]:
    for first in range(0, job.processed, _BLOCK):
        end = min(first + _BLOCK, job.processed)
        with sandbox.store.transaction():
            outcomes = outcomes_between(sandbox.store, job.id, first, end)
        block = list(zip(islice(rows, end - first), outcomes, strict=True))
        random.Random(f"{sandbox.seed} {job.id} {first}").shuffle(block)  # noqa: S311 - the same order each time
        yield from block


def _write_nothing(sandbox: Sandbox, job: Job) -> None:
    for kind, what in ((SUCCESSFUL, "sf__Created"), (FAILED, "sf__Error")):
        with ExitStack() as files:
            _writer(files, sandbox, job, kind).writerow(["sf__Id", what])


def _writer(files: ExitStack, sandbox: Sandbox, job: Job, kind: str) -> Any:
    path: Path = results_of(sandbox, job, kind)
    file = files.enter_context(path.open("w", encoding="utf-8", newline=""))
    return csv.writer(file, quoting=csv.QUOTE_ALL, **format_of(job))
