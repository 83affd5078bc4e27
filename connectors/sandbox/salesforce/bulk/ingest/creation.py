"""Ingest jobs of Bulk API 2.0: from an open job to a closed upload.

Source: Bulk API 2.0 Developer Guide, "Bulk API 2.0 Ingest".
"""

from pathlib import Path
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.bulk.dialect import asked_format
from connectors.sandbox.salesforce.bulk.files import draft_of, files_folder
from connectors.sandbox.salesforce.bulk.jobs import (
    Job,
    change_job,
    create_job,
    short_state,
    wrong_state,
)
from connectors.sandbox.salesforce.bulk.writing.requested import check_request, rule_id
from connectors.sandbox.salesforce.errors import Refusal


def create_ingest_job(sandbox: Sandbox, body: dict[str, Any], api_version: float) -> Job:
    """Keep a new ingest job.

    Raises:
        Refusal: an unknown object, operation or format, an upsert without a key.
    """
    known, key = check_request(sandbox, body)
    return create_job(
        sandbox,
        type="V2Ingest",
        operation=body["operation"],
        object=known.name,
        state="Open",
        api_version=api_version,
        external_id_field=key,
        assignment_rule=rule_id(body),
        **asked_format(body),
    )


def keep_upload(sandbox: Sandbox, job: Job, data: bytes) -> Job:
    """Keep the data of an open job, which are sent once and as a whole.

    Raises:
        Refusal: the job is not open, has data already, or they are too many.
    """
    if job.state != "Open":
        raise wrong_state(f"Job {job.id} is in state {job.state}: no data can be added")
    if job.has_data:
        raise wrong_state(
            f"Found multiple contents for job: <{job.id}>, please 'Close' / 'Abort' / 'Delete' the "
            "current Job then create a new Job and make sure you only do 'PUT' once on a given Job."
        )
    limit = sandbox.settings.salesforce_bulk_upload_bytes
    if len(data) > limit:
        message = f"The data of a job must not exceed {limit} bytes"
        raise Refusal("REQUEST_ENTITY_TOO_LARGE", message, 413)
    path = upload_of(sandbox, job)
    with draft_of(path) as draft:
        draft.write_bytes(data)
        draft.replace(path)
    return change_job(sandbox, job, has_data=True)


def close_job(sandbox: Sandbox, job: Job) -> Job:
    """Close the upload of a job, so that it is worked off.

    Raises:
        Refusal: INVALIDJOBSTATE, when it is closed already.
    """
    if job.state != "Open":
        raise wrong_state(f"Closing already {short_state(job)} Job not allowed")
    return change_job(sandbox, job, state="UploadComplete")


def upload_of(sandbox: Sandbox, job: Job) -> Path:
    """Return where the data of a job are."""
    return files_folder(sandbox) / f"{job.id}.upload"
