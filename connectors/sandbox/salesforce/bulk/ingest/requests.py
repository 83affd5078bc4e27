"""Bulk API 2.0 ingest over HTTP: /services/data/vXX.0/jobs/ingest.

Source: Bulk API 2.0 Developer Guide, "Bulk API 2.0 Ingest".
"""

from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.bulk.ingest.creation import (
    close_job,
    create_ingest_job,
    keep_upload,
)
from connectors.sandbox.salesforce.bulk.ingest.multipart import parts_of
from connectors.sandbox.salesforce.bulk.ingest.results import (
    FAILED,
    SUCCESSFUL,
    UNPROCESSED,
    results_of,
)
from connectors.sandbox.salesforce.bulk.ingest.work import take_step
from connectors.sandbox.salesforce.bulk.jobs import (
    Job,
    abort_job,
    delete_job,
    find_job,
    wrong_state,
)
from connectors.sandbox.salesforce.bulk.listing import list_page
from connectors.sandbox.salesforce.bulk.progress import asked_about, is_due
from connectors.sandbox.salesforce.bulk.views import changed_job, created_job, told_job
from connectors.sandbox.salesforce.requests import (
    check_type,
    json_object,
    plain_members,
    root_of,
    version_of,
)
from connectors.sandbox.web import Answer, Call, Endpoint, FilePart, Handler

_JOBS = "/services/data/{version}/jobs/ingest"


def create(sandbox: Sandbox, call: Call) -> Answer:
    """POST jobs/ingest: an open job, or one with all its data in a multipart body."""
    version = float(version_of(call))
    if not call.headers.get("content-type", "").startswith("multipart/form-data"):
        return Answer(
            200, created_job(create_ingest_job(sandbox, plain_members(json_object(call)), version))
        )
    body, data = parts_of(call)
    job = create_ingest_job(sandbox, plain_members(body), version)
    job = close_job(sandbox, keep_upload(sandbox, job, data))
    return _after_closing(sandbox, job, created_job(job))


def upload(sandbox: Sandbox, call: Call) -> Answer:
    """PUT jobs/ingest/ID/batches: the data, once."""
    check_type(call, "text/csv")
    keep_upload(sandbox, _job(sandbox, call), call.body)
    return Answer(201)


def change(sandbox: Sandbox, call: Call) -> Answer:
    """PATCH jobs/ingest/ID: closes the upload, or aborts the job."""
    job, state = _job(sandbox, call), json_object(call).get("state")
    if state == "UploadComplete":
        job = close_job(sandbox, job)
        return _after_closing(sandbox, job, changed_job(job))
    if state != "Aborted":
        raise wrong_state(f"Invalid state for an ingest job: {state}")
    return Answer(200, changed_job(abort_job(sandbox, job)))


def _after_closing(sandbox: Sandbox, job: Job, shown: dict[str, Any]) -> Answer:
    if sandbox.settings.salesforce_bulk_polls > 0 or not is_due(sandbox, job):
        return Answer(200, shown)

    def finish() -> Answer:
        working = job
        while working.is_waiting:
            working = take_step(sandbox, working)
        return Answer(200, shown)

    return Answer(200, b"", later=finish)


def tell(sandbox: Sandbox, call: Call) -> Answer:
    """GET jobs/ingest/ID: the job gets on by being asked about."""
    job = _job(sandbox, call)
    if not job.is_waiting:
        return Answer(200, told_job(job))
    job = asked_about(sandbox, job)
    if not is_due(sandbox, job):
        return Answer(200, told_job(job))
    return Answer(200, b"", later=lambda: Answer(200, told_job(take_step(sandbox, job))))


def list_all(sandbox: Sandbox, call: Call) -> Answer:
    """GET jobs/ingest: these jobs, and those of the older Bulk API."""
    address = f"{root_of(call)}/jobs/ingest"
    return Answer(200, list_page(sandbox, call, address, ("V2Ingest", "Classic")))


def delete(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE jobs/ingest/ID."""
    delete_job(sandbox, _job(sandbox, call))
    return Answer(204)


def _results(kind: str) -> Handler:
    def read_results(sandbox: Sandbox, call: Call) -> Answer:
        job = _job(sandbox, call)
        if not job.has_ended:
            raise wrong_state(f"Results are not available: job {job.id} is in state {job.state}")
        headers = {"Content-Type": sandbox.settings.salesforce_bulk_content_type}

        def finish() -> Answer:
            try:
                path = results_of(sandbox, job, kind)
                size = path.stat().st_size
            except FileNotFoundError:
                # The files of a job go when somebody deletes it.
                with sandbox.store.transaction():
                    find_job(sandbox, job.id, "V2Ingest")
                raise
            return Answer(200, FilePart(path, 0, size), headers)

        return Answer(200, b"", later=finish)

    return read_results


def _job(sandbox: Sandbox, call: Call) -> Job:
    return find_job(sandbox, call.arguments["id"], "V2Ingest")


ENDPOINTS = (
    Endpoint("POST", _JOBS, create, "write"),
    Endpoint("GET", _JOBS, list_all),
    Endpoint("GET", f"{_JOBS}/{{id}}", tell),
    Endpoint("PATCH", f"{_JOBS}/{{id}}", change, "write"),
    Endpoint("DELETE", f"{_JOBS}/{{id}}", delete, "write"),
    Endpoint("PUT", f"{_JOBS}/{{id}}/batches", upload, "write"),
    Endpoint("GET", f"{_JOBS}/{{id}}/successfulResults", _results(SUCCESSFUL)),
    Endpoint("GET", f"{_JOBS}/{{id}}/failedResults", _results(FAILED)),
    Endpoint("GET", f"{_JOBS}/{{id}}/unprocessedrecords", _results(UNPROCESSED)),
    # simple-salesforce writes a capital, and the real one does not mind.
    Endpoint("GET", f"{_JOBS}/{{id}}/unprocessedRecords", _results(UNPROCESSED)),
)
