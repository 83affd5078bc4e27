"""The older Bulk API over HTTP: /services/async/XX.0/job.

Source: Bulk API Developer Guide.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.bulk.classic.batches import (
    Batch,
    batches_of,
    find_batch,
    request_of,
    result_of,
)
from connectors.sandbox.salesforce.bulk.classic.creation import (
    QUERIES,
    add_batch,
    change_state,
    create_classic_job,
)
from connectors.sandbox.salesforce.bulk.classic.markup import (
    JSON,
    NAMESPACE,
    PROLOGUE,
    XML,
    answered,
    asks_json,
    element,
    read_body,
)
from connectors.sandbox.salesforce.bulk.classic.views import batch_info, job_info
from connectors.sandbox.salesforce.bulk.classic.work import asked_about, work_off
from connectors.sandbox.salesforce.bulk.classic.written import written_results
from connectors.sandbox.salesforce.bulk.jobs import Job, find_job
from connectors.sandbox.salesforce.bulk.progress import is_due
from connectors.sandbox.salesforce.counts import read_count
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.reading.discovery import VERSIONS
from connectors.sandbox.web import Answer, Call, Endpoint, FilePart

_JOB = "/services/async/{version}/job"
_BATCH = f"{_JOB}/{{id}}/batch"
_VERSION = re.compile(r"(\d+)\.0")
_TYPES = {"CSV": "text/csv;charset=UTF-8", "JSON": JSON, "XML": XML}


def create(sandbox: Sandbox, call: Call) -> Answer:
    """POST job."""
    chunking = call.headers.get("sforce-enable-pkchunking", "")
    job = create_classic_job(sandbox, read_body(call), _version(call), chunking)
    return _job_answer(job, [], call, 201)


def tell(sandbox: Sandbox, call: Call) -> Answer:
    """GET job/ID: the batches get on by being asked about."""
    job = _job(sandbox, call)
    batches = batches_of(sandbox, job)
    return _after_work(sandbox, job, batches, lambda: _told(sandbox, job, call))


def change(sandbox: Sandbox, call: Call) -> Answer:
    """POST job/ID: closes or aborts it."""
    job = change_state(sandbox, _job(sandbox, call), read_body(call).get("state"))
    return _told(sandbox, job, call)


def add(sandbox: Sandbox, call: Call) -> Answer:
    """POST job/ID/batch."""
    job = _job(sandbox, call)
    batch = add_batch(sandbox, job, call.body)
    made = _batch_answer(batch, job, 201)
    if not is_due(sandbox, batch):
        return made

    def finish() -> Answer:
        work_off(sandbox, job, [batch])
        return made

    return Answer(201, b"", later=finish)


def list_all(sandbox: Sandbox, call: Call) -> Answer:
    """GET job/ID/batch: all batches get on."""
    job = _job(sandbox, call)
    return _after_work(sandbox, job, batches_of(sandbox, job), lambda: _listed(sandbox, job))


def tell_batch(sandbox: Sandbox, call: Call) -> Answer:
    """GET job/ID/batch/BATCH: it gets on by being asked about."""
    job = _job(sandbox, call)
    batch = find_batch(sandbox, job, call.arguments["batch"])

    def told() -> Answer:
        return _batch_answer(find_batch(sandbox, job, batch.id), job)

    return _after_work(sandbox, job, [batch], told)


def read_request(sandbox: Sandbox, call: Call) -> Answer:
    """GET job/ID/batch/BATCH/request: the data as they were sent."""
    job = _job(sandbox, call)
    batch = find_batch(sandbox, job, call.arguments["batch"])
    return Answer(200, request_of(sandbox, batch).read_bytes(), {"Content-Type": _type(job)})


def read_result(sandbox: Sandbox, call: Call) -> Answer:
    """GET job/ID/batch/BATCH/result: a query's list of results; else what became of the rows."""
    job, batch = _completed(sandbox, call)
    if job.operation not in QUERIES:
        return _file(job, written_results(sandbox, job, batch))
    if job.content_type == "JSON":
        return Answer(200, [batch.result_id], {"Content-Type": JSON})
    listed = element("result-list", {"result": batch.result_id}, NAMESPACE)
    return Answer(200, f"{PROLOGUE}{listed}", {"Content-Type": XML})


def read_query_result(sandbox: Sandbox, call: Call) -> Answer:
    """GET job/ID/batch/BATCH/result/RESULT: the records that a query found."""
    job, batch = _completed(sandbox, call)
    if call.arguments["result"] != batch.result_id:
        raise Refusal("InvalidBatch", f"Unable to find result: {call.arguments['result']}")
    return _file(job, result_of(sandbox, batch))


def _after_work(
    sandbox: Sandbox, job: Job, batches: Sequence[Batch], told: Callable[[], Answer]
) -> Answer:
    due = asked_about(sandbox, batches)
    if not due:
        return told()

    def finish() -> Answer:
        work_off(sandbox, job, due)
        with sandbox.store.transaction():
            return told()

    return Answer(200, b"", later=finish)


def _completed(sandbox: Sandbox, call: Call) -> tuple[Job, Batch]:
    job = _job(sandbox, call)
    batch = find_batch(sandbox, job, call.arguments["batch"])
    if batch.state == "Failed":
        raise Refusal("InvalidBatch", "Records not processed")
    if batch.state != "Completed":
        raise Refusal("InvalidBatch", "Batch not completed")
    return job, batch


def _file(job: Job, path: Path) -> Answer:
    part = FilePart(path, 0, path.stat().st_size)
    return Answer(200, part, {"Content-Type": _type(job)})


def _type(job: Job) -> str:
    return _TYPES[job.content_type]


def _told(sandbox: Sandbox, job: Job, call: Call) -> Answer:
    return _job_answer(job, batches_of(sandbox, job), call)


def _job_answer(job: Job, batches: Sequence[Batch], call: Call, status: int = 200) -> Answer:
    as_json = asks_json(call)
    return answered("jobInfo", job_info(job, batches, as_json), as_json, status)


def _batch_answer(batch: Batch, job: Job, status: int = 200) -> Answer:
    as_json = job.content_type == "JSON"
    return answered("batchInfo", batch_info(batch, as_json), as_json, status)


def _listed(sandbox: Sandbox, job: Job) -> Answer:
    as_json = job.content_type == "JSON"
    listed = [batch_info(batch, as_json) for batch in batches_of(sandbox, job)]
    return answered("batchInfoList", {"batchInfo": listed}, as_json)


def _job(sandbox: Sandbox, call: Call) -> Job:
    _version(call)
    try:
        return find_job(sandbox, call.arguments["id"], "Classic")
    except Refusal:
        raise Refusal("InvalidJob", f"Unable to find job: {call.arguments['id']}") from None


def _version(call: Call) -> float:
    """Return the version that the path names.

    Raises:
        Refusal: InvalidVersion, when it is one that Salesforce no longer serves or not yet.
    """
    found = _VERSION.fullmatch(call.arguments["version"])
    number = None if found is None else read_count(found.group(1), VERSIONS[-1])
    if number is None or number not in VERSIONS:
        raise Refusal("InvalidVersion", f"Api version not supported: {call.arguments['version']}")
    return float(number)


ENDPOINTS = (
    Endpoint("POST", _JOB, create),
    Endpoint("GET", f"{_JOB}/{{id}}", tell),
    Endpoint("POST", f"{_JOB}/{{id}}", change),
    Endpoint("GET", _BATCH, list_all),
    Endpoint("POST", _BATCH, add, "write"),
    Endpoint("GET", f"{_BATCH}/{{batch}}", tell_batch),
    Endpoint("GET", f"{_BATCH}/{{batch}}/request", read_request),
    Endpoint("GET", f"{_BATCH}/{{batch}}/result", read_result),
    Endpoint("GET", f"{_BATCH}/{{batch}}/result/{{result}}", read_query_result),
)
