"""The page of syncs: what waits, what ran, what was not written and what to do about it."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.rows import NotWritten, NotWrittenOfOwner, Pause, SyncRun
from dashboard.sync_runs import (
    remedy,
    success_rate,
    table_of_not_written,
    table_of_owners,
    table_of_pauses,
    table_of_runs,
    table_of_waiting,
)
from tests.unit.dashboard.published_builder import publish
from tests.unit.dashboard.usual_tables import AS_OF

LEADS = "salesforce__leads"
RUN = SyncRun(7, LEADS, "sync", AS_OF.isoformat(), "applied", "", "abc123", 100, 90, 10, 0)
WAITING = replace(
    RUN, plan_id=8, status="waiting", findings="cleared_share: 9.0%", written=None, rejected=None
)
PAUSE = Pause(LEADS, "ann", "rules are wrong", "2026-11-22T10:00:00+00:00")
ALONE = [
    ("1", "Status", "u1", "kept_human", "a person's value stands (human_wins)"),
    ("2", "Status", "u1", "kept_human", "a person's value stands (human_wins)"),
    ("3", "", None, "rejected", "STRING_TOO_LONG"),
]


def published(folder: Path) -> None:
    """Publish the usual tables, a run, a plan that waits, a pause, and three records left alone."""
    publish(folder)
    rows: dict[str, list[dict[str, Any]]] = {
        "plans": [asdict(RUN), asdict(WAITING)],
        "pauses": [asdict(PAUSE)],
        "left_alone": [
            {"sync": LEADS, "record_id": record, "field_name": field, "owner_id": owner}
            | {"state": state, "reason": reason}
            for record, field, owner, state, reason in ALONE
        ],
    }
    (folder / "state").mkdir(exist_ok=True)
    for name, found in rows.items():
        pq.write_table(pa.Table.from_pylist(found), folder / "state" / f"{name}.parquet")


@pytest.fixture
def open_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], AppTest]:
    monkeypatch.setenv("LEADCYCLE_PUBLISHED", str(tmp_path))

    def draw() -> None:
        import os
        from pathlib import Path

        from dashboard import sync_page

        sync_page.show(Path(os.environ["LEADCYCLE_PUBLISHED"]))

    def run() -> AppTest:
        page = AppTest.from_function(draw, default_timeout=30).run()
        assert list(page.exception) == []
        return page

    return run


def test_the_page_shows_what_waits_what_ran_and_what_was_not_written(
    tmp_path: Path, open_page: Callable[[], AppTest]
) -> None:
    published(tmp_path)

    page = open_page()

    assert [head.value for head in page.subheader] == [
        "Waiting for a person",
        "Runs",
        "Not written",
    ]
    waiting, pauses, runs, reasons, owners = (table.value for table in page.dataframe)
    assert list(waiting["Plan"]) == [8]
    assert list(pauses["Paused by"]) == ["ann"]
    assert list(runs["Plan"]) == [8, 7]
    assert list(reasons["Records"]) == [2, 1]
    assert list(owners["Owner (id in the CRM)"]) == ["u1", "nobody"]
    assert page.metric[0].value == "90.0%"


def test_before_the_first_sync_the_page_says_so(
    tmp_path: Path, open_page: Callable[[], AppTest]
) -> None:
    publish(tmp_path, {})

    said = [info.value for info in open_page().info]

    assert said == [
        "No plan waits, and no sync is paused.",
        "No sync has been planned yet.",
        "No sync has been planned yet.",
    ]


def test_nothing_published_is_no_error(open_page: Callable[[], AppTest]) -> None:
    assert "Nothing is published" in open_page().info[0].value


def test_a_plan_that_waits_tells_how_to_let_it_go() -> None:
    (row,) = table_of_waiting([RUN, WAITING])

    assert row["Let it go"] == 'leadcycle approve abc123 --why "..."'
    assert row["Why it waits"] == "cleared_share: 9.0%"


def test_runs_stand_with_the_latest_first() -> None:
    rows = table_of_runs([RUN, WAITING])

    assert [(row["Plan"], row["State"], row["Written"]) for row in rows] == [
        (8, "Waiting", None),
        (7, "Applied", 90),
    ]


def test_the_rate_is_of_records_sent_and_leaves_undos_out() -> None:
    undo = replace(RUN, kind="undo", written=1_000, rejected=0)

    assert success_rate([RUN, WAITING, undo]) == 0.9
    assert success_rate([WAITING]) is None
    assert success_rate([]) is None


def test_every_reason_says_what_to_do() -> None:
    rows = table_of_not_written(
        [
            NotWritten(LEADS, "rejected", "STRING_TOO_LONG", "", 1),
            NotWritten(LEADS, "kept_human", "a person's value stands (ours)", "Status", 5),
        ]
    )

    assert [(row["Records"], row["Field"]) for row in rows] == [(5, "Status"), (1, "the record")]
    assert rows[1]["What to do"] == "Lengthen the field in the CRM, or shorten the text."


@pytest.mark.parametrize("state", ["kept_human", "no_match", "deferred", "rejected"])
def test_a_reason_that_nobody_knows_is_no_dead_end(state: str) -> None:
    assert remedy(state, "SOMETHING_NEW").endswith(".")


def test_owners_stand_by_how_much_is_left_alone() -> None:
    counts = [NotWrittenOfOwner(LEADS, owner, "rejected", n) for owner, n in (("u1", 2), (None, 9))]

    assert [row["Owner (id in the CRM)"] for row in table_of_owners(counts)] == ["nobody", "u1"]


def test_a_pause_says_how_to_end_it() -> None:
    (row,) = table_of_pauses([PAUSE])

    assert row["Let it go on"] == f"leadcycle resume {LEADS}"
    assert row["Since (UTC)"] == datetime(2026, 11, 22, 10, tzinfo=UTC)
