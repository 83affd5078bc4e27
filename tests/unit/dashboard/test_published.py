"""Reading what is published: whole snapshots, and plain words when there is none."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.published import (
    BrokenPointerError,
    NothingPublishedError,
    Snapshot,
    TableNotPublishedError,
    UnreadableTableError,
    open_snapshot,
    read_counts,
    read_rows,
    read_rows_of,
    read_top_rows,
    version_of,
)
from dashboard.rows import PersonScore, SetAsideCount, StageStock, Standing, SyncPlan
from tests.unit.dashboard.published_builder import publish
from tests.unit.dashboard.usual_tables import plan, usual_people, usual_stocks

STOCKS = "marts.stage_stocks"


def test_a_snapshot_knows_its_name_its_time_and_a_file_per_table(tmp_path: Path) -> None:
    pointer = {"snapshot": "7", "as_of": "2026-11-22T03:00:00Z", "tables": {"a.b": "7/a.parquet"}}
    (tmp_path / "CURRENT.json").write_text(json.dumps(pointer))

    assert open_snapshot(tmp_path) == Snapshot(
        "7", datetime(2026, 11, 22, 3, tzinfo=UTC), {"a.b": tmp_path / "7/a.parquet"}
    )


def test_rows_come_back_as_they_were_published(tmp_path: Path) -> None:
    snapshot = open_snapshot(publish(tmp_path))

    assert read_rows(snapshot, STOCKS, StageStock) == usual_stocks()


def test_an_empty_table_has_no_rows(tmp_path: Path) -> None:
    snapshot = open_snapshot(publish(tmp_path, {STOCKS: []}))

    assert read_rows(snapshot, STOCKS, StageStock) == []


def test_a_page_run_keeps_its_snapshot_while_a_publish_switches(tmp_path: Path) -> None:
    before = open_snapshot(publish(tmp_path, snapshot="000001"))
    publish(tmp_path, {STOCKS: []}, snapshot="000002")

    assert read_rows(before, STOCKS, StageStock) == usual_stocks()
    assert open_snapshot(tmp_path).name == "000002"


def test_the_greatest_rows_come_first_and_ties_by_the_second_column(tmp_path: Path) -> None:
    snapshot = open_snapshot(publish(tmp_path))
    scores, _ = usual_people()

    top = read_top_rows(
        snapshot, "marts.person_scores", PersonScore, by="fit", then="person_id", count=5
    )

    assert top == sorted(scores, key=lambda row: (-row.fit, row.person_id))[:5]


def test_asking_for_more_top_rows_than_there_are_gives_all(tmp_path: Path) -> None:
    scores, _ = usual_people(2)
    snapshot = open_snapshot(publish(tmp_path, {"marts.person_scores": scores}))

    top = read_top_rows(
        snapshot, "marts.person_scores", PersonScore, by="score", then="person_id", count=20
    )

    assert top == scores


def test_rows_of_given_people_alone_are_read(tmp_path: Path) -> None:
    snapshot = open_snapshot(publish(tmp_path))
    _, standings = usual_people()

    rows = read_rows_of(
        snapshot, "marts.person_lifecycles", Standing, "person_id", ["p_0001", "p_9999"]
    )

    assert rows == [standings[1]]


def test_rows_alike_in_the_columns_asked_for_are_counted(tmp_path: Path) -> None:
    snapshot = open_snapshot(publish(tmp_path))
    counts = read_counts(snapshot, "marts.set_aside", SetAsideCount)

    assert sorted(counts, key=lambda count: count.n) == [
        SetAsideCount("salesforce", "event", "impossible_date", 4),
        SetAsideCount("hubspot", "form_submission", "submission_without_contact", 17),
        SetAsideCount("salesforce", "campaign_member", "member_without_person", 1203),
    ]


def test_an_empty_table_has_nothing_to_count(tmp_path: Path) -> None:
    snapshot = open_snapshot(publish(tmp_path, {"marts.set_aside": []}))

    assert read_counts(snapshot, "marts.set_aside", SetAsideCount) == []


def test_plans_are_read_from_beside_the_snapshots(tmp_path: Path) -> None:
    waiting = plan(1, "hubspot", "contacts", "waiting")
    snapshot = open_snapshot(publish(tmp_path, {"state.plans": [waiting]}))

    assert snapshot.files == {"state.plans": tmp_path / "state/plans.parquet"}
    assert read_rows(snapshot, "state.plans", SyncPlan) == [waiting]


@pytest.mark.parametrize("table", [STOCKS, "state.plans"])
def test_the_version_changes_with_every_publish_and_not_between(tmp_path: Path, table: str) -> None:
    versions = {version_of(tmp_path)}
    publish(tmp_path, {table: []})
    versions |= {version_of(tmp_path), version_of(tmp_path)}
    publish(tmp_path, {table: []})

    assert len(versions | {version_of(tmp_path)}) == 3


def test_an_empty_folder_says_that_nothing_is_published_yet(tmp_path: Path) -> None:
    with pytest.raises(NothingPublishedError, match="first run of the pipeline"):
        open_snapshot(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"snapshot": "7", "tables": {}}', "\udcff"])
def test_a_pointer_that_is_not_a_publish_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "CURRENT.json").write_bytes(text.encode(errors="surrogateescape"))

    with pytest.raises(BrokenPointerError, match=r"CURRENT\.json"):
        open_snapshot(tmp_path)


def test_a_table_outside_the_snapshot_is_named(tmp_path: Path) -> None:
    snapshot = open_snapshot(publish(tmp_path, {}))

    with pytest.raises(TableNotPublishedError, match=r"000012 has no table `marts\.stage_stocks`"):
        read_rows(snapshot, STOCKS, StageStock)


def test_a_missing_file_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    snapshot = open_snapshot(publish(tmp_path))

    snapshot.files[STOCKS].write_bytes(b"not parquet")
    with pytest.raises(UnreadableTableError, match="its file is damaged"):
        read_rows(snapshot, STOCKS, StageStock)
    snapshot.files[STOCKS].unlink()
    with pytest.raises(UnreadableTableError, match="its file is missing"):
        read_rows(snapshot, STOCKS, StageStock)


@dataclass(frozen=True)
class WiderStock:
    stage_key: str
    owner: str
    region: str


def test_lacking_columns_are_named(tmp_path: Path) -> None:
    snapshot = open_snapshot(publish(tmp_path))

    with pytest.raises(UnreadableTableError, match="no column owner, region"):
        read_rows(snapshot, STOCKS, WiderStock)
