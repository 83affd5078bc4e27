"""Ingest jobs of Bulk API 2.0: from an open job to a closed upload.

Source: Bulk API 2.0 Developer Guide, "Bulk API 2.0 Ingest".
"""

from pathlib import Path
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.bulk.dialect import asked_format
from connectors.sandbox.salesforce.bulk.ingest.rows import OPERATIONS
from connectors.sandbox.salesforce.bulk.jobs import (
    Job,
    create_job,
    files_folder,
    keep_job,
    short_state,
    wrong_state,
)
from connectors.sandbox.salesforce.bulk.query.refusals import check_object
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.schema import ObjectType, find_type
from connectors.sandbox.salesforce.upserts import is_key


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
        assignment_rule=body.get("assignmentRuleId") or "",
        **asked_format(body),
    )


def check_request(sandbox: Sandbox, body: dict[str, Any]) -> tuple[ObjectType, str]:
    """Return the object of a new job that writes, and the name of its key field if it has one.

    Raises:
        Refusal: an unknown object or operation, an upsert without a key, a permission that lacks.
    """
    operation, name = body.get("operation"), body.get("object")
    if operation not in OPERATIONS:
        raise Refusal("INVALIDJOB", f"Unsupported operation: {operation}")
    if operation == "hardDelete" and not sandbox.settings.salesforce_bulk_hard_delete:
        message = (
            "hardDelete operation requires special user profile permission, please contact your "
            "system administrator"
        )
        raise Refusal("FEATURENOTENABLED", message)
    check_object(sandbox.settings, str(name))
    known = find_type(sandbox.store, str(name))
    if known is None:
        raise Refusal("INVALIDENTITY", f"Unable to find object: {name}")
    return known, _key_name(known, body) if operation == "upsert" else ""


def _key_name(known: ObjectType, body: dict[str, Any]) -> str:
    given = body.get("externalIdFieldName")
    if not given:
        message = (
            f"External ID was blank for {known.name}. An External ID must be specified for upsert."
        )
        raise Refusal("INVALIDJOB", message)
    field = known.find(str(given))
    if field is None or not is_key(field):
        message = f"Field name provided, {given} does not match an External ID for {known.name}"
        raise Refusal("INVALIDJOB", message)
    return field.name


def keep_upload(sandbox: Sandbox, job: Job, data: bytes) -> None:
    """Keep the data of an open job, which are sent once and as a whole.

    Raises:
        Refusal: the job is not open, has data already, or they are too many.
    """
    path = upload_of(sandbox, job)
    if job.state != "Open":
        raise wrong_state(f"Job {job.id} is in state {job.state}: no data can be added")
    if path.exists():
        raise wrong_state(
            f"Found multiple contents for job: <{job.id}>, please 'Close' / 'Abort' / 'Delete' the "
            "current Job then create a new Job and make sure you only do 'PUT' once on a given Job."
        )
    limit = sandbox.settings.salesforce_bulk_upload_bytes
    if len(data) > limit:
        message = f"The data of a job must not exceed {limit} bytes"
        raise Refusal("REQUEST_ENTITY_TOO_LARGE", message, 413)
    path.write_bytes(data)


def close_job(sandbox: Sandbox, job: Job) -> Job:
    """Close the upload of a job, so that it is worked off.

    Raises:
        Refusal: INVALIDJOBSTATE, when it is closed already.
    """
    if job.state != "Open":
        raise wrong_state(f"Closing already {short_state(job)} Job not allowed")
    return keep_job(sandbox, job, state="UploadComplete")


def upload_of(sandbox: Sandbox, job: Job) -> Path:
    """Return where the data of a job are."""
    return files_folder(sandbox) / f"{job.id}.upload"


def results_of(sandbox: Sandbox, job: Job, kind: str) -> Path:
    """Return where results of a job are: successful, failed or unprocessed rows."""
    return files_folder(sandbox) / f"{job.id}.{kind}"
