"""Bulk API 2.0 query over HTTP: /services/data/vXX.0/jobs/query.

Source: Bulk API 2.0 Developer Guide, "Bulk API 2.0 Query".
"""

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.bulk.jobs import (
    Job,
    abort_job,
    delete_job,
    find_job,
    wrong_state,
)
from connectors.sandbox.salesforce.bulk.listing import list_page
from connectors.sandbox.salesforce.bulk.locators import bad_locator, locator_of, row_of
from connectors.sandbox.salesforce.bulk.progress import is_due
from connectors.sandbox.salesforce.bulk.query.extraction import (
    ask_about,
    complete_job,
    create_query_job,
    result_of,
    work_of,
)
from connectors.sandbox.salesforce.bulk.views import changed_job, created_job, told_job
from connectors.sandbox.salesforce.counts import read_count
from connectors.sandbox.salesforce.errors import Refusal, not_found
from connectors.sandbox.salesforce.requests import json_object, plain_members, root_of, version_of
from connectors.sandbox.web import Answer, Call, Endpoint

_JOBS = "/services/data/{version}/jobs/query"
_FIRST_VERSION, _PARALLEL_SINCE = 47, 58
_LINKS = 5
"""Pages that one answer of resultPages leads to."""


def create(sandbox: Sandbox, call: Call) -> Answer:
    """POST jobs/query."""
    _check_version(call, _FIRST_VERSION)
    body = plain_members(json_object(call))
    job = create_query_job(sandbox, body, float(version_of(call)))
    made = created_job(job)
    work = work_of(sandbox, job) if is_due(sandbox, job) else None
    if work is None:
        return Answer(200, made)

    def finish() -> Answer:
        work()
        return Answer(200, made)

    return Answer(200, b"", later=finish)


def tell(sandbox: Sandbox, call: Call) -> Answer:
    """GET jobs/query/ID: the job gets on by being asked about."""
    job, work = ask_about(sandbox, _job(sandbox, call))
    if work is None:
        return Answer(200, told_job(find_job(sandbox, job.id, "V2Query")))
    return Answer(200, b"", later=lambda: Answer(200, told_job(work())))


def list_all(sandbox: Sandbox, call: Call) -> Answer:
    """GET jobs/query: these jobs, and those of the older Bulk API."""
    return Answer(
        200, list_page(sandbox, call, f"{root_of(call)}/jobs/query", ("V2Query", "Classic"))
    )


def change(sandbox: Sandbox, call: Call) -> Answer:
    """PATCH jobs/query/ID: a query can only be aborted."""
    job, state = _job(sandbox, call), json_object(call).get("state")
    if state != "Aborted":
        raise wrong_state(f"Invalid state for a query job: {state}")
    return Answer(200, changed_job(abort_job(sandbox, job)))


def delete(sandbox: Sandbox, call: Call) -> Answer:
    """DELETE jobs/query/ID."""
    delete_job(sandbox, _job(sandbox, call))
    return Answer(204)


def read_results(sandbox: Sandbox, call: Call) -> Answer:
    """GET jobs/query/ID/results?maxRecords=&locator=: a page of the result, from a file."""
    job = complete_job(sandbox, call.arguments["id"], float(version_of(call)))
    first, size = _first_row(call, job), _page_size(sandbox, call)
    end = min(first + size, job.processed)
    page = result_of(sandbox, job).page(first, end, sandbox.settings.salesforce_bulk_repeats_header)
    headers = {
        "Content-Type": sandbox.settings.salesforce_bulk_content_type,
        "Sforce-NumberOfRecords": str(end - first),
        "Sforce-Locator": locator_of(end) if end < job.processed else "null",
    }
    return Answer(200, page, headers)


def list_pages(sandbox: Sandbox, call: Call) -> Answer:
    """GET jobs/query/ID/resultPages: links to five pages that may be read at the same time."""
    _check_version(call, _PARALLEL_SINCE)
    job = complete_job(sandbox, call.arguments["id"], float(version_of(call)))
    size, first = sandbox.settings.salesforce_bulk_page_size, _first_row(call, job)
    base = f"{root_of(call)}/jobs/query/{job.id}"
    starts = range(first, max(job.processed, 1), size)
    links = [{"resultUrl": f"{base}/results?locator={locator_of(n)}"} for n in starts[:_LINKS]]
    if len(starts) <= _LINKS:
        return Answer(200, {"resultPages": links, "nextRecordsUrl": None, "done": True})
    following = f"{base}/resultPages?locator={locator_of(starts[_LINKS])}"
    return Answer(200, {"resultPages": links, "nextRecordsUrl": following, "done": False})


def _job(sandbox: Sandbox, call: Call) -> Job:
    return find_job(sandbox, call.arguments["id"], "V2Query")


def _check_version(call: Call, first: int) -> None:
    if version_of(call) < first:
        raise not_found()


def _first_row(call: Call, job: Job) -> int:
    locator = call.one("locator")
    row = row_of(locator) if locator else 0
    if row > job.processed:
        raise bad_locator(locator)
    return row


def _page_size(sandbox: Sandbox, call: Call) -> int:
    limit, wanted = sandbox.settings.salesforce_bulk_page_size, call.one("maxRecords")
    if not wanted:
        return limit
    count = read_count(wanted)
    if not count:
        raise Refusal("INVALID_QUERY_LOCATOR", f"Invalid maxRecords: {wanted}")
    return min(count, limit)


ENDPOINTS = (
    Endpoint("POST", _JOBS, create),
    Endpoint("GET", _JOBS, list_all),
    Endpoint("GET", f"{_JOBS}/{{id}}", tell),
    Endpoint("PATCH", f"{_JOBS}/{{id}}", change),
    Endpoint("DELETE", f"{_JOBS}/{{id}}", delete),
    Endpoint("GET", f"{_JOBS}/{{id}}/results", read_results),
    Endpoint("GET", f"{_JOBS}/{{id}}/resultPages", list_pages),
)
