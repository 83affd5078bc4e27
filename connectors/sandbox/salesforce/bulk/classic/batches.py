"""Batches of the older Bulk API as they are kept.

Source: Bulk API Developer Guide, "BatchInfo".
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.bulk.files import files_folder
from connectors.sandbox.salesforce.bulk.jobs import Job
from connectors.sandbox.salesforce.bulk.kept import Kept, Table
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.ids import full_id, new_id
from connectors.sandbox.salesforce.times import stamp
from connectors.sandbox.store import Store

WAITING = frozenset({"Queued", "InProgress"})


@dataclass(frozen=True)
class Batch(Kept):
    """One batch: a query, or rows to be written."""

    job_id: str
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


BATCHES = Table("salesforce_bulk_batches", Batch)


def create_tables(store: Store) -> None:
    """Create the table of batches."""
    BATCHES.create(store)
    store.create_tables(
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
    return BATCHES.add(sandbox.store, batch)


def change_batch(sandbox: Sandbox, batch: Batch, **changes: Any) -> Batch:
    """Change some facts about a batch, and return it as it is then.

    Raises:
        Refusal: its job has been removed.
    """
    return BATCHES.change(sandbox.store, batch, changed_at=stamp(sandbox.clock.now), **changes)


def find_batch(sandbox: Sandbox, job: Job, batch_id: str) -> Batch:
    """Return a batch of a job.

    Raises:
        Refusal: InvalidBatch.
    """
    known = full_id(batch_id)
    found = BATCHES.where(sandbox.store, "id = ? and job_id = ?", known, job.id)
    if not found:
        raise Refusal("InvalidBatch", f"Unable to find batch: {batch_id}")
    return found[0]


def batches_of(sandbox: Sandbox, job: Job) -> list[Batch]:
    """Return the batches of a job, in the order they were added."""
    return BATCHES.where(sandbox.store, "job_id = ? order by id", job.id)


def request_of(sandbox: Sandbox, batch: Batch) -> Path:
    """Return where the rows of a batch are, as they were sent."""
    return files_folder(sandbox) / f"{batch.id}.request"


def result_of(sandbox: Sandbox, batch: Batch) -> Path:
    """Return where the result of a batch is, or is going to be."""
    return files_folder(sandbox) / f"{batch.id}.result"
