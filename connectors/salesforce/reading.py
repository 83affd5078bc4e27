"""What a window of an object holds, read by the road that costs fewer calls."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain

import pyarrow as pa

from connectors.arrow import build_table
from connectors.errors import NotFoundError, RejectedRequestError
from connectors.records import Road
from connectors.salesforce.bulk import BulkReader, JobPlace
from connectors.salesforce.client import ATTEMPTS, SalesforceClient
from connectors.salesforce.course import Records
from connectors.salesforce.jobs import JobFailedError, JobLostError, remove_job
from connectors.salesforce.roads import BULK, REST, choose_road
from connectors.salesforce.tables import from_records
from connectors.salesforce.wanted import Portion, Wanted
from connectors.salesforce.wide import WideReader
from connectors.salesforce.windows import TOO_LARGE, TOO_MUCH, Window


class Reading:
    """The reading of one window.

    `begin` asks for the first page, `read` gives the rows, `end` tidies up once they are kept.
    """

    def __init__(
        self, client: SalesforceClient, wanted: Wanted, window: Window, portion_rows: int
    ) -> None:
        self.road: Road | None = None
        self._first_asked: datetime | None = None
        self._done_job = ""
        self._client = client
        self._wanted = wanted
        self._window = window
        self._portion_rows = portion_rows
        self._rest = self._reader(halves_all=False)
        self._pages: Iterator[Records] = iter(())

    def begin(self) -> None:
        """Ask for the first page and choose the road by it; raises as Salesforce refuses it."""
        pages = self._rest.read()
        try:
            first = next(pages, [])
        except RejectedRequestError as refusal:
            if refusal.code not in TOO_MUCH:
                raise
            # What is too large for a page is so for a job.
            self.road = Road(REST if refusal.code == TOO_LARGE else BULK, 0)
            self._rest = self._reader(halves_all=True)
            self._pages = self._rest.read()
            return
        self._first_asked = self._rest.answered_at
        self.road = choose_road(self._rest.announced, len(first), self._rest.queries)
        self._pages = chain([first] if first else [], pages)

    def read(self) -> Iterator[Portion]:
        """Yield all rows, each of them at least once.

        A table without rows tells a place alone: that of a job which has only just been made.
        """
        if self.road is not None and self.road.name == BULK:
            self._pages = iter(())
            self._rest = self._reader(halves_all=True)
            yield from self._by_bulk()
        else:
            yield from self._by_rest(self._pages)

    def resume(self, place: JobPlace) -> Iterator[Portion]:
        """Yield the rest of a job's result.

        Raises:
            JobFailedError, JobLostError, NotFoundError: the job is no more.
        """
        self.road = Road(BULK, 0)
        yield from self._bulk().read(place, place.created_at)
        self._done_job = place.job

    def end(self) -> None:
        """Remove the job that gave the rows, if one did. Killed before, a run goes on with it."""
        if self._done_job:
            remove_job(self._client, self._done_job)

    def _by_bulk(self) -> Iterator[Portion]:
        for _ in range(ATTEMPTS):
            try:
                yield from self._by_one_job()
            except (NotFoundError, JobLostError):
                continue  # Somebody has removed the job, say: what it had is read anew.
            except (JobFailedError, RejectedRequestError):
                break
            else:
                return
        self.road = replace(self.road, name=REST) if self.road else None
        yield from self._by_rest(self._rest.read())

    def _by_one_job(self) -> Iterator[Portion]:
        """Read by a job. Without a floor it finds all that is there when it is made."""
        window, asked_at = self._window, self._first_asked
        if window.floor is not None:
            window = Window(window.floor, window.end or asked_at)
        place = self._bulk().order(window.conditions(self._wanted.stamp))
        if window.floor is None or asked_at is None:
            asked_at = place.created_at
        if window.floor is None:
            yield Portion(build_table(self._wanted.fields, ()), asked_at, place.to_json())
        yield from self._bulk().read(place, asked_at)
        self._done_job = place.job

    def _by_rest(self, pages: Iterator[Records]) -> Iterator[Portion]:
        fields, stamp = self._wanted.fields, self._wanted.stamp
        tables: list[pa.Table] = []
        for page in pages:
            tables.append(from_records(fields, stamp, page))
            if sum(table.num_rows for table in tables) >= self._portion_rows:
                yield Portion(pa.concat_tables(tables), self._rest.read_at)
                tables = []
        if tables:
            yield Portion(pa.concat_tables(tables), self._rest.read_at)

    def _reader(self, *, halves_all: bool) -> WideReader:
        wanted = self._wanted
        return WideReader(
            self._client, wanted.query(), wanted.stamp, self._window, halves_all=halves_all
        )

    def _bulk(self) -> BulkReader:
        return BulkReader(self._client, self._wanted, self._portion_rows)
