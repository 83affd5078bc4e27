"""Whatever happens, the lake's current version of a record is what the CRM held last."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pyarrow.parquet as pq
import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.lake import Lake
from pipelines.reading.extraction import Extraction
from pipelines.reading.marks import Marks
from pipelines.reading.rules import ExtractRules
from pipelines.reading.stream import extract_stream
from pipelines.sync.tables import reading_marks
from tests.unit.pipelines.builders import AS_OF, LEADS, utc
from tests.unit.pipelines.fake_source import FakeSource, Version
from tests.unit.pipelines.fakes import Killed
from tests.unit.pipelines.reading.desk import NEVER

_lakes = count()


@dataclass(frozen=True)
class Edit:
    """Somebody changes a record; `ticks` is how far the clock has moved, 0 means not at all."""

    record_id: str
    status: str
    ticks: int
    is_deleted: bool = False


@dataclass(frozen=True)
class Read:
    """We read, in pages of this size, looking back; killed before a page, or never."""

    page_size: int
    look_back: int
    killed_before_page: int | None = None


# Few records and a clock that mostly stands still, so that versions often share a stamp.
EDITS = st.builds(
    Edit,
    st.sampled_from("aab"),
    st.sampled_from("xy"),
    st.sampled_from([0, 0, 0, 1]),
    st.booleans(),
)
READS = st.builds(
    Read, st.integers(1, 3), st.integers(0, 3), st.none() | st.integers(min_value=1, max_value=3)
)
HISTORIES = st.lists(EDITS | READS, max_size=25)
CUT_OFF = [Edit("a", "x", 1), Edit("b", "x", 0), Read(1, 0, 2), Edit("a", "y", 0)]
PUT_BACK = [Edit("a", "x", 1), Read(1, 0), Edit("a", "y", 0), Read(1, 0), Edit("a", "x", 0)]


class World:
    """A CRM, its clock and a lake."""

    def __init__(self) -> None:
        self.lake = Lake(f"memory://world-{next(_lakes)}")
        self.source = FakeSource(LEADS, clock=utc("2026-11-22"))
        self.state = sa.create_engine("sqlite://")
        reading_marks.create(self.state)

    def happen(self, step: Edit | Read) -> None:
        if isinstance(step, Read):
            self.read(step)
            return
        self.source.now += timedelta(seconds=step.ticks)
        values = {"Email": f"{step.record_id}@example.com", "Status": step.status}
        self.source.put(Version(step.record_id, self.source.now, values, step.is_deleted))

    def read(self, step: Read) -> int:
        """Read and return the rows kept."""
        self.source.page_size = step.page_size
        self.source.look_back = timedelta(seconds=step.look_back)
        self.source.fails_before_page = step.killed_before_page
        try:
            results = extract_stream(self.run(), LEADS)
        except Killed:
            return 0
        return sum(result.rows_kept for result in results)

    def run(self) -> Extraction:
        """Begin a reading whose duties are never due again once they were done."""
        marks, now = Marks(self.state, "salesforce"), self.source.now
        return Extraction(self.source, self.lake, marks, ExtractRules(every=NEVER), now, AS_OF, 0)

    def catch_up(self) -> None:
        """Read twice: what changed behind a first read that was cut off comes one read later."""
        for _ in range(2):
            self.read(Read(page_size=2, look_back=0))

    def loads(self) -> list[list[dict[str, object]]]:
        paths = self.lake.paths("salesforce", "leads")
        return [pq.read_table(path, filesystem=self.lake._files.fs).to_pylist() for path in paths]

    def current(self) -> dict[object, tuple[object, object]]:
        """Return status and deletion of the greatest (_modified_at, _load_id) of each record."""
        rows = [row for load in self.loads() for row in load]
        rows.sort(key=lambda row: (row["_modified_at"], row["_load_id"]))
        return {row["_record_id"]: (row["Status"], row["_is_deleted"]) for row in rows}


@given(HISTORIES)
@example(PUT_BACK)
@example(CUT_OFF)
def test_the_greatest_version_is_always_the_last_truth_of_the_crm(
    history: list[Edit | Read],
) -> None:
    world = World()
    for step in history:
        world.happen(step)
    world.catch_up()

    truth = world.source.truth().values()
    assert world.current() == {v.record_id: (v.values["Status"], v.is_deleted) for v in truth}


@given(HISTORIES, READS)
def test_reading_again_keeps_nothing(history: list[Edit | Read], again: Read) -> None:
    world = World()
    for step in history:
        world.happen(step)
    world.catch_up()
    before = world.loads()

    assert world.read(again) == 0
    assert world.loads() == before


@given(HISTORIES)
def test_a_load_once_committed_never_changes(history: list[Edit | Read]) -> None:
    world = World()
    before: list[list[dict[str, object]]] = []
    for step in history:
        world.happen(step)
        now = world.loads()
        assert now[: len(before)] == before
        before = now
