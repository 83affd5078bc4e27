"""Our own writes flow back into the lake, each once."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.lake import Lake
from pipelines.receipts import append_receipts, take_back_receipts
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


@pytest.fixture
def lost(tmp_path: Path) -> StateStore:
    """The store that wrote the lake's receipts; `store` is one that lacks them."""
    return StateStore(f"sqlite:///{tmp_path / 'lost.sqlite'}")


def test_a_store_behind_its_lake_takes_back_what_it_lacks(
    store: StateStore, lake: Lake, lost: StateStore
) -> None:
    settle(lost, wrote("00Q1"))
    settle(lost, wrote("00Q2"), Receipt("00Q3", "Stage__c", None, "rejected", "LOCKED"))
    append_receipts(lost, lake)

    assert take_back_receipts(store, lake) == 3
    assert store.receipts_after(0) == lost.receipts_after(0)
    assert store.ledger(SYNC) == lost.ledger(SYNC)
    assert [
        (row["plan_id"], row["status"], row["written"], row["rejected"])
        for row in store.plan_accounts()
    ] == [(1, "restored", 1, 0), (2, "restored", 1, 1)]
    assert take_back_receipts(store, lake) == 0


def test_what_is_written_after_that_reaches_the_lake_under_numbers_of_its_own(
    store: StateStore, lake: Lake, lost: StateStore
) -> None:
    settle(lost, wrote("00Q1"))
    append_receipts(lost, lake)
    take_back_receipts(store, lake)

    settle(store, wrote("00Q2"))
    append_receipts(store, lake)

    assert [(row["receipt_id"], row["plan_id"], row["record_id"]) for row in kept(lake)] == [
        (1, 1, "00Q1"),
        (2, 2, "00Q2"),
    ]


def test_a_store_that_has_what_the_lake_has_is_left_as_it_is(store: StateStore, lake: Lake) -> None:
    settle(store, wrote("00Q1"))
    assert take_back_receipts(store, lake) == 0
    append_receipts(store, lake)
    settle(store, wrote("00Q2"))

    assert take_back_receipts(store, lake) == 0
    assert len(store.receipts_after(0)) == 2
