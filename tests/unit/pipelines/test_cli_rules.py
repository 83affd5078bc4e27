"""`leadcycle rules`: presets listed and taken, rules checked, nothing lost."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipelines.cli import main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the rules that are in use; nothing is in it yet."""
    monkeypatch.setenv("LEADCYCLE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LEADCYCLE_REVOPS", str(tmp_path / "rules"))
    return tmp_path / "rules"


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(main, ["rules", *arguments, "--json"])
    return done.exit_code, json.loads(done.stdout)


def test_a_preset_is_taken_into_the_folder_in_use_and_then_listed_as_used(folder: Path) -> None:
    assert run("presets")[1]["in_use"] is None

    code, taken = run("use", "sirius_2012")

    assert (code, taken["folder"]) == (0, str(folder))
    listed = run("presets")[1]
    assert listed["in_use"] == "sirius_2012"
    assert {each["name"] for each in listed["presets"]} >= {"jon_miller_9", "hubspot_default"}


def test_checking_says_the_version_and_the_paths(folder: Path) -> None:
    _, taken = run("use", "jon_miller_9")

    code, checked = run("check")

    assert (code, checked["preset"]) == (0, "jon_miller_9")
    assert checked["rules_version"] == taken["rules_version"]
    assert checked["paths"]["post_sale"] == ["delivery", "active", "mature"]
    assert checked["folder"] == str(folder)


def test_another_folder_can_be_made_and_checked(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    assert run("use", "hubspot_default", "--into", str(other))[0] == 0
    assert run("check", "--in", str(other))[1]["preset"] == "hubspot_default"
    assert not folder.exists()


def test_edited_rules_stop_a_preset_with_wrong_use_and_give_way_on_request(folder: Path) -> None:
    run("use", "sirius_2012")
    (folder / "lifecycle.yml").write_text("# ours\n", "utf-8")

    code, refused = run("use", "hubspot_default")
    assert (code, refused["error"]) == (2, "EditedRulesError")
    assert (folder / "lifecycle.yml").read_text("utf-8") == "# ours\n"

    code, taken = run("use", "hubspot_default", "--replace")
    assert (code, taken["kept"]) == (0, [str(folder / "lifecycle.yml.kept-1")])


def test_own_score_rules_that_do_not_fit_the_preset_are_named(folder: Path) -> None:
    run("use", "jon_miller_9")
    rules = folder / "score_rules.csv"
    rules.write_text(rules.read_text("utf-8").replace("equals,recycled,", "equals,lost,"), "utf-8")

    code, refused = run("use", "hubspot_default")

    assert (code, refused["error"]) == (2, "RulesError")
    assert "score_rules.csv:19:value: 'lost' must name stages" in refused["message"]


def test_every_problem_of_a_check_is_told_at_once(folder: Path) -> None:
    run("use", "jon_miller_9")
    lifecycle = folder / "lifecycle.yml"
    text = lifecycle.read_text("utf-8").replace("rank: 2, phase: attract", "rank: 1, phase: atract")
    lifecycle.write_text(text, "utf-8")

    code, refused = run("check")

    assert code == 2
    for problem in ("stages.rank: '1' stands 2 times", "Did you mean attract"):
        assert problem in refused["message"]


def test_an_unknown_preset_is_wrong_use(folder: Path) -> None:
    assert run("use", "sirius")[0] == 2
    assert not folder.exists()
