"""Jobs and batches of the older Bulk API as answers show them.

Source: Bulk API Developer Guide, "JobInfo" and "BatchInfo". JSON writes moments as REST does, XML
with a Z.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from connectors.sandbox.salesforce.bulk.classic.batches import Batch
from connectors.sandbox.salesforce.bulk.jobs import Job
from connectors.sandbox.salesforce.permissions import INTEGRATION_USER


def job_info(job: Job, batches: Sequence[Batch], as_json: bool) -> dict[str, Any]:
    """Return a job with the sums over its batches. Times are in milliseconds."""
    states = Counter(batch.state for batch in batches)
    processed = sum(batch.processed for batch in batches)
    spent = sum(map(_milliseconds, batches))
    body: dict[str, Any] = {
        "id": job.id,
        "operation": job.operation,
        "object": job.object,
        "createdById": INTEGRATION_USER,
        "createdDate": _moment(job.created_at, as_json),
        "systemModstamp": _moment(job.changed_at, as_json),
        "state": job.state,
    }
    if job.external_id_field or as_json:
        body["externalIdFieldName"] = job.external_id_field or None
    if job.assignment_rule or as_json:
        body["assignmentRuleId"] = job.assignment_rule or None
    body |= {
        "concurrencyMode": job.concurrency,
        "contentType": job.content_type,
        "numberBatchesQueued": states["Queued"],
        "numberBatchesInProgress": states["InProgress"],
        "numberBatchesCompleted": states["Completed"],
        "numberBatchesFailed": states["Failed"],
        "numberBatchesTotal": len(batches),
        "numberRecordsProcessed": processed,
        "numberRetries": 0,
        "apiVersion": job.api_version,
        "numberRecordsFailed": sum(batch.failed for batch in batches),
        "totalProcessingTime": spent,
        "apiActiveProcessingTime": spent * 3 // 4,
        "apexProcessingTime": 0,
    }
    return body | {"fastPathEnabled": False} if as_json else body


def batch_info(batch: Batch, as_json: bool) -> dict[str, Any]:
    """Return a batch. Times are in milliseconds."""
    body: dict[str, Any] = {
        "id": batch.id,
        "jobId": batch.job_id,
        "state": batch.state,
    }
    if batch.message or as_json:
        body["stateMessage"] = batch.message or None
    spent = _milliseconds(batch)
    return {
        **body,
        "createdDate": _moment(batch.created_at, as_json),
        "systemModstamp": _moment(batch.changed_at, as_json),
        "numberRecordsProcessed": batch.processed,
        "numberRecordsFailed": batch.failed,
        "totalProcessingTime": spent,
        "apiActiveProcessingTime": spent * 3 // 4,
        "apexProcessingTime": 0,
    }


def _moment(kept: str, as_json: bool) -> str:
    return kept if as_json else kept.replace("+0000", "Z")


def _milliseconds(batch: Batch) -> int:
    return 90 + batch.processed // 20 if batch.processed else 0
