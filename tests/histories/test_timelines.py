"""Timelines as they stood at an instant, whose they are, and what they add up to."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from pipelines.cli_stints import stints
from pipelines.histories.errors import (
    HistoryHomeError,
    NoSuchSubjectError,
    NotYetPublishedError,
)
from pipelines.histories.homes import Published
from pipelines.histories.timelines import (
    Merge,
    find_merge,
    find_subject,
    summarise_stints,
    timeline,
)
from pipelines.publish import publish

AS_OF = datetime(2026, 2, 1, tzinfo=UTC)
COLUMNS = (
    "{0}_id, stint_number, stage_key, stage_rank, pass_number, entered_at, exited_at, exit_type,"
    " next_stage_key"
)
ANN = """
    ('{ann}', 1, 'name', 1, 1, '2026-01-01', '2026-01-03', 'advance', 'lead'),
    ('{ann}', 2, 'lead', 2, 1, '2026-01-03', '2026-01-05', 'regress', 'name'),
    ('{ann}', 3, 'name', 1, 2, '2026-01-05', '2026-01-09', 'recycle', 'recycled'),
    ('{ann}', 4, 'recycled', 9, 1, '2026-01-09', '2026-01-20', 'deleted', null)
"""


def published(folder: Path, subject: str, name: str, records: str = "") -> Published:
    """Publish one timeline, and the records of a person."""
    folder.mkdir(parents=True, exist_ok=True)
    table = "stage_stints" if subject == "person" else "case_stints"
    with duckdb.connect(str(folder / "warehouse.duckdb")) as db:
        db.execute("set TimeZone = 'UTC'; create schema marts; create schema sync")
        db.execute(f"""
            create table marts.{table} as
            select * replace (entered_at::timestamptz as entered_at,
                exited_at::timestamptz as exited_at),
                stage_key as stage_label, 'Phase' as phase, 'success' as path_type,
                stage_key || '-0' || pass_number as stage_pass, false as is_last_pass,
                1 as cycle_number, next_stage_key || '-01' as next_stage_pass,
                0 as stages_skipped, 'history' as evidence, 'hubspot' as source_system,
                false as entered_at_is_lower_bound, 0.0::double as days_in_stage
            from (values {ANN.format(ann=name)}) as told ({COLUMNS.format(subject)})
        """)
        if records:
            db.execute(f"""
                create table marts.person_records as
                from (values {records}) as told (record_key, record_id, person_id)
            """)
            db.execute("""
                create table marts.merged_people as
                select 'p_old' as old_person_id, 'p_ann' as person_id,
                    timestamptz '2026-01-02 00:00:00+00' as merged_at, 'email' as rule
            """)
    snapshot = publish(folder / "warehouse.duckdb", folder / "published", AS_OF, "r", {})
    return Published("person" if subject == "person" else "case", folder, snapshot)


@pytest.fixture
def people(tmp_path: Path) -> Published:
    records = """
        ('salesforce:lead:00Q1', '00Q1', 'p_ann'), ('hubspot:contact:7', '7', 'p_ann'),
        ('salesforce:contact:7', '7', 'p_ben')
    """
    return published(tmp_path / "crm", "person", "p_ann", records)


def shown(rows: Any) -> list[tuple[Any, ...]]:
    names = ("stage_pass", "exited_at", "exit_type", "next_stage_key", "is_last_pass")
    return [
        tuple(row[name].day if name == "exited_at" and row[name] else row[name] for name in names)
        for row in rows
    ]


def test_as_of_now_the_timeline_is_what_was_published(people: Published) -> None:
    assert shown(timeline(people, "p_ann")) == [
        ("name-01", 3, "advance", "lead", False),
        ("lead-01", 5, "regress", "name", True),
        ("name-02", 9, "recycle", "recycled", True),
        ("recycled-01", 20, "deleted", None, True),
    ]


def test_as_of_then_the_stay_that_was_going_on_is_open_and_later_ones_are_not_there(
    people: Published,
) -> None:
    rows = timeline(people, "p_ann", datetime(2026, 1, 4, 12, tzinfo=UTC))
    assert shown(rows) == [
        ("name-01", 3, "advance", "lead", True),
        ("lead-01", None, "open", None, True),
    ]
    assert [row["days_in_stage"] for row in rows] == [2.0, 1.5]


def test_at_the_instant_of_a_move_the_subject_is_in_the_next_stage(people: Published) -> None:
    rows = timeline(people, "p_ann", datetime(2026, 1, 3, tzinfo=UTC))
    assert shown(rows)[-1] == ("lead-01", None, "open", None, True)
    assert shown(rows)[0][2] == "advance"


def test_before_the_first_stay_there_is_none(people: Published) -> None:
    assert timeline(people, "p_ann", datetime(2025, 12, 31, tzinfo=UTC)) == []


def test_a_stay_that_ended_by_deletion_was_open_before(people: Published) -> None:
    rows = timeline(people, "p_ann", datetime(2026, 1, 19, tzinfo=UTC))
    assert shown(rows)[-1][:3] == ("recycled-01", None, "open")


def test_the_summary_counts_what_had_happened_by_then(people: Published) -> None:
    counts = summarise_stints(people)
    assert (counts["persons"], counts["visits"], counts["reentries"]) == (1, 4, 1)
    assert counts["moves"] == {"forward": 1, "back": 1, "repeat": 0, "recycle": 1, "reenter": 0}
    assert counts["highest_pass"]["stage_pass"] == "name-02"
    assert [(row["from_stage"], row["to_stage"], row["direction"], row["moves"])
            for row in counts["transitions"]] == [
        ("name", "lead", "forward", 1), ("name", "recycled", "recycle", 1),
        ("lead", "name", "back", 1),
    ]  # fmt: skip
    assert [(row["stage_key"], row["visits"], row["open"]) for row in counts["stages"]] == [
        ("name", 2, 0), ("lead", 1, 0), ("recycled", 1, 0),
    ]  # fmt: skip
    then = summarise_stints(people, datetime(2026, 1, 4, tzinfo=UTC))
    assert (then["visits"], then["reentries"], then["moves"]["back"]) == (2, 0, 0)
    assert [row["open"] for row in then["stages"]] == [0, 1]


def test_nothing_is_told_of_what_is_later_than_published(people: Published) -> None:
    assert timeline(people, "p_ann", AS_OF) == timeline(people, "p_ann")
    later = datetime(2026, 2, 1, 0, 1, tzinfo=UTC)
    with pytest.raises(NotYetPublishedError, match=r"ends at 2026-02-01 00:00 UTC.*leadcycle run"):
        timeline(people, "p_ann", later)
    with pytest.raises(NotYetPublishedError):
        summarise_stints(people, later)


@pytest.mark.parametrize(
    "sought", ["p_ann", "p_old", "salesforce:lead:00Q1", "00Q1", "hubspot:contact:7"]
)
def test_a_person_is_found_by_each_of_their_ids(people: Published, sought: str) -> None:
    assert find_subject([people], sought) == (people, "p_ann")


def test_a_former_id_tells_whose_it_is_today_since_when_and_why(people: Published) -> None:
    merged_at = datetime(2026, 1, 2, tzinfo=UTC)
    assert find_merge(people, "p_old") == Merge("p_old", "p_ann", merged_at, "email")
    assert find_merge(people, "p_ann") is None


def test_what_was_published_before_merges_were_has_none(tmp_path: Path) -> None:
    assert find_merge(published(tmp_path / "crm", "person", "p_ann"), "p_ann") is None


def test_the_command_says_that_the_id_is_a_former_one(
    people: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADCYCLE_HOME", str(people.folder))
    told = {sought: CliRunner().invoke(stints, ["--case", sought]) for sought in ("p_old", "7x")}
    assert "p_old is p_ann today: merged by email, on 2026-01-02" in told["p_old"].output
    assert told["7x"].exit_code == 1
    documents = {
        sought: json.loads(CliRunner().invoke(stints, ["--case", sought, "--json"]).stdout)
        for sought in ("p_old", "p_ann")
    }
    assert [document.pop("merged") for document in documents.values()] == [
        {
            "old_person_id": "p_old",
            "person_id": "p_ann",
            "merged_at": "2026-01-02T00:00:00+00:00",
            "rule": "email",
        },
        None,
    ]
    assert documents["p_old"] == documents["p_ann"]


def test_an_id_that_two_crms_use_needs_the_whole_key(people: Published) -> None:
    with pytest.raises(HistoryHomeError, match=r"7 may be p_ann in .*, p_ben in .*whole id"):
        find_subject([people], "7")


def test_a_case_is_looked_for_where_the_crms_do_not_know_it(
    people: Published, tmp_path: Path
) -> None:
    deals = published(tmp_path / "deals", "case", "d1")
    assert find_subject([people, deals], "d1") == (deals, "d1")
    twin = published(tmp_path / "twin", "case", "d1")
    with pytest.raises(HistoryHomeError, match="--from"):
        find_subject([people, deals, twin], "d1")


def test_nobody_is_told_where_was_looked(people: Published) -> None:
    with pytest.raises(NoSuchSubjectError, match=r"nobody is no person, record or case in .*crm"):
        find_subject([people], "nobody")


def test_what_looks_like_markup_in_the_data_is_shown_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("tests.histories.test_timelines.ANN", ANN.replace("'lead'", "'[/b] Won'"))
        deals = published(tmp_path / "deals", "case", "[x]7")
    (deals.folder / "history.json").write_text("{}", "utf-8")
    for arguments in (["--case", "[x]7"], ["--summary"]):
        done = CliRunner().invoke(stints, [*arguments, "--from", str(deals.folder)])
        assert (done.exit_code, "[/b] Won" in done.output) == (0, True), done.output
    told = CliRunner().invoke(stints, ["--case", "[x]7", "--from", str(deals.folder)])
    assert "[x]7 as of" in told.output
