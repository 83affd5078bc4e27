"""Every stream of both CRMs against what the sandbox says it holds, over HTTP."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pytest

from connectors.arrow import build_table
from connectors.interfaces import Source
from connectors.records import ARROW_TYPES, RECORD_COLUMNS, Cursor, Stream
from tests.contract.cases import Connection, hubspot, hubspot_by_date, salesforce
from tests.contract.conftest import Sandbox

OWNER_COLUMN = {"contact_histories": "contact_id", "deal_histories": "deal_id"}
"""Where a detail names its record; associations do in `from_id`."""


@dataclass(frozen=True)
class Reading:
    """A first read of every stream, and what the CRM held then."""

    source: Source
    tables: dict[str, pa.Table]
    held: dict[str, Any]

    def states(self, stream: str) -> Counter[bool]:
        """Count the stream's rows that are deleted and those that are not."""
        return Counter(self.tables[stream]["_is_deleted"].to_pylist())


def read_everything(source: Source, held: dict[str, Any]) -> Reading:
    tables: dict[str, list[pa.Table]] = {}
    for stream in source.streams():
        fields = source.fields(stream)
        for name, columns in {stream.name: fields, **stream.details}.items():
            tables[name] = [build_table(columns, ())]
        for batch in source.read(stream, fields, None):
            for name, table in batch.tables.items():
                tables[name].append(table)
    joined = {name: pa.concat_tables(parts) for name, parts in tables.items()}
    return Reading(source, joined, held)


@pytest.fixture(scope="module", params=[salesforce, hubspot, hubspot_by_date])
def reading(sandbox: Sandbox, request: pytest.FixtureRequest) -> Reading:
    connect: Callable[[Sandbox], Connection] = request.param
    source = connect(sandbox).source
    counts = sandbox.order("counts", None, method="GET")
    return read_everything(source, counts[source.crm])


def test_every_stream_has_its_required_fields_typed(reading: Reading) -> None:
    for stream in reading.source.streams():
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
    objects = {s.name: s.object_name for s in reading.source.streams()}
    read = {
        object_name: [reading.states(name)[False], reading.states(name)[True]]
        for name, object_name in objects.items()
        if isinstance(reading.held.get(object_name), dict)
    }
    assert read
    assert read == {name: list(reading.held[name].values()) for name in read}


def test_details_belong_to_records_that_were_read(reading: Reading) -> None:
    for stream in reading.source.streams():
        stamps = _stamps(reading.tables[stream.name])
        for name in stream.details:
            owners = reading.tables[name].column(OWNER_COLUMN.get(name, "from_id")).to_pylist()
            assert set(owners) <= set(stamps), name


def test_an_association_bears_its_records_stamp(reading: Reading) -> None:
    for name, table in reading.tables.items():
        if name.endswith("_associations") and table:
            stamps = _stamps(reading.tables[table["from_type"][0].as_py()])
            rows = table.select(["from_id", "_modified_at"]).to_pylist()
            assert all(stamps[row["from_id"]] == row["_modified_at"] for row in rows), name


def _stamps(table: pa.Table) -> dict[str, Any]:
    ids, stamps = (table[name].to_pylist() for name in ("_record_id", "_modified_at"))
    return dict(zip(ids, stamps, strict=True))


def test_an_increment_without_changes_costs_a_request_or_two(
    reading: Reading, sandbox: Sandbox
) -> None:
    sandbox.order("clock", {"advance_seconds": 3600})
    now = Cursor(reading.source.clock())
    most = {"salesforce": 1, "hubspot": 2}[reading.source.crm]
    costs = {s.name: _cost(reading.source, s, now) for s in reading.source.streams()}
    # Submissions can only be asked for form by form.
    costs.pop("form_submissions", None)
    assert {name: cost for name, cost in costs.items() if cost > most} == {}


def _cost(source: Source, stream: Stream, cursor: Cursor) -> int:
    fields = source.fields(stream)
    before = replace(source.calls)
    list(source.read(stream, fields, cursor))
    return source.calls.since(before).read
