"""The company lives on, in both CRMs and in the file that holds the truth."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.clock import START
from connectors.sandbox.company.living import live
from connectors.sandbox.company.rendering import Company, Story
from connectors.sandbox.company.truth import read_truth, truth_of
from connectors.sandbox.context import Sandbox
from connectors.sandbox.server import open_company
from tests.sandbox.clients import Admin
from tests.sandbox.companies import stories

PEOPLE = 300
TABLES = "select name from sqlite_master where type = 'table'"


def lived(folder: Path, *days: int) -> Sandbox:
    sandbox = open_company(folder, PEOPLE, 7)
    for count in days:
        with sandbox.store.transaction():
            live(sandbox, count)
    return sandbox


def content(sandbox: Sandbox) -> dict[str, list[Any]]:
    tables = [row["name"] for row in sandbox.store.rows(TABLES)]
    found = {
        name: [tuple(row) for row in sandbox.store.rows(f'select * from "{name}"')]
        for name in tables
    }
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


def normal(tables: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Properties are kept as JSON, whose order says nothing."""

    def plain(value: Any) -> Any:
        is_json = isinstance(value, str) and value.startswith("{")
        return sorted(json.loads(value).items()) if is_json else value

    return {
        name: sorted(([plain(value) for value in row] for row in rows), key=repr)
        for name, rows in tables.items()
    }


def test_two_sandboxes_of_one_seed_hold_the_same(tmp_path: Path) -> None:
    assert content(lived(tmp_path / "a")) == content(lived(tmp_path / "b"))
    truth = [(tmp_path / name / "truth.json").read_bytes() for name in ("a", "b")]
    assert truth[0] == truth[1]


def test_living_day_by_day_comes_to_the_same_as_living_all_days_at_once(tmp_path: Path) -> None:
    slowly, quickly = lived(tmp_path / "a", 1, 1, 5, 20), lived(tmp_path / "b", 27)
    assert normal(content(slowly)) == normal(content(quickly))


def test_a_day_changes_only_what_happened_in_it() -> None:
    tomorrow = START + timedelta(days=1)
    for story in stories():
        due = story.next_after(START)
        if due is None or due > tomorrow:
            assert story.rows(tomorrow) == story.rows(START)


def test_about_one_in_a_hundred_changes_in_a_day() -> None:
    week = START + timedelta(days=7)
    due = [at for story in stories() if (at := story.next_after(START)) and at <= week]
    assert 0.01 < len(due) / len(stories()) < 0.1


def test_no_two_rows_share_an_id() -> None:
    seen: set[tuple[Any, ...]] = set()
    for story in stories():
        for table, rows in story.rows(START + timedelta(days=120)).items():
            keys = {(table, *key) for key in rows}
            assert not seen & keys
            seen |= keys


def test_living_leaves_alone_what_somebody_has_changed_since(tmp_path: Path) -> None:
    sandbox = lived(tmp_path)
    sandbox.store.run("update salesforce_Lead set Title = 'Edited', Status = 'Changed'")
    with sandbox.store.transaction():
        live(sandbox, 60)
    found = sandbox.store.rows(
        "select distinct Title, Status from salesforce_Lead where CreatedDate < '2026-06-30'"
    )
    assert [tuple(row) for row in found] == [("Edited", "Changed")]


def test_the_truth_goes_as_far_as_the_clock(tmp_path: Path) -> None:
    sandbox = lived(tmp_path, 30)
    truth = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    assert truth["as_of"] == "2026-07-30T12:00:00Z"
    last = max(step["at"] for person in truth["people"] for step in person["path"])
    assert "2026-07-2" < last <= truth["as_of"]
    assert len(truth["people"]) > PEOPLE
    assert sandbox.clock.now == START + timedelta(days=30)


def test_the_truth_is_that_of_everybody_whoever_moved_them(tmp_path: Path) -> None:
    sandbox = lived(tmp_path, 20, 40)
    drawn = [
        truth_of(person, Story(person).rows(sandbox.clock.now), sandbox.clock.now)
        for person in Company(7, PEOPLE, START).people()
    ]
    expected = {truth["number"]: truth for truth in filter(None, drawn)}
    assert read_truth(tmp_path) == expected


def test_records_of_the_truth_are_records_of_the_crms(tmp_path: Path) -> None:
    sandbox = lived(tmp_path)
    people = json.loads((tmp_path / "truth.json").read_text("utf-8"))["people"]
    named = {ref for person in people for ref in person["records"]["salesforce"]}
    leads = sandbox.store.rows("select 'lead:' || Id from salesforce_Lead")
    contacts = sandbox.store.rows("select 'contact:' || Id from salesforce_Contact")
    assert named == {row[0] for row in (*leads, *contacts)}


def test_a_served_sandbox_lives_on_over_http(admin: Admin) -> None:
    answer = admin("POST", "live", {"days": 2}).json()
    assert answer["now"] == "2026-07-02T12:00:00Z"
    assert answer["people"] >= 0


@pytest.mark.parametrize("days", [0, 121])
def test_it_lives_whole_days_and_not_too_many(tmp_path: Path, days: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 120"):
        lived(tmp_path, days)
