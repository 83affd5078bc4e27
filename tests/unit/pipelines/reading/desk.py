"""A CRM of contacts, a lake and marks: what a test of reading needs, and its words for it."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pyarrow.parquet as pq

from connectors.arrow import Row
from connectors.records import Field, Stream
from pipelines.lake import Lake
from pipelines.reading.extraction import Extraction, Orders, Report
from pipelines.reading.marks import Marks
from pipelines.reading.results import StreamResult
from pipelines.reading.rules import Every, ExtractRules
from pipelines.reading.stream import StreamReading, extract_stream
from pipelines.sync.store import StateStore
from tests.unit.pipelines.builders import AS_OF, silent, utc
from tests.unit.pipelines.fake_source import FakeSource, Version

NOW = utc("2026-11-22")
HOUR = timedelta(hours=1)
CONTACTS = Stream(
    "hubspot",
    "contacts",
    "contacts",
    {"email": "string", "jobtitle": "string"},
    {
        "contact_histories": (Field("contact_id", "string"), Field("value", "string")),
        "contact_associations": (Field("from_id", "string"), Field("associations", "string")),
    },
    details_keep_states=frozenset({"contact_associations"}),
    blank_states={"contact_associations": {"associations": "[]"}},
)
NEVER = Every(**dict.fromkeys(Every.model_fields, 525_600))


def contact(record_id: str, day: int = 20, *, company: str = "acme", **values: object) -> Version:
    """Return a contact as it was on a day of November, with a history row and an association."""
    at = utc(f"2026-11-{day:02}")
    step = Row(f"{record_id}:{day}", at, False, {"contact_id": record_id, "value": f"day {day}"})
    pair = {"from_id": record_id, "associations": company}
    held = {"email": f"{record_id}@example.com", **values}
    details = {
        "contact_histories": (step,),
        "contact_associations": (Row(f"contacts:{record_id}:companies", at, False, pair),),
    }
    return Version(record_id, at, held, details=details)


@dataclass
class Desk:
    """Reads `source` into `lake`; the clock is the source's."""

    lake: Lake
    store: StateStore
    source: FakeSource = field(default_factory=lambda: FakeSource(CONTACTS, clock=NOW))
    every: Every = NEVER
    stream: Stream = CONTACTS
    results: list[StreamResult] = field(default_factory=list)

    def run(self, orders: Orders | None = None, report: Report = silent) -> Extraction:
        """Begin a reading."""
        return Extraction(
            self.source,
            self.lake,
            Marks(self.store.engine, self.source.crm),
            ExtractRules(every=self.every),
            self.source.clock(),
            AS_OF,
            orders=orders or Orders(),
            report=report,
        )

    def read(self, orders: Orders | None = None, **every: int) -> StreamResult:
        """Read the stream, duties due as named; return its result."""
        self.source.asked.clear()
        self.every = replace_every(**every)
        self.results = extract_stream(self.run(orders), self.stream)
        return self.results[0]

    def audit(self, *, deep: bool = False, gone: bool = False) -> StreamResult:
        """Compare the stream with the CRM."""
        self.source.asked.clear()
        return StreamReading(self.run(), self.stream).audit(deep=deep, confirmed=gone)[0]

    def anew(self, lake: Lake) -> "Desk":
        """Return a desk at the same CRM with an empty lake and no marks."""
        self.lose_marks()
        return Desk(lake, self.store, self.source)

    def later(self, hours: int = 2) -> None:
        """Let time pass in the CRM."""
        self.source.now += hours * HOUR

    def put(self, *versions: Version) -> None:
        """Change records in the CRM."""
        self.source.put(*versions)

    def asked(self, name: str) -> list[object]:
        """Return what a method of the source was asked in the last reading."""
        return [what for method, what in self.source.asked if method == name]

    def ids(self, stream: str = "contacts") -> list[str]:
        """Return the ids of the rows kept, in the order of loads."""
        return [str(row["_record_id"]) for row in self.rows(stream)]

    def rows(self, stream: str = "contacts") -> list[dict[str, object]]:
        """Return the rows kept, in the order of loads."""
        paths = self.lake.paths(self.stream.crm, stream)
        return [row for path in paths for row in pq.read_table(path).to_pylist()]

    def current(self, *columns: str) -> dict[str, tuple[object, ...]]:
        """Return these columns of the living records, by id."""
        table = self.lake.current(self.stream.crm, self.stream.name, columns)
        rows = [row for row in table.to_pylist() if not row["_is_deleted"]]
        return {row["_record_id"]: tuple(row.get(name) for name in columns) for row in rows}

    def stamps(self) -> dict[str, datetime]:
        """Return the stamps of the latest versions, deleted ones too."""
        table = self.lake.current(self.stream.crm, self.stream.name)
        return {row["_record_id"]: row["_modified_at"] for row in table.to_pylist()}

    def lose_marks(self, *names: str) -> None:
        """Let the state store forget; all marks, if none is named."""
        marks = Marks(self.store.engine, self.stream.crm)
        for name in names or [name for _, name in list(marks._kept)]:
            marks.forget(self.stream.name, name)


def replace_every(**every: int) -> Every:
    """Return intervals in minutes; those not named are never over."""
    return NEVER.model_copy(update=every)


def whole_stream(**changes: object) -> Stream:
    """Return the contacts' stream, changed."""
    return replace(CONTACTS, **changes)  # type: ignore[arg-type]
