"""`leadcycle import-history` and `stints`, as somebody at the keyboard meets them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.histories.conftest import Done, Home

COLUMNS = ("--case", "case", "--stage", "stage", "--at", "at")
HISTORY = """case,stage,at,id
d1,New,2026-01-01,1
d1,Work,2026-01-02,2
d1,Done,2026-01-02,3
d1,Work,2026-01-04,4
d2,New,2026-01-01,5
d2,Done,2026-01-05,6
,New,2026-01-05,7
d3,New,soon,8
"""
RECORDS = """case,stage,at
d1,Work,2026-01-06
d2,Lost,2026-01-07
d4,New,2026-01-08
"""


def stays(home: Home, name: str = "deals") -> list[tuple[str, str]]:
    query = "select case_id, stage_pass from marts.case_stints order by case_id, stint_number"
    return [(str(case), str(stage)) for case, stage in home.rows(name, query)]


@pytest.fixture(scope="module")
def first(homes: Callable[[], Home]) -> tuple[Home, Done]:
    """A home where a history with two bad rows was imported with its records."""
    home = homes()
    record = home.write("records.csv", RECORDS)
    file = home.write("deals.csv", HISTORY)
    return home, home.run("import-history", file, *COLUMNS, "--id", "id", "--record", record)


def test_bad_rows_are_told_and_the_rest_is_built(first: tuple[Home, Done]) -> None:
    _, done = first
    assert (done.code, done.json["status"], done.json["set_aside"]) == (4, "partial", 2)
    events, records = done.json["files"]
    assert events["set_aside"] == {"no case": 1, "unreadable time": 1}
    assert events["examples"] == {"no case": [7], "unreadable time": [8]}
    assert (events["rows"], events["new"], records["new"]) == (8, 6, 3)
    assert [stage["stage_key"] for stage in done.json["stages"]] == ["New", "Work", "Done", "Lost"]


def test_a_record_shows_what_history_missed(first: tuple[Home, Done]) -> None:
    home, done = first
    assert done.json["as_of"] == "2026-01-08T00:00:00+00:00"
    assert stays(home) == [
        ("d1", "New-01"), ("d1", "Work-01"), ("d1", "Done-01"), ("d1", "Work-02"),
        ("d2", "New-01"), ("d2", "Done-01"), ("d2", "Lost-01"), ("d4", "New-01"),
    ]  # fmt: skip


def test_what_was_set_aside_is_a_table(first: tuple[Home, Done]) -> None:
    home, _ = first
    query = "select row_place, reason, time_text from marts.case_rows_set_aside order by row_place"
    assert home.rows("deals", query) == [
        (7, "no case", "2026-01-05"),
        (8, "unreadable time", "soon"),
    ]


def test_without_a_place_the_only_history_is_read(first: tuple[Home, Done]) -> None:
    home, _ = first
    done = home.run("stints", "--case", "d1", "--as-of", "2026-01-03")
    assert (done.code, done.json["case_id"]) == (0, "d1")
    told = [(row["stage_pass"], row["exit_type"]) for row in done.json["stints"]]
    assert told == [("New-01", "advance"), ("Work-01", "advance"), ("Done-01", "open")]
    assert done.json["stints"][2]["entered_at"] == "2026-01-02T00:00:00+00:00"


def test_people_are_shown_tables(first: tuple[Home, Done]) -> None:
    home, _ = first
    assert "Work-02" in home.say("stints", "--case", "d1").text
    summary = home.say("stints", "--summary").text
    assert "3 cases, 8 visits, 4 forward, 1 back" in summary
    assert "the highest pass is Work-02" in summary


def test_the_same_file_again_is_no_news_and_each_option_changes_what_it_says(
    first: tuple[Home, Done],
) -> None:
    home, _ = first
    file, record = home.folder / "deals.csv", home.folder / "records.csv"
    options = ("--wins", "history", "--order", "Done, Work, Gone", "--as-of", "2026-01-05")
    done = home.run("import-history", file, *COLUMNS, "--id", "id", "--record", record,
                    *options, "--into", home.folder / "histories" / "deals")  # fmt: skip
    assert [account["new"] for account in done.json["files"]] == [0, 0]
    assert done.json["unknown_in_order"] == ["Gone"]
    assert [stage["stage_key"] for stage in done.json["stages"]] == ["Done", "Work", "New"]
    assert stays(home)[-2:] == [("d2", "New-01"), ("d2", "Done-01")]
    by_rules = home.run("import-history", file, *COLUMNS, "--id", "id", "--rules")
    assert (by_rules.code, by_rules.json["unmapped_events"]) == (4, 7)
    assert stays(home) == [("d2", "lost-01")]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--case", "deal", *COLUMNS[2:]), 2, "it has no column 'deal'"),
        ((*COLUMNS, "--time-zone", "Nowhere"), 2, "time zone 'Nowhere' is not known"),
        ((*COLUMNS, "--order", "A", "--rules"), 2, "--order or --rules"),
        ((*COLUMNS[:4], "--at", "case"), 1, "no row of the files can be used"),
    ],
)
def test_wrong_use_is_named_and_publishes_nothing(
    home: Home, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = home.say("import-history", home.write("deals.csv", HISTORY), *arguments)
    assert (done.code, words in done.text) == (code, True), done.text
    assert list(home.folder.glob("histories/*/published")) == []


def test_the_home_of_crms_is_no_place_for_a_history(home: Home) -> None:
    file = home.write("deals.csv", HISTORY)
    (home.folder / "lake" / "raw" / "hubspot").mkdir(parents=True)
    done = home.say("import-history", file, *COLUMNS, "--into", home.folder)
    assert (done.code, "home of your CRMs' tables" in done.text) == (2, True)


def test_before_anything_is_published_stints_say_what_to_do(home: Home) -> None:
    done = home.say("stints", "--summary")
    assert (done.code, "leadcycle import-history" in done.text) == (1, True)
    assert home.say("stints").code == 2


def test_of_several_histories_one_must_be_named(home: Home, first: tuple[Home, Done]) -> None:
    source = first[0].folder / "histories" / "deals"
    for name in ("one", "two"):
        target = home.folder / "histories" / name
        target.mkdir(parents=True)
        (target / "history.json").write_bytes((source / "history.json").read_bytes())
        Path(target / "published").symlink_to(source / "published")
    done = home.say("stints", "--summary")
    assert (done.code, "give --from one of one, two" in done.text) == (2, True)
    assert home.run("stints", "--summary", "--from", "two").code == 0
    unknown = home.say("stints", "--summary", "--from", "three")
    assert (unknown.code, "known: one, two" in unknown.text) == (2, True)
