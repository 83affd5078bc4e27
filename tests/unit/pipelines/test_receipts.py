"""Our own writes flow back into the lake, each once."""

import pyarrow.parquet as pq
import pytest

from pipelines.lake import Lake
from pipelines.receipts import append_receipts
from pipelines.sync.plan import Plan
from pipelines.sync.rows import Receipt
from pipelines.sync.store import StateStore
from tests.unit.pipelines.builders import AS_OF, sync_of
from tests.unit.pipelines.fakes import Killed

SYNC = sync_of()


def settle(store: StateStore, *receipts: Receipt) -> None:
    plan = store.keep_plan(SYNC, Plan(SYNC.name, (), 0, 0, 0, 0), AS_OF, "000001", ())
    intent = store.open_intent(plan.plan_id, [receipt.record_id for receipt in receipts])
    store.settle(SYNC, intent, plan.plan_id, AS_OF, receipts)


def wrote(record_id: str) -> Receipt:
    return Receipt(record_id, "Stage__c", "Lead", "written")


def kept(lake: Lake) -> list[dict[str, object]]:
    return [
        row
        for path in lake.paths("leadcycle", "receipts")
        for row in pq.read_table(path).to_pylist()
    ]


def test_the_stream_is_known_before_the_first_write(store: StateStore, lake: Lake) -> None:
    append_receipts(store, lake)

    (path,) = lake.paths("leadcycle", "receipts")
    assert {"record_id", "field_name", "value", "state"} <= set(pq.read_schema(path).names)
    assert kept(lake) == []


def test_a_receipt_is_kept_with_all_it_says(store: StateStore, lake: Lake) -> None:
    settle(store, Receipt("00Q1", "Stage__c", None, "rejected", "LOCKED"))

    append_receipts(store, lake)

    (row,) = kept(lake)
    ours = {"_row_hash", "_extracted_at", "_load_id"}
    assert {name: value for name, value in row.items() if name not in ours} == {
        "_record_id": "1",
        "_modified_at": AS_OF,
        "_is_deleted": False,
        "receipt_id": 1,
        "plan_id": 1,
        "crm": "salesforce",
        "object_name": "Lead",
        "record_id": "00Q1",
        "field_name": "Stage__c",
        "value": None,
        "state": "rejected",
        "code": "LOCKED",
        "as_of": AS_OF,
    }


def test_every_receipt_is_kept_once(store: StateStore, lake: Lake) -> None:
    append_receipts(store, lake)
    settle(store, wrote("a"), wrote("b"))
    append_receipts(store, lake)
    settle(store, wrote("a"))
    append_receipts(store, lake)

    assert [row["record_id"] for row in kept(lake)] == ["a", "b", "a"]


def test_without_new_receipts_nothing_is_written(store: StateStore, lake: Lake) -> None:
    settle(store, wrote("a"))
    append_receipts(store, lake)

    assert append_receipts(store, lake) is None
    assert len(lake.paths("leadcycle", "receipts")) == 1


def test_a_kill_before_the_commit_keeps_them_for_the_next_run(
    store: StateStore, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(*_: object) -> None:
        raise Killed

    settle(store, wrote("a"))
    with monkeypatch.context() as patch:
        patch.setattr(lake._files, "commit", kill)
        with pytest.raises(Killed):
            append_receipts(store, lake)

    append_receipts(store, lake)

    assert [row["record_id"] for row in kept(lake)] == ["a"]
