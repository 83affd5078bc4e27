"""Records updated by one job of Bulk API 2.0, which a later run can go on with by its id.

Source: Bulk API 2.0 Developer Guide, "Bulk API 2.0 Ingest": data are sent once and as a whole, an
empty cell leaves a value as it is, `#N/A` empties it, results come in no order.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress

from connectors.changes import RecordChange, WriteResult
from connectors.errors import CrmError, NotFoundError, RejectedRequestError
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.collections import Target, resend
from connectors.salesforce.dialect import LOCKED
from connectors.salesforce.jobs import Job, JobFailedError, waits
from connectors.salesforce.soql import name
from connectors.values import format_text

JOBS = "jobs/ingest"
LARGEST_UPLOAD = 100 << 20
"""Bytes: 150 MB is the limit once they are in base64."""
CLEAR = "#N/A"
ID = "Id"
LOST, UNPROCESSED, NO_RESULT = "LOST", "UNPROCESSED", "NO_RESULT"

_ENDED = frozenset({"JobComplete", "Failed", "Aborted"})


def update_by_job(
    client: SalesforceClient,
    target: Target,
    changes: Sequence[RecordChange],
    job_id: str | None,
    keep: Callable[[str], None],
) -> list[WriteResult]:
    """Do as `Destination.write_as_job` says.

    Raises:
        ValueError: the changes are more than one job takes.
        JobFailedError: the job has not ended after an hour; it goes on, and so may a later run.
        CrmError: Salesforce could not be reached.
    """
    if job_id is None:
        content = to_csv(changes, target.match or ID)
        if len(content) > LARGEST_UPLOAD:
            raise ValueError(f"{len(content)} bytes in a job, {LARGEST_UPLOAD} at most")
        job_id = _open(client, target)
        keep(job_id)
        client.upload(f"{JOBS}/{job_id}/batches", content, "text/csv; charset=UTF-8")
        _close(client, job_id)
    elif not _is_under_way(client, job_id):
        return [WriteResult(change.record_id, "rejected", LOST) for change in changes]
    _await_end(client, job_id)
    results = _results_of(client, job_id, changes, target.match)
    locked = [change for change in changes if results[change.record_id].code == LOCKED]
    results |= {result.record_id: result for result in resend(client, target, locked)}
    return [results[change.record_id] for change in changes]


def to_csv(changes: Sequence[RecordChange], key: str = ID) -> bytes:
    """Return changes as a job takes them: a row each, an empty cell where nothing changes.

    The first column, `key`, names the records.
    """
    fields = sorted({field for change in changes for field in change.values})
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([key, *fields])
    for change in changes:
        cells = (
            format_text(change.values[field]) or CLEAR if field in change.values else ""
            for field in fields
        )
        writer.writerow([change.record_id, *cells])
    return text.getvalue().encode()


def _open(client: SalesforceClient, target: Target) -> str:
    by = {"externalIdFieldName": name(target.match)} if target.match else {}
    body = {
        "object": name(target.object_name),
        "operation": "upsert" if target.match else "update",
        **by,
        "contentType": "CSV",
        "lineEnding": "LF",
    }
    return client.ask(JOBS, Job, "POST", body).id


def _close(client: SalesforceClient, job_id: str) -> None:
    """Let the job begin; the answer to a first try may have been lost."""
    try:
        client.fetch(f"{JOBS}/{job_id}", "PATCH", {"state": "UploadComplete"})
    except RejectedRequestError:
        if _state(client, job_id) == "Open":
            raise


def _is_under_way(client: SalesforceClient, job_id: str) -> bool:
    """Tell whether a job has all its data; one that lacks any is aborted, and did nothing."""
    try:
        state = _state(client, job_id)
    except NotFoundError:
        return False
    if state != "Open":
        return state != "Aborted"
    with suppress(CrmError):
        client.fetch(f"{JOBS}/{job_id}", "PATCH", {"state": "Aborted"})
    return False


def _await_end(client: SalesforceClient, job_id: str) -> None:
    for wait in waits():
        if _state(client, job_id) in _ENDED:
            return
        client.pause(wait)
    raise JobFailedError("did not end")


def _state(client: SalesforceClient, job_id: str) -> str:
    return client.ask(f"{JOBS}/{job_id}", Job).state


def _results_of(
    client: SalesforceClient, job_id: str, changes: Sequence[RecordChange], match: str | None
) -> dict[str, WriteResult]:
    """Return what became of each row; of one that Salesforce says nothing of, that."""
    found = {
        change.record_id: WriteResult(change.record_id, "rejected", NO_RESULT) for change in changes
    }
    for row in _rows(client, f"{JOBS}/{job_id}/successfulResults"):
        key = row[match] if match else row["sf__Id"]
        found[key] = WriteResult(key, "accepted")
    for row in _rows(client, f"{JOBS}/{job_id}/failedResults"):
        # What follows the code quotes values.
        code = row["sf__Error"].partition(":")[0]
        key = row[match or ID]
        found[key] = WriteResult(key, "rejected", code, "Salesforce refused the record")
    for row in _rows(client, f"{JOBS}/{job_id}/unprocessedrecords"):
        found[row[match or ID]] = WriteResult(row[match or ID], "rejected", UNPROCESSED)
    return found


def _rows(client: SalesforceClient, path: str) -> Iterator[Mapping[str, str]]:
    with client.open(path) as body:
        yield from csv.DictReader(io.TextIOWrapper(io.BufferedReader(body), "utf-8", newline=""))
