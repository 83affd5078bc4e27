"""The arithmetic of the extraction benchmark: floors, ratios, bars, and what runs add up to."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import filled
from bench.children import Reading
from bench.contacts import CONTACT_PROPERTIES, CONTACT_TYPES
from bench.figures import Figure, Target, as_table
from bench.floors import least_pages, least_seconds
from bench.launches import _choose, _count_rows
from bench.leads import LEAD_FIELDS, LEAD_TYPES
from bench.product import Extracted
from bench.usage import peak_memory


def test_a_full_read_needs_a_page_for_every_hundred_and_one_for_the_rest() -> None:
    assert [least_pages(rows, 100) for rows in (0, 1, 100, 101, 100_000)] == [0, 1, 1, 2, 1_000]


@pytest.mark.parametrize(
    ("requests", "seconds"), [(1, 0.05), (190, 0.05), (191, 10.05), (380, 10.05), (1_001, 50.05)]
)
def test_a_window_lets_a_whole_allowance_through_at_once(requests: int, seconds: float) -> None:
    assert least_seconds(requests, allowed=190, window=10.0, latency=0.05) == seconds


def test_figures_show_places_only_where_they_say_something() -> None:
    floor, most = 50.05, Target(1.05 * 50.05, is_most=True)
    table = as_table([Figure("time", "s", 51.234, floor, most)], "HubSpot", "ours")
    cells = [[*column.cells] for column in table.columns]
    assert cells == [["time"], ["s"], ["51.23"], ["50.05"], ["102%"], ["<= 52.55"], ["met"]]
    headings = [column.header for column in table.columns]
    assert headings[2:] == ["ours", "floor", "ours / floor", "target", ""]


def test_a_figure_of_nought_meets_a_bar_of_nought() -> None:
    none = Target(0, is_most=True)
    assert [Figure("refused", "", refused, target=none).is_missed for refused in (0, 1)] == [
        False,
        True,
    ]


def test_rates_are_rows_for_each_second_and_for_each_second_of_the_processor() -> None:
    done = Reading(100, 30, seconds=4.0, cpu=2.0, loaded=1, peak=2, requests=3, limited=0)
    assert (done.rows_a_second, done.rows_a_cpu_second) == (25.0, 50.0)


def test_the_benchmark_has_thirty_properties_and_fifty_fields_of_every_type() -> None:
    assert (len(set(CONTACT_PROPERTIES)), len(set(LEAD_FIELDS))) == (30, 50)
    every = {"string", "number", "bool", "date", "datetime", "list"}
    for names, types in ((CONTACT_PROPERTIES, CONTACT_TYPES), (LEAD_FIELDS, LEAD_TYPES)):
        assert (types.keys(), {*types.values()}) == ({*names}, every)


def stream(requests: int, *duties: tuple[str, int, int]) -> dict[str, Any]:
    told = [{"name": name, "requests": cost, "rows_read": rows} for name, cost, rows in duties]
    return {"requests": requests, "rows_read": 10, "duties": told}


def test_the_cost_of_a_duty_is_that_of_all_streams() -> None:
    done = Extracted(
        1.0,
        {
            "salesforce leads": stream(2, ("audit", 1, 0), ("settled", 1, 7)),
            "hubspot contacts": stream(5, ("audit", 3, 2)),
            "hubspot form_submissions": stream(9),
        },
    )
    assert [*done.duties()] == [("audit", 4, 2), ("settled", 1, 7)]
    assert (done.requests, done.rows, done.dearest) == (16, 30, "hubspot contacts")


def test_a_folder_is_filled_once_and_again_when_the_contents_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outdated, kept = tmp_path / "10-old", tmp_path / f"10-{filled._version()}"
    outdated.mkdir()
    monkeypatch.setattr(filled, "seed", lambda folder, people: folder.mkdir())
    monkeypatch.setattr(filled, "served", lambda folder: pytest.raises(ConnectionError))
    monkeypatch.setattr(filled, "_fill", lambda running, rows, tell: _fail())
    assert filled.filled_folder(tmp_path, 10, print) == kept
    assert [one.name for one in tmp_path.iterdir()] == [kept.name]
    assert filled.filled_folder(tmp_path, 10, lambda _: _fail()) == kept


def _fail() -> None:
    raise ConnectionError


def test_of_a_taps_catalog_one_stream_is_chosen_with_all_its_fields(tmp_path: Path) -> None:
    found = [
        {"tap_stream_id": name, "metadata": [{"metadata": {}}, {"metadata": {"selected": False}}]}
        for name in ("Lead", "Contact")
    ]
    (tmp_path / "printed.out").write_text(json.dumps({"streams": found}))
    [chosen] = json.loads(_choose(tmp_path, "Lead").read_text())["streams"]
    assert chosen["tap_stream_id"] == "Lead"
    assert [part["metadata"]["selected"] for part in chosen["metadata"]] == [True, True]


def test_rows_of_others_are_counted_in_what_they_wrote(tmp_path: Path) -> None:
    (tmp_path / "printed.out").write_text('{"type": "SCHEMA"}\n{"type": "RECORD"}\n')
    (tmp_path / "contacts.jsonl").write_text('{"id": "1"}\n{"id": "2"}\n')
    (tmp_path / "leads.csv").write_text('"Id","Street"\n"1","a\nb"\n')
    names = ("printed.out", "contacts.jsonl", "leads.csv")
    assert [_count_rows(tmp_path / name) for name in names] == [1, 2, 1]


def test_memory_is_that_of_the_process_alone() -> None:
    big = bytearray(300_000_000)
    program = "from bench.usage import peak_memory; print(peak_memory())"
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert 1_000_000 < int(told.stdout) < len(big) < peak_memory()
