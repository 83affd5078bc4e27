"""Query jobs of Bulk API 2.0: made, waited for, removed.

Source: Bulk API 2.0 Developer Guide, "Bulk API 2.0 Query". Every look at a job counts as a call,
so the waits between them grow.
"""

from collections.abc import Iterator
from contextlib import suppress

import msgspec

from connectors.errors import CrmError, RejectedRequestError
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.soql import Query

JOBS = "jobs/query"
_FIRST_WAIT, _LONGEST_WAIT = 0.2, 15.0
_PATIENCE = 3_600.0
"""Seconds until a job that does not end is given up."""


class Job(msgspec.Struct, rename="camel"):
    """A job as Salesforce tells of it."""

    id: str
    state: str
    created_date: str = ""
    number_records_processed: int = 0


class JobFailedError(Exception):
    """A job will not end well: what it was to read must be read otherwise.

    Salesforce gives its reason in words that quote the query; they are not repeated.
    """


class JobLostError(Exception):
    """A job's result is gone, or its pages don't fit together: it takes another job."""


def create_job(client: SalesforceClient, query: Query) -> Job:
    """Order everything that a query finds, deleted and archived records included.

    Raises:
        JobFailedError: the Bulk API does not take this object, this query, or any more jobs today.
    """
    try:
        return client.ask(JOBS, Job, "POST", {"operation": "queryAll", "query": str(query)})
    except RejectedRequestError as refusal:
        raise JobFailedError(refusal.code) from None


def await_job(client: SalesforceClient, job_id: str) -> Job:
    """Return the job once its result is there.

    Raises:
        JobFailedError: it failed, was aborted, is gone, or has not ended after an hour.
    """
    for wait in waits():
        try:
            job = client.ask(f"{JOBS}/{job_id}", Job)
        except RejectedRequestError as refusal:
            raise JobFailedError(refusal.code) from None
        if job.state == "JobComplete":
            return job
        if job.state in {"Failed", "Aborted"}:
            raise JobFailedError(job.state)
        client.pause(wait)
    _abort(client, job_id)
    raise JobFailedError("did not end")


def remove_job(client: SalesforceClient, job_id: str) -> None:
    """Remove a job whose result is wanted no longer; whatever the answer, the rows have been kept.

    Salesforce does it by itself after seven days.
    """
    with suppress(CrmError):
        client.fetch(f"{JOBS}/{job_id}", "DELETE")


def _abort(client: SalesforceClient, job_id: str) -> None:
    with suppress(CrmError):
        client.fetch(f"{JOBS}/{job_id}", "PATCH", {"state": "Aborted"})


def waits() -> Iterator[float]:
    """Yield the seconds between looks at a job, until an hour has passed."""
    wait, waited = _FIRST_WAIT, 0.0
    while waited < _PATIENCE:
        yield wait
        waited += wait
        wait = min(wait * 1.5, _LONGEST_WAIT)
