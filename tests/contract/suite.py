"""What every CRM connector must do. A connector gets the whole suite for one line."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

import pyarrow as pa
import pytest

from connectors.changes import ProvisionResult, RecordChange
from connectors.errors import AuthError, UnreadableAnswerError
from connectors.records import Batch, Cursor, Stream
from tests.contract.cases import WRONG_SECRET, Case, Connection
from tests.contract.conftest import Sandbox

SINCE = datetime(2026, 6, 1, 8, 30, tzinfo=UTC)


def contract_suite(case: Case) -> type:
    """Return the suite for one connector."""
    return type("Suite", (ConnectorContract,), {"case": case, "__test__": True})


class ConnectorContract:
    """The suite."""

    __test__ = False
    case: ClassVar[Case]

    @pytest.fixture
    def crm(self, clean_sandbox: Sandbox) -> Connection:
        return self.case.connect(clean_sandbox)

    @pytest.fixture
    def provisioned(self, crm: Connection) -> Connection:
        crm.destination.provision(self.case.object_name, self.case.own_fields)
        return crm

    def stream(self, crm: Connection) -> Stream:
        return next(s for s in crm.source.streams() if s.name == self.case.stream)

    def read(self, crm: Connection, cursor: Cursor | None = None) -> Iterator[Batch]:
        stream = self.stream(crm)
        return crm.source.read(stream, crm.source.fields(stream), cursor)

    def ids(self, *batches: Batch) -> list[str]:
        tables = [batch.tables[self.case.stream] for batch in batches]
        return [record_id for table in tables for record_id in table["_record_id"].to_pylist()]

    def living_ids(self, crm: Connection) -> list[str]:
        rows = pa.concat_tables([b.tables[self.case.stream] for b in self.read(crm)]).to_pylist()
        blocked = {"IsConverted": True, "_is_deleted": True}
        return [r["_record_id"] for r in rows if not any(r.get(k) is v for k, v in blocked.items())]

    def change(self, record_id: str, stage: str | None = "Lead") -> RecordChange:
        values = {self.case.stage: stage, self.case.score: Decimal("12.50"), self.case.since: SINCE}
        return RecordChange(record_id, values)

    def test_the_clock_is_the_crms(self, crm: Connection, sandbox: Sandbox) -> None:
        told = datetime.fromisoformat(sandbox.order("clock", None, method="GET")["now"])
        assert crm.source.clock() == told.replace(microsecond=0)

    def test_a_first_read_gives_every_record_once(self, crm: Connection) -> None:
        ids = self.ids(*self.read(crm))
        assert len(ids) > 20
        assert len(ids) == len(set(ids))

    def test_a_read_that_stopped_anywhere_can_be_resumed(self, crm: Connection) -> None:
        batches = list(self.read(crm))
        for stopped in range(1, len(batches)):
            kept = Cursor.from_json(batches[stopped - 1].cursor.to_json())
            resumed = self.ids(*batches[:stopped], *self.read(crm, kept))
            assert set(resumed) == set(self.ids(*batches))

    def test_a_finished_read_leaves_a_finished_cursor(self, crm: Connection) -> None:
        *_, last = self.read(crm)
        assert last.cursor.resume_after is None
        for batch in self.read(crm, last.cursor):
            assert batch.cursor.modified_at >= last.cursor.modified_at

    def test_fields_are_provisioned_once(self, provisioned: Connection) -> None:
        again = provisioned.destination.provision(self.case.object_name, self.case.own_fields)
        assert again == [ProvisionResult(own.name, "present") for own in self.case.own_fields]

    def test_what_is_written_is_held_afterwards(self, provisioned: Connection) -> None:
        ids = self.living_ids(provisioned)[:3]
        changes = [self.change(record_id) for record_id in ids]
        results = provisioned.destination.write(self.case.object_name, changes)
        assert [(result.record_id, result.state) for result in results] == [
            (record_id, "accepted") for record_id in ids
        ]
        names = list(changes[0].values)
        held = provisioned.destination.read_current(self.case.object_name, ids, names)
        assert held == {change.record_id: change.values for change in changes}

    def test_none_clears_a_field(self, provisioned: Connection) -> None:
        [record_id] = self.living_ids(provisioned)[:1]
        for stage in ("Lead", None):
            change = RecordChange(record_id, {self.case.stage: stage})
            provisioned.destination.write(self.case.object_name, [change])
        held = provisioned.destination.read_current(
            self.case.object_name, [record_id], [self.case.stage]
        )
        assert held == {record_id: {self.case.stage: None}}

    def test_what_is_written_comes_with_the_next_increment(
        self, provisioned: Connection, sandbox: Sandbox
    ) -> None:
        *_, last = self.read(provisioned)
        sandbox.order("clock", {"advance_seconds": 3600})
        [record_id] = self.living_ids(provisioned)[:1]
        provisioned.destination.write(self.case.object_name, [self.change(record_id)])
        assert record_id in self.ids(*self.read(provisioned, last.cursor))

    def test_a_bad_row_costs_no_other(self, provisioned: Connection) -> None:
        good = self.living_ids(provisioned)[:2]
        ids = [good[0], self.case.unknown_id, good[1]]
        changes = [self.change(record_id) for record_id in ids]
        results = provisioned.destination.write(self.case.object_name, changes)
        assert [(result.record_id, result.state) for result in results] == [
            (ids[0], "accepted"),
            (ids[1], "rejected"),
            (ids[2], "accepted"),
        ]
        assert results[1].code

    def test_records_that_are_gone_are_left_out(self, provisioned: Connection) -> None:
        ids = [self.case.unknown_id]
        held = provisioned.destination.read_current(self.case.object_name, ids, [self.case.stage])
        assert held == {}

    def test_reads_and_writes_are_counted_apart(self, provisioned: Connection) -> None:
        [record_id] = self.living_ids(provisioned)[:1]
        before = replace(provisioned.source.calls)
        provisioned.source.clock()
        provisioned.destination.write(self.case.object_name, [self.change(record_id)])
        after = provisioned.destination.calls
        assert (after.read - before.read, after.write - before.write) == (1, 1)

    def test_a_wrong_secret_is_refused_without_being_shown(self, sandbox: Sandbox) -> None:
        with pytest.raises(AuthError) as caught:
            self.case.connect_badly(sandbox).clock()
        assert WRONG_SECRET not in str(caught.value)

    @pytest.mark.parametrize("fault", [{"kind": "drop"}, {"status": 503}, {"status": 502}])
    def test_a_passing_fault_costs_nothing(
        self, crm: Connection, sandbox: Sandbox, fault: dict[str, Any]
    ) -> None:
        expected = self.ids(*self.read(crm))
        sandbox.order("faults", [{**fault, "skip": 1, "count": 1}])
        assert self.ids(*self.read(crm)) == expected
        assert crm.source.calls.retried >= 1

    def test_an_html_page_is_never_an_empty_one(self, crm: Connection, sandbox: Sandbox) -> None:
        sandbox.order("faults", [{"status": 200, "body": "<html>", "skip": 1, "count": 99}])
        with pytest.raises(UnreadableAnswerError):
            list(self.read(crm))
