"""Bulk jobs as they are kept: those of Bulk API 2.0, for queries and ingest, and of the older API.

Source: Bulk API 2.0 and Bulk API Developer Guide; a job is there for seven days.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Literal

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.bulk.files import remove_files
from connectors.sandbox.salesforce.bulk.kept import Kept, Table
from connectors.sandbox.salesforce.errors import Refusal, not_found
from connectors.sandbox.salesforce.ids import full_id, new_id
from connectors.sandbox.salesforce.times import moment_of, stamp
from connectors.sandbox.store import Store

JobType = Literal["V2Query", "V2Ingest", "Classic"]
KEPT_FOR = timedelta(days=7)
WAITING = frozenset({"UploadComplete", "InProgress"})
ENDED = frozenset({"JobComplete", "Failed", "Aborted"})


@dataclass(frozen=True)
class Job(Kept):
    """One job."""

    type: JobType
    operation: str
    object: str
    state: str
    api_version: float
    content_type: str = "CSV"
    column_delimiter: str = "COMMA"
    line_ending: str = "LF"
    concurrency: str = "Parallel"
    query: str = ""
    external_id_field: str = ""
    assignment_rule: str = ""
    chunk_size: int = 0
    """Rows of a chunk by primary key, which only the older API offers; 0 for no chunks."""
    has_data: bool = False
    """Whether an upload has come, as a whole."""
    error: str = ""
    polls: int = 0
    """How many times somebody asked since there was something to do."""
    processed: int = 0
    failed: int = 0
    retries: int = 0

    @property
    def is_waiting(self) -> bool:
        """Whether there is work to do on it."""
        return self.state in WAITING

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ENDED


JOBS = Table("salesforce_bulk_jobs", Job)


def create_tables(store: Store) -> None:
    """Create the table of jobs."""
    JOBS.create(store)


def create_job(sandbox: Sandbox, **facts: Any) -> Job:
    """Keep a new job, and remove those that are too old to be asked about."""
    _sweep(sandbox)
    now = stamp(sandbox.clock.now)
    job = Job(id=new_id(sandbox.store, "750"), created_at=now, changed_at=now, **facts)
    return JOBS.add(sandbox.store, job)


def change_job(sandbox: Sandbox, job: Job, **changes: Any) -> Job:
    """Change some facts about a job, and return it as it is then.

    Raises:
        Refusal: it has been removed.
    """
    return JOBS.change(sandbox.store, job, changed_at=stamp(sandbox.clock.now), **changes)


def find_job(sandbox: Sandbox, job_id: str, job_type: JobType) -> Job:
    """Return a job by its id of 15 or 18 characters.

    Raises:
        Refusal: there is none of this type, or it was created more than seven days ago.
    """
    found = JOBS.where(sandbox.store, "id = ? and type = ?", full_id(job_id), job_type)
    if not found or sandbox.clock.now - moment_of(found[0].created_at) > KEPT_FOR:
        raise not_found()
    return found[0]


def list_jobs(sandbox: Sandbox, types: tuple[JobType, ...], after: str, limit: int) -> list[Job]:
    """Return jobs of some types that are still there, by id, from behind a given one."""
    marks = ", ".join("?" for _ in types)
    condition = f"type in ({marks}) and created_at >= ? and id > ? order by id limit ?"
    since = stamp(sandbox.clock.now - KEPT_FOR)
    return JOBS.where(sandbox.store, condition, *types, since, after, limit)


def abort_job(sandbox: Sandbox, job: Job) -> Job:
    """Stop a job.

    Raises:
        Refusal: INVALIDJOBSTATE, when it has ended.
    """
    if job.has_ended:
        raise wrong_state(f"Aborting already {short_state(job)} Job not allowed")
    return change_job(sandbox, job, state="Aborted")


def delete_job(sandbox: Sandbox, job: Job) -> None:
    """Remove a job and its files.

    Raises:
        Refusal: INVALIDJOBSTATE, when it is open or in progress.
    """
    if not job.has_ended and job.state != "UploadComplete":
        message = f"Deleting not allowed: job {job.id} is in state {job.state}"
        raise wrong_state(message)
    _remove(sandbox, job.id)


def _sweep(sandbox: Sandbox) -> None:
    oldest = stamp(sandbox.clock.now - KEPT_FOR)
    sql = "select id from salesforce_bulk_jobs where created_at < ?"
    for row in sandbox.store.rows(sql, oldest):
        _remove(sandbox, row["id"])


def _remove(sandbox: Sandbox, job_id: str) -> None:
    store = sandbox.store
    batches = store.rows("select id from salesforce_bulk_batches where job_id = ?", job_id)
    store.run("delete from salesforce_bulk_batches where job_id = ?", job_id)
    store.run("delete from salesforce_bulk_jobs where id = ?", job_id)
    for owner in (job_id, *(row["id"] for row in batches)):
        store.run("delete from salesforce_bulk_outcomes where upload = ?", owner)
        store.on_commit(partial(remove_files, sandbox, owner))


def short_state(job: Job) -> str:
    """Return a state as messages about it write it."""
    return job.state.removeprefix("Job").replace("Complete", "Completed")


def wrong_state(message: str) -> Refusal:
    """What can't be done to a job in its state."""
    return Refusal("INVALIDJOBSTATE", message)
