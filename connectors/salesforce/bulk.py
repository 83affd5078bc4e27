"""The road by Bulk API 2.0: a job that finds everything, and its result."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256

import pyarrow as pa

from connectors.errors import ForbiddenError, RejectedRequestError, UnreadableAnswerError
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.jobs import (
    JOBS,
    JobFailedError,
    JobLostError,
    await_job,
    create_job,
    remove_job,
)
from connectors.salesforce.results import ResultReader, Spot
from connectors.salesforce.tables import from_cells
from connectors.salesforce.wanted import Portion, Wanted
from connectors.values import parse

_PORTION_BYTES = 6 << 20
"""What is typed and given out at once: some 9,000 rows of fifty fields. A load costs 8 ms whatever
its rows; of 200,000 Leads, 4 MB at once took 6 % more CPU, 8 MB took 20 MB more (2026-11-22)."""

NOT_GIVEN = (
    JobFailedError,
    JobLostError,
    RejectedRequestError,
    ForbiddenError,
    UnreadableAnswerError,
)
"""How Salesforce answers for a job of an earlier run that will not give its rows.

Source: Bulk API 2.0 Developer Guide, "Get Results for a Query Job": 409 with another version, 403
where the job is another user's.
"""


@dataclass(frozen=True)
class JobPlace:
    """Where the reading of a job's result has come, so that a later run can go on."""

    job: str
    created: str
    """Salesforce's time when the job was made, as it wrote it."""
    spot: Spot
    columns: str
    """Digest of the names of its columns, in their order; see `digest_of`."""

    @property
    def created_at(self) -> datetime:
        """The moment from which on changes are not sure to be in the result (UTC)."""
        moment = parse("datetime", self.created)
        if not isinstance(moment, datetime):
            raise UnreadableAnswerError("salesforce", JOBS, "a job has no createdDate")
        return moment

    def to_json(self) -> str:
        """Return it as text."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> "JobPlace | None":
        """Read what `to_json` wrote; None for anything else, such as another version's place."""
        try:
            kept = json.loads(text)
            return JobPlace(kept["job"], kept["created"], Spot(**kept["spot"]), kept["columns"])
        except (ValueError, KeyError, TypeError):
            return None


def digest_of(names: Sequence[str]) -> str:
    """Return a short text that is another for other columns; the names may take 20 kB."""
    return sha256(" ".join(names).encode()).hexdigest()[:16]


class BulkReader:
    """Reads the result of one job."""

    def __init__(self, client: SalesforceClient, wanted: Wanted, portion_rows: int) -> None:
        self._client = client
        self._wanted = wanted
        self._portion_rows = portion_rows

    def order(self, conditions: tuple[str, ...]) -> JobPlace:
        """Make a job and return the beginning of its result; raises as `create_job`.

        Nothing is sorted: Salesforce then cuts a long job into chunks by id.
        """
        query = self._wanted.query()
        job = create_job(self._client, query.where(*conditions))
        return JobPlace(job.id, job.created_date, Spot(), digest_of(query.fields))

    def read(self, start: JobPlace, read_at: datetime) -> Iterator[Portion]:
        """Yield the rows behind a place; the job stays, since the last of them are not yet kept.

        Args:
            start: Where to begin.
            read_at: When Salesforce was asked for what the job finds (UTC).

        Raises:
            JobFailedError: as `await_job`.
            NotFoundError: the job is removed by somebody else meanwhile.
            JobLostError: as `ResultReader.read`, or the job has other columns than are wanted now.
            UnreadableAnswerError: as `ResultReader.read`.
        """
        names = self._wanted.query().fields
        if start.columns != digest_of(names):
            # Some pages don't repeat the names: only the place knows whose values came.
            remove_job(self._client, start.job)
            raise JobLostError("it has other columns than are wanted now")
        job = await_job(self._client, start.job)
        reader = ResultReader(self._client, start.job, names)
        waiting: list[pa.RecordBatch] = []
        place = start
        for piece in reader.read(start.spot, job.number_records_processed):
            waiting.append(piece.rows)
            place = replace(start, spot=piece.spot)
            if self._is_full(waiting):
                yield Portion(self._typed(waiting), read_at, place.to_json())
        if waiting:
            yield Portion(self._typed(waiting), read_at, place.to_json())

    def _is_full(self, waiting: list[pa.RecordBatch]) -> bool:
        rows = sum(batch.num_rows for batch in waiting)
        size: int = sum(batch.nbytes for batch in waiting)
        return rows >= self._portion_rows or size >= _PORTION_BYTES

    def _typed(self, waiting: list[pa.RecordBatch]) -> pa.Table:
        """Return what waits, typed at once, and let go of it."""
        cells = pa.concat_batches(waiting)
        waiting.clear()
        return from_cells(self._wanted.fields, self._wanted.stamp, cells)
