"""Batches of the older Bulk API as they are kept.

Source: Bulk API Developer Guide, "BatchInfo".
"""

from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.bulk.jobs import Job, files_folder
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.ids import full_id, new_id
from connectors.sandbox.salesforce.times import stamp
from connectors.sandbox.store import Store

WAITING = frozenset({"Queued", "InProgress"})


@dataclass(frozen=True)
class Batch:
    """One batch: a query, or rows to be written."""

    id: str
    job_id: str
    created_at: str
    changed_at: str
    state: str = "Queued"
    message: str = ""
    query: str = ""
    first_id: str = ""
    """Where a chunk by primary key starts; `end_id` is the first one behind it."""
    end_id: str = ""
    result_id: str = ""
    polls: int = 0
    processed: int = 0
    failed: int = 0

    @property
    def is_waiting(self) -> bool:
        """Whether there is work to do on it."""
        return self.state in WAITING


def create_tables(store: Store) -> None:
    """Create the table of batches."""
    columns = ", ".join(f"{known.name} not null" for known in fields(Batch))
    store.create_tables(
        f"create table if not exists salesforce_bulk_batches ({columns}, primary key (id));"
        "create index if not exists salesforce_bulk_batches_of on salesforce_bulk_batches (job_id);"
    )


def create_batch(sandbox: Sandbox, job: Job, **facts: Any) -> Batch:
    """Keep a new batch of a job."""
    now = stamp(sandbox.clock.now)
    batch = Batch(
        id=new_id(sandbox.store, "751"),
        job_id=job.id,
        created_at=now,
        changed_at=now,
        result_id=new_id(sandbox.store, "752"),
        **facts,
    )
    return keep_batch(sandbox, batch)


def keep_batch(sandbox: Sandbox, batch: Batch, **changes: Any) -> Batch:
    """Keep a batch, with some of it changed, and return it."""
    batch = replace(batch, changed_at=stamp(sandbox.clock.now), **changes)
    marks = ", ".join("?" for _ in fields(Batch))
    sql = f"insert or replace into salesforce_bulk_batches values ({marks})"  # noqa: S608 - only marks
    sandbox.store.run(sql, *asdict(batch).values())
    return batch


def find_batch(sandbox: Sandbox, job: Job, batch_id: str) -> Batch:
    """Return a batch of a job.

    Raises:
        Refusal: InvalidBatch.
    """
    for batch in batches_of(sandbox, job):
        if batch.id == full_id(batch_id):
            return batch
    raise Refusal("InvalidBatch", f"Unable to find batch: {batch_id}")


def batches_of(sandbox: Sandbox, job: Job) -> list[Batch]:
    """Return the batches of a job, in the order they were added."""
    sql = "select * from salesforce_bulk_batches where job_id = ? order by id"
    return [Batch(**dict(row)) for row in sandbox.store.rows(sql, job.id)]


def request_of(sandbox: Sandbox, batch: Batch) -> Path:
    """Return where the rows of a batch are, as they were sent."""
    return files_folder(sandbox) / f"{batch.id}.request"


def result_of(sandbox: Sandbox, batch: Batch) -> Path:
    """Return where the result of a batch is, or is going to be."""
    return files_folder(sandbox) / f"{batch.id}.result"
