"""The page as Streamlit runs it, without a browser."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.serve import APP
from tests.unit.dashboard.published_builder import publish
from tests.unit.dashboard.usual_tables import usual_tables

Open = Callable[[], AppTest]


@pytest.fixture
def open_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the page over tmp_path, as a reader does; no page may end in a traceback."""
    monkeypatch.setenv("LEADCYCLE_PUBLISHED", str(tmp_path))

    def run() -> AppTest:
        page = AppTest.from_file(str(APP), default_timeout=30).run()
        assert list(page.exception) == []
        return page

    return run


def words(elements: Iterable[Any]) -> list[str]:
    """The text of each element."""
    return [element.value for element in elements]


def without(table: str) -> dict[str, Sequence[Any]]:
    """The usual tables but one."""
    return {name: rows for name, rows in usual_tables().items() if name != table}


def test_the_page_says_as_of_and_snapshot(tmp_path: Path, open_page: Open) -> None:
    publish(tmp_path)

    assert words(open_page().caption)[0] == (
        "As of **22 Nov 2026 03:00 UTC** by the CRMs' clock · snapshot 000012"
    )


def test_headline_numbers_stand_per_phase(tmp_path: Path, open_page: Open) -> None:
    publish(tmp_path)

    assert [(metric.label, metric.value) for metric in open_page().metric[:4]] == [
        ("Attract · people", "2,242"),
        ("Engage · people", "998"),
        ("Close · people", "308"),
        ("Detours · people", "405"),
    ]


def test_one_switch_counts_accounts_everywhere_in_its_part(tmp_path: Path, open_page: Open) -> None:
    publish(tmp_path)
    page = open_page()
    page.segmented_control[0].set_value("Accounts").run()

    assert [(metric.label, metric.value) for metric in page.metric[:4]] == [
        ("Attract · accounts", "1,607"),
        ("Engage · accounts", "345"),
        ("Close · accounts", "149"),
        ("Detours · accounts", "15"),
    ]


def test_the_empty_bar_of_awareness_is_explained(tmp_path: Path, open_page: Open) -> None:
    publish(tmp_path)

    assert words(open_page().caption)[1].startswith("Awareness holds accounts, never people: 1,237")


def test_opportunities_are_counted_with_their_amounts(tmp_path: Path, open_page: Open) -> None:
    publish(tmp_path)
    metrics = open_page().metric[4:]

    assert [(metric.label, metric.value, metric.delta) for metric in metrics] == [
        ("Open now", "28", "6,993,014"),
        ("Won since Dec 2025", "10", "425,000"),
        ("Lost since Dec 2025", "8", "78,400"),
    ]


def test_more_months_hold_more_closed_opportunities(tmp_path: Path, open_page: Open) -> None:
    publish(tmp_path)
    page = open_page()
    page.segmented_control[1].set_value(24).run()

    assert [(metric.label, metric.value) for metric in page.metric[4:]] == [
        ("Open now", "28"),
        ("Won since Dec 2024", "11"),
        ("Lost since Dec 2024", "8"),
    ]


def test_the_velocity_note_counts_who_is_left_out(tmp_path: Path, open_page: Open) -> None:
    publish(tmp_path)
    page = open_page()
    page.multiselect[0].set_value(page.multiselect[0].value[:1]).run()

    assert words(page.caption)[3].startswith(
        "Completed moves only: 412 people still open in these stages are not in these averages."
    )


def test_choosing_no_transition_asks_for_one(tmp_path: Path, open_page: Open) -> None:
    publish(tmp_path)
    page = open_page()
    page.multiselect[0].set_value([]).run()

    assert words(page.info) == ["Choose a transition to draw its line."]


def test_before_the_first_publish_the_page_says_what_to_wait_for(open_page: Open) -> None:
    page = open_page()

    assert "after the first run of the pipeline" in page.info[0].value
    assert words(page.title) == ["Lifecycle"]


def test_a_broken_pointer_is_a_warning(tmp_path: Path, open_page: Open) -> None:
    (tmp_path / "CURRENT.json").write_text("{")

    assert "cannot be understood" in open_page().warning[0].value


def test_empty_tables_are_said_to_be_empty(tmp_path: Path, open_page: Open) -> None:
    publish(tmp_path, dict.fromkeys(usual_tables(), ()))

    assert words(open_page().info) == [
        "No stage is configured in this snapshot.",
        "Nobody has entered a stage yet.",
        "Nobody has moved from one stage to the next yet.",
        "There is no opportunity yet.",
        "Nobody has a score yet.",
        "No record is left out.",
        "Every stage value in the CRMs has a rule.",
        "No sync has been planned yet.",
    ]


def test_a_missing_file_costs_only_its_own_part(tmp_path: Path, open_page: Open) -> None:
    publish(tmp_path)
    (tmp_path / "000012/marts__velocity_monthly.parquet").unlink()
    page = open_page()

    assert [warning.split(" cannot")[0] for warning in words(page.warning)] == [
        "Table `marts.velocity_monthly` of snapshot 000012"
    ]
    assert len(page.metric) == 7


@pytest.mark.parametrize(
    "table",
    ["marts.stage_stints", "marts.opportunities", "marts.set_aside", "marts.unmapped_values"],
)
def test_a_snapshot_from_before_a_table_costs_only_its_part(
    tmp_path: Path, open_page: Open, table: str
) -> None:
    publish(tmp_path, without(table))
    page = open_page()

    assert words(page.warning) == [f"Snapshot 000012 has no table `{table}`."]
    assert "Last sync into each CRM" in words(page.subheader)


def test_a_snapshot_from_before_accounts_costs_only_the_stages(
    tmp_path: Path, open_page: Open
) -> None:
    publish(tmp_path)
    stocks = tmp_path / "000012/marts__stage_stocks.parquet"
    pq.write_table(pq.read_table(stocks).drop_columns("accounts"), stocks)
    (warning,) = words(open_page().warning)

    assert "it has no column accounts" in warning


def test_syncs_that_are_not_published_are_not_an_error(tmp_path: Path, open_page: Open) -> None:
    publish(tmp_path, without("state.plans"))
    page = open_page()

    assert words(page.info) == ["No sync has been planned yet."]
    assert list(page.warning) == []


def test_the_next_run_shows_the_next_publish(tmp_path: Path, open_page: Open) -> None:
    publish(tmp_path)
    page = open_page()
    publish(tmp_path, snapshot="000013")

    assert words(page.run().caption)[0].endswith("snapshot 000013")
