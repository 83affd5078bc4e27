"""Jobs and batches of the older Bulk API: made, closed, aborted.

Source: Bulk API Developer Guide, "Step One: Create a Job", "Use PK Chunking to Extract Large Data
Sets from Salesforce".
"""

from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.limits import count_today
from connectors.sandbox.salesforce.bulk.classic.batches import (
    Batch,
    batches_of,
    change_batch,
    create_batch,
    request_of,
)
from connectors.sandbox.salesforce.bulk.jobs import Job, change_job, create_job
from connectors.sandbox.salesforce.bulk.query.refusals import check_object
from connectors.sandbox.salesforce.bulk.writing.requested import check_request, rule_id
from connectors.sandbox.salesforce.counts import read_count
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.permissions import find_visible

QUERIES = frozenset({"query", "queryAll"})
FORMATS = ("CSV", "JSON", "XML")
DAILY_BATCHES = "salesforce bulk batches"
"""The name under which the batches of a day are counted."""
DEFAULT_CHUNK, LARGEST_CHUNK = 100_000, 250_000
_MODES = {"0": "Parallel", "1": "Serial", "parallel": "Parallel", "serial": "Serial"}


def create_classic_job(
    sandbox: Sandbox, body: dict[str, Any], api_version: float, chunking: str
) -> Job:
    """Keep a new job.

    Args:
        sandbox: Where.
        body: What the client describes.
        api_version: The version in the path.
        chunking: The value of the Sforce-Enable-PKChunking header, or nothing.

    Raises:
        Refusal: an unknown object, operation or format, an upsert without a key.
    """
    operation, content_type = body.get("operation"), body.get("contentType") or "XML"
    if content_type not in FORMATS:
        raise Refusal("InvalidJob", f"Unsupported content type: {content_type}")
    name, key = _target(sandbox, body)
    return create_job(
        sandbox,
        type="Classic",
        operation=operation,
        object=name,
        state="Open",
        api_version=api_version,
        content_type=content_type,
        concurrency=_MODES.get(str(body.get("concurrencyMode")).lower(), "Parallel"),
        external_id_field=key,
        assignment_rule=rule_id(body),
        chunk_size=chunk_size(chunking) if operation in QUERIES else 0,
    )


def _target(sandbox: Sandbox, body: dict[str, Any]) -> tuple[str, str]:
    if body.get("operation") not in QUERIES:
        known, key = check_request(sandbox, body)
        return known.name, key
    check_object(sandbox.settings, str(body.get("object")))
    known_or_none = find_visible(sandbox, str(body.get("object")))
    if known_or_none is None:
        raise Refusal("INVALIDENTITY", f"Unable to find object: {body.get('object')}")
    return known_or_none.name, ""


def chunk_size(header: str) -> int:
    """Return how many rows a chunk holds by `TRUE` or `chunkSize=1000; parent=...`; 0 for none."""
    options = dict(part.strip().partition("=")[::2] for part in header.lower().split(";"))
    rows = read_count(options.get("chunksize", ""))
    if rows is not None:
        return min(max(rows, 1), LARGEST_CHUNK)
    return DEFAULT_CHUNK if "true" in options or "chunksize" in options else 0


def add_batch(sandbox: Sandbox, job: Job, data: bytes) -> Batch:
    """Add a batch to an open job.

    Raises:
        Refusal: the job is closed, or there are too many batches today.
    """
    if job.state != "Open":
        raise Refusal("InvalidJobState", f"Job {job.id} is in state {job.state}, not Open")
    used = count_today(sandbox.store, sandbox.clock, DAILY_BATCHES)
    if sandbox.settings.rate_limits and used > sandbox.settings.salesforce_bulk_batches:
        limit = sandbox.settings.salesforce_bulk_batches
        raise Refusal("ExceededQuota", f"Batches of the last 24 hours exceed {limit}")
    query = data.decode(errors="replace").strip() if job.operation in QUERIES else ""
    batch = create_batch(sandbox, job, query=query)
    request_of(sandbox, batch).write_bytes(data)
    return batch


def change_state(sandbox: Sandbox, job: Job, state: object) -> Job:
    """Close a job, so that it takes no more batches, or abort it with all that still waits.

    Raises:
        Refusal: an unknown state, or the job has ended.
    """
    verbs = {"Closed": "Closing", "Aborted": "Aborting"}
    if not isinstance(state, str) or state not in verbs:
        raise Refusal("InvalidJobState", f"Invalid job state: {state}")
    if job.state != "Open" and not (job.state == "Closed" and state == "Aborted"):
        raise Refusal("InvalidJobState", f"{verbs[state]} already {job.state} Job not allowed")
    if state == "Aborted":
        for batch in batches_of(sandbox, job):
            if batch.is_waiting:
                message = f"Job has been aborted: {job.id}"
                change_batch(sandbox, batch, state="NotProcessed", message=message)
    return change_job(sandbox, job, state=state)
