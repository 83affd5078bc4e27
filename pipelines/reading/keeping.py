"""Keeps a stream's batches in the lake, and account of what came and what was new."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from connectors.arrow import build_table
from connectors.records import IS_DELETED, RECORD_ID, Batch, Cursor, Field, Stream
from connectors.tally import counting
from pipelines.lake_writer import Look
from pipelines.reading.drift import lost_marks, retired_fields
from pipelines.reading.ending import ended
from pipelines.reading.extraction import Extraction
from pipelines.reading.failing import FailedRecords
from pipelines.reading.marks import Mark, hidden, never_shown, whole
from pipelines.reading.removals import Removals
from pipelines.reading.results import Duty
from pipelines.reading.retired import RetiredFields


@dataclass
class Count:
    """What came of one stream or detail, and what of it was new."""

    read: int = 0
    kept: int = 0
    loads: int = 0
    compared: int = 0
    repeated: int = 0
    refusals: dict[str, str] = field(default_factory=dict)
    """Why rows could not be read, by the name of the stream or of a part of it."""
    paths: list[str] = field(default_factory=list)
    """Loads kept, oldest first."""

    @property
    def skipped(self) -> str:
        """Why some of it could not be read; empty where all could."""
        return "; ".join(dict.fromkeys(self.refusals.values()))


class Keeper:
    """Keeps what a reading of one stream yields.

    Attributes:
        cursor: What stands in the lake; loads beside the increments carry it on.
        counts: By name of the stream and of each of its details.
        came: Details that came whole in this run with at least one batch.
    """

    def __init__(self, run: Extraction, stream: Stream, fields: Sequence[Field]) -> None:
        self.run = run
        self.stream = stream
        self.fields = fields
        self.cursor: Cursor | None = run.lake.cursor(run.crm, stream.name)
        self.counts = {name: Count() for name in (stream.name, *stream.details)}
        self.came: set[str] = set()
        self.duties: list[Duty] = []
        self.nulls: Counter[str] = Counter()
        self.removals = Removals(run.lake, stream)
        self.failed = FailedRecords(run, stream)
        self._retired = RetiredFields(run.lake, stream, retired_fields(run, stream, fields))

    @property
    def own(self) -> Count:
        """The stream's own count, without its details'."""
        return self.counts[self.stream.name]

    @property
    def hidden(self) -> dict[str, str]:
        """What the lake has and the CRM shows no longer, with the reason, whichever run found it.

        Details that were read before, wholly or in the part that is hidden now, under their names;
        under the stream's, records of it.
        """
        marks, stream = self.run.marks, self.stream.name
        reasons: dict[str, dict[str, None]] = {}
        for name, mark in marks.hidden_of(stream).items():
            owner = stream_of(name)
            if not marks.get(stream, whole(owner)):
                reasons.setdefault(owner, {})[str(mark.noted()["why"])] = None
        return {name: "; ".join(reasons[name]) for name in self.counts if name in reasons}

    def hide(self, name: str, why: str, since: datetime | None = None) -> None:
        """Note that something is shown no longer: until it is, no reading of it is whole.

        Args:
            name: Of a detail, a part of one, or the stream, for records of it.
            why: What to tell of it.
            since: From which stamp on (UTC) it is looked for, where this is not all of it.
        """
        said = {"why": why, "since": since.isoformat()} if since else {"why": why}
        note = Mark(self.run.began, json.dumps(said))
        self.run.marks.note(self.stream.name, {hidden(name): note})

    @property
    def hidden_since(self) -> datetime | None:
        """From which stamp on (UTC) records are hidden, where these were not looked for in all."""
        mark = self.run.marks.hidden_of(self.stream.name).get(self.stream.name)
        since = mark.noted().get("since") if mark else None
        return datetime.fromisoformat(str(since)) if since else None

    def show(self, name: str) -> None:
        """Note that it is shown, or was taken for removed."""
        self.run.marks.forget(self.stream.name, hidden(name))

    def prepare(self) -> None:
        """Keep loads without rows where the stream, or a detail, has fields its loads lack.

        Models need the column from the next build on, though no record may change for weeks. A
        field that the CRM does not tell of now is noted as unread before any record is kept
        without it.
        """
        lost = lost_marks(self.run, self.stream, self.fields)
        self.run.marks.note(self.stream.name, lost)
        for name, fields in self.stream.details.items():
            self.run.append(name, build_table(fields, ()), None, "none")
        if self.cursor is not None:
            self.keep_columns()

    def keep_columns(self) -> None:
        """Keep a load without rows: the fields, and the cursor that stands."""
        self.run.append(self.stream.name, build_table(self.fields, ()), self.cursor, "none")

    def keep_all(self, batches: Iterator[Batch]) -> None:
        """Keep every version that the lake lacks."""
        with ended(batches):
            for batch in batches:
                self.keep(batch, "versions")

    def keep(self, batch: Batch, look: Look) -> None:
        """Keep details first: the parent's cursor, committed last, vouches for them."""
        self.run.check()
        self._heed(batch.skipped)
        self.failed.note(batch.failed)
        standing = batch.cursor or self.cursor
        for name in (*self.stream.details, self.stream.name):
            table = batch.tables.get(name)
            if table is None:
                continue
            if name == self.stream.name:
                self.keep_rows(table, standing, look)
            else:
                self._keep_detail(name, table, batch, look)
        if self.stream.name in batch.tables:
            self.failed.strike(batch.tables[self.stream.name], batch.failed)
        self.cursor = standing
        self.run.report(self.stream.name, self.own.read)

    def keep_rows(self, table: pa.Table, cursor: Cursor | None, look: Look) -> None:
        """Keep rows of the stream itself, removals filled and restored records lifted."""
        fitted = self.removals.fit(table, look)
        if look == "versions":
            fitted = self._retired.fill(fitted)
        self._count_nulls(fitted)
        self._append(self.stream.name, fitted, cursor, look, came=table.num_rows)

    def bury(self, record_ids: Sequence[str], at: datetime) -> int:
        """Keep a tombstone for each record that the lake has living; return how many."""
        table = self.removals.tombstones(record_ids, at)
        if table is not None:
            self._append(self.stream.name, table, self.cursor, "versions", came=0)
        return table.num_rows if table is not None else 0

    @contextmanager
    def duty(self, name: str) -> Iterator[None]:
        """Account for one reading beside the increment; one that asked nothing is not told."""
        read, kept = self._sums()
        with counting() as calls:
            yield
        now = self._sums()
        if calls.read or now != (read, kept):
            self.duties.append(Duty(name, now[0] - read, now[1] - kept, calls.read))

    def _sums(self) -> tuple[int, int]:
        counts = self.counts.values()
        return sum(count.read for count in counts), sum(count.kept for count in counts)

    def _keep_detail(self, name: str, table: pa.Table, batch: Batch, look: Look) -> None:
        if name not in map(stream_of, batch.skipped):
            self.came.add(name)
        if name in self.stream.details_keep_states:
            # In a first read, too: one that was broken off may have kept some before its cursor.
            look = "states"
        self._append(name, table, None, look, came=table.num_rows)

    def _count_nulls(self, table: pa.Table) -> None:
        """Count rows that lack what models need; a record that is removed may say nothing."""
        for needed in self.fields:
            if needed.exists and needed.name in self.stream.required_fields:
                self.nulls[needed.name] += table[needed.name].null_count

    def _heed(self, skipped: Mapping[str, str]) -> None:
        """Note what did not come with every record, before any such record is kept."""
        stream, marks = self.stream.name, self.run.marks
        owners = set(map(stream_of, skipped))
        were_whole = {owner for owner in owners if marks.get(stream, whole(owner))}
        were_whole = were_whole if self.cursor is not None else set()
        for name, why in skipped.items():
            owner = stream_of(name)
            self.counts[owner].refusals[name] = why
            if name != owner:
                self._skip_part(name, why, was_shown=owner in were_whole)
            elif owner in were_whole or name in marks.hidden_of(stream):
                self.hide(name, why)
            else:
                self.show(name)
        # Last: a run that is killed before leaves the next one to find that all was shown.
        marks.forget(stream, *map(whole, sorted(owners)))

    def _skip_part(self, name: str, why: str, *, was_shown: bool) -> None:
        """Note that a part is refused: never shown so far, or no longer.

        One that was shown may have no row: what is associated with nothing has none. Associations
        end with their part, rows of a list that is read whole begin with it.
        """
        marks, stream, lake = self.run.marks, self.stream.name, self.run.lake
        if marks.get(stream, never_shown(name)) or name in marks.hidden_of(stream):
            return
        owner, _, part = name.partition(":")
        place = {"prefix": f"{part}:"} if owner == stream else {"suffix": f":{part}"}
        if was_shown or lake.has_row(self.run.crm, owner, **place):
            self.hide(name, why)
        else:
            marks.note(stream, {never_shown(name): Mark(self.run.began)})

    def show_parts(self, owner: str) -> None:
        """Note that all of a stream or detail was asked for, so that what was refused is known."""
        marks, stream = self.run.marks, self.stream.name
        refused = self.counts[owner].refusals
        shown = [name for name in marks.parts_of(stream, owner) if name not in refused]
        marks.forget(stream, *map(hidden, shown), *map(never_shown, shown))

    def _append(
        self, name: str, table: pa.Table, cursor: Cursor | None, look: Look, came: int
    ) -> None:
        load = self.run.append(name, table, cursor, look, self.stream.blank_states.get(name))
        count, kept = self.counts[name], load.rows if load else 0
        count.read += came
        count.kept += kept
        if load is not None:
            count.loads += 1
            count.paths += [load.path] if load.rows else []
        if look == "versions":
            count.compared += came
            count.repeated += max(0, came - kept)


def stream_of(name: str) -> str:
    """Return the stream or detail that a part is of; of no part, the name itself."""
    return name.partition(":")[0]


def living(table: pa.Table) -> list[str]:
    """Return the ids of the records that are not deleted."""
    ids: list[str] = table.filter(pc.invert(table[IS_DELETED]))[RECORD_ID].to_pylist()
    return ids


def ids_of(tables: Mapping[str, pa.Table], name: str) -> set[str]:
    """Return the ids of a stream's records in a batch."""
    return set(tables[name].column(RECORD_ID).to_pylist()) if name in tables else set()
