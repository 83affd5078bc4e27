"""Every stream of both CRMs against what the sandbox says it holds, over HTTP."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from connectors.arrow import build_table
from connectors.hubspot.streams import OBJECTS
from connectors.interfaces import Source
from connectors.records import ARROW_TYPES, RECORD_COLUMNS, Batch, Cursor, Field, Stream
from tests.contract.cases import Connection, hubspot, hubspot_by_date, salesforce
from tests.contract.conftest import Sandbox

NOT_HERE = {"currency_types"}
"""Streams that the sandbox's org, which has one currency, lacks."""

MOST_REQUESTS = {"pipelines": 3, "form_submissions": 7}
"""Of what can only be asked for object by object, or form by form."""

EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Reading:
    """A first read of every stream, and what the CRM held then."""

    source: Source
    tables: dict[str, pa.Table]
    held: dict[str, Any]

    def states(self, stream: str) -> Counter[bool]:
        """Count the stream's rows that are deleted and those that are not."""
        return Counter(self.tables[stream]["_is_deleted"].to_pylist())


def streams_of(source: Source) -> list[Stream]:
    return [stream for stream in source.streams() if stream.name not in NOT_HERE]


def read_everything(source: Source, held: dict[str, Any]) -> Reading:
    tables: dict[str, list[pa.Table]] = {}
    for stream in streams_of(source):
        fields = source.fields(stream)
        for name, columns in {stream.name: fields, **stream.details}.items():
            tables[name] = [build_table(columns, ())]
        for batch in (*source.read(stream, fields, None), *removed(source, stream, fields)):
            for name, table in batch.tables.items():
                tables[name].append(table)
    joined = {name: pa.concat_tables(parts) for name, parts in tables.items()}
    return Reading(source, joined, held)


def removed(source: Source, stream: Stream, fields: Sequence[Field]) -> Iterator[Batch]:
    """Read what a first read of HubSpot does not show; Salesforce's shows it."""
    is_hubspot = source.crm == "hubspot"
    return source.deletions(stream, fields, EVER) if is_hubspot else iter(())


@pytest.fixture(scope="module", params=[salesforce, hubspot, hubspot_by_date])
def reading(sandbox: Sandbox, request: pytest.FixtureRequest) -> Reading:
    connect: Callable[[Sandbox], Connection] = request.param
    source = connect(sandbox).source
    counts = sandbox.order("counts", None, method="GET")
    return read_everything(source, counts[source.crm])


def test_every_stream_has_its_required_fields_typed(reading: Reading) -> None:
    for stream in streams_of(reading.source):
        schema = reading.tables[stream.name].schema
        assert tuple(schema.names[:3]) == RECORD_COLUMNS
        types = {name: ARROW_TYPES[kind] for name, kind in stream.required_fields.items()}
        assert {name: schema.field(name).type for name in types} == types


def test_every_value_of_the_sandbox_is_readable(reading: Reading) -> None:
    unreadable = {
        name: table["_unreadable"].drop_null().to_pylist()[:1]
        for name, table in reading.tables.items()
        if table["_unreadable"].null_count < table.num_rows
    }
    assert unreadable == {}


def test_a_first_read_gives_every_version_once(reading: Reading) -> None:
    repeated = {
        name: again
        for name, table in reading.tables.items()
        if (again := table.num_rows - len(set(table["_record_id"].to_pylist())))
    }
    assert repeated == {}


def test_what_is_read_is_what_the_crm_holds(reading: Reading) -> None:
    objects = {s.name: s.object_name for s in streams_of(reading.source)}
    read = {
        object_name: [reading.states(name)[False], reading.states(name)[True]]
        for name, object_name in objects.items()
        if isinstance(reading.held.get(object_name), dict)
    }
    assert read
    assert read == {name: list(reading.held[name].values()) for name in read}


def test_details_belong_to_records_that_were_read(reading: Reading) -> None:
    for stream in streams_of(reading.source):
        stamps = _stamps(reading.tables[stream.name])
        for name in stream.details:
            owners = reading.tables[name].column(owner_column(name)).to_pylist()
            assert set(owners) <= set(stamps), name


def owner_column(detail: str) -> str:
    """Return where a detail names its record."""
    singular, _, kind = detail.rpartition("_")
    return f"{singular}_id" if kind == "histories" else "from_id"


def test_every_living_record_has_a_row_for_each_far_object(reading: Reading) -> None:
    for known in OBJECTS.values() if reading.source.crm == "hubspot" else ():
        records = reading.tables[known.name].select(["_record_id", "_is_deleted"]).to_pylist()
        living = {row["_record_id"] for row in records if not row["_is_deleted"]}
        expected = {f"{known.name}:{n}:{to}" for n in living for to in known.associated}
        found = reading.tables.get(known.association_stream)
        assert (set(found["_record_id"].to_pylist()) if found else set()) == expected, known.name


def _stamps(table: pa.Table) -> dict[str, Any]:
    ids, stamps = (table[name].to_pylist() for name in ("_record_id", "_modified_at"))
    return dict(zip(ids, stamps, strict=True))


def test_an_increment_without_changes_costs_a_request_or_two(
    reading: Reading, sandbox: Sandbox
) -> None:
    sandbox.order("clock", {"advance_seconds": 3600})
    now = Cursor(reading.source.clock())
    costs = {s.name: _cost(reading.source, s, now) for s in streams_of(reading.source)}
    assert {n: cost for n, cost in costs.items() if cost > most_requests(reading, n)} == {}


def most_requests(reading: Reading, name: str) -> int:
    """Return what nothing new may cost: a query or a search for objects, two for other lists."""
    is_object = reading.source.crm == "salesforce" or name in OBJECTS
    return 1 if is_object else MOST_REQUESTS.get(name, 2)


def _cost(source: Source, stream: Stream, cursor: Cursor) -> int:
    fields = source.fields(stream)
    before = replace(source.calls)
    list(source.read(stream, fields, cursor))
    spent = source.calls.since(before)
    return spent.read - spent.retried
