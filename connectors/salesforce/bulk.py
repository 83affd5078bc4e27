"""The road by Bulk API 2.0: a job that finds everything, and its result."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

import pyarrow as pa

from connectors.errors import UnreadableAnswerError
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.jobs import JOBS, await_job, create_job, remove_job
from connectors.salesforce.results import Piece, ResultReader, Spot
from connectors.salesforce.tables import from_cells
from connectors.salesforce.wanted import Portion, Wanted
from connectors.values import parse

_PORTION_BYTES = 1 << 23
"""Cells that are typed at once."""


@dataclass(frozen=True)
class JobPlace:
    """Where the reading of a job's result has come, so that a later run can go on."""

    job: str
    created: str
    """Salesforce's time when the job was made, as it wrote it."""
    spot: Spot

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
            return JobPlace(kept["job"], kept["created"], Spot(**kept["spot"]))
        except (ValueError, KeyError, TypeError):
            return None


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
        job = create_job(self._client, self._wanted.query().where(*conditions))
        return JobPlace(job.id, job.created_date, Spot())

    def read(self, start: JobPlace, read_at: datetime) -> Iterator[Portion]:
        """Yield the rows behind a place, then remove the job.

        Args:
            start: Where to begin.
            read_at: When Salesforce was asked for what the job finds (UTC).

        Raises:
            JobFailedError: as `await_job`.
            NotFoundError: the job is removed by somebody else meanwhile.
            JobLostError, UnreadableAnswerError: as `ResultReader.read`.
        """
        job = await_job(self._client, start.job)
        names = self._wanted.query().fields
        reader = ResultReader(self._client, start.job, names)
        pieces: list[Piece] = []
        rows = size = 0
        for piece in reader.read(start.spot, job.number_records_processed):
            pieces.append(piece)
            rows, size = rows + piece.rows.num_rows, size + piece.rows.nbytes
            if rows >= self._portion_rows or size >= _PORTION_BYTES:
                yield self._portion(start, pieces, read_at)
                pieces, rows, size = [], 0, 0
        if pieces:
            yield self._portion(start, pieces, read_at)
        remove_job(self._client, start.job)

    def _portion(self, start: JobPlace, pieces: list[Piece], read_at: datetime) -> Portion:
        cells = pa.Table.from_batches([piece.rows for piece in pieces])
        place = JobPlace(start.job, start.created, pieces[-1].spot)
        table = from_cells(self._wanted.fields, self._wanted.stamp, cells)
        return Portion(table, read_at, place.to_json())
