"""Jobs as answers show them: each request has its own set of keys.

Source: Bulk API 2.0 Developer Guide, examples of each request.
"""

from typing import Any

from connectors.sandbox.salesforce.bulk.jobs import Job
from connectors.sandbox.salesforce.permissions import INTEGRATION_USER

_CHUNKED = frozenset(
    {"Account", "Campaign", "CampaignMember", "Contact", "Event", "Lead", "Opportunity", "Task"}
    | {"Case", "OpportunityLineItem", "Product2"}
    | {"LeadHistory", "ContactHistory", "OpportunityFieldHistory", "OpportunityHistory", "User"}
)
"""Objects whose queries Salesforce can cut into chunks; custom ones too."""


def created_job(job: Job) -> dict[str, Any]:
    """Return a job as the answer to its creation shows it."""
    return {**_facts(job), **_upload(job), **_csv(job)}


def changed_job(job: Job) -> dict[str, Any]:
    """Return a job as the answer to a change of its state shows it."""
    return _facts(job)


def listed_job(job: Job) -> dict[str, Any]:
    """Return a job as lists show it."""
    return {**_facts(job), "jobType": job.type, **_upload(job), **_csv(job)}


def told_job(job: Job) -> dict[str, Any]:
    """Return a job as it is shown to who asks about it alone. Times are in milliseconds."""
    spent = _milliseconds(job)
    body = {
        **listed_job(job),
        "numberRecordsProcessed": job.processed,
        "retries": job.retries,
        "totalProcessingTime": spent,
        "isPkChunkingSupported": job.object in _CHUNKED or job.object.endswith("__c"),
    }
    if job.type == "V2Ingest":
        work = {"apiActiveProcessingTime": spent * 3 // 4, "apexProcessingTime": 0}
        body |= {"numberRecordsFailed": job.failed, **work}
    return {**body, "errorMessage": job.error} if job.error else body


def _facts(job: Job) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": job.id,
        "operation": job.operation,
        "object": job.object,
        "createdById": INTEGRATION_USER,
        "createdDate": job.created_at,
        "systemModstamp": job.changed_at,
        "state": job.state,
        "concurrencyMode": job.concurrency,
        "contentType": job.content_type,
        "apiVersion": job.api_version,
    }
    if job.external_id_field:
        body["externalIdFieldName"] = job.external_id_field
    if job.assignment_rule:
        body["assignmentRuleId"] = job.assignment_rule
    return body


def _upload(job: Job) -> dict[str, str]:
    if job.type != "V2Ingest" or job.state != "Open":
        return {}
    # Without a leading slash, as the real one.
    return {"contentUrl": f"services/data/v{job.api_version}/jobs/ingest/{job.id}/batches"}


def _csv(job: Job) -> dict[str, str]:
    if job.type == "Classic":
        return {}
    return {"lineEnding": job.line_ending, "columnDelimiter": job.column_delimiter}


def _milliseconds(job: Job) -> int:
    """Return the time that a job took: invented from its size, so that it is the same each time."""
    return 90 + job.processed // 20 if job.processed else 0
