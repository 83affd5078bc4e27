import json
import shutil
from pathlib import Path

from click.testing import CliRunner, Result

from connectors.sandbox.company.truth import read_truth
from connectors.sandbox.folders import hold_folder
from connectors.sandbox.server import RunningSandbox
from pipelines.cli_sandbox import sandbox


def run(*arguments: str) -> Result:
    return CliRunner().invoke(sandbox, arguments)


def test_a_folder_is_seeded_once_and_then_lives_on(tmp_path: Path) -> None:
    state = str(tmp_path / "state")
    first = run("seed", "--state", state, "--people", "20")
    second = run("seed", "--state", state, "--people", "99")
    assert (first.stdout, second.stdout) == (
        f"{state}: a new company\n",
        f"{state}: there is a company already\n",
    )
    assert len(read_truth(Path(state))) == 20
    lived = run("live", "--state", state, "--days", "30")
    assert lived.stdout.startswith("It is 2026-07-30T12:00:00Z; something happened to ")


def test_drawing_is_told_of_only_where_people_are_drawn(tmp_path: Path) -> None:
    state = str(tmp_path / "state")
    told = [run("seed", "--state", state, "--people", "5").stderr for _ in range(2)]
    assert told == ["Drawing people ...\n", ""]
    held = hold_folder(tmp_path / "state")
    refused = run("seed", "--state", state)
    held.release()
    assert (refused.exit_code, "Drawing" in refused.output) == (1, False)


def test_days_that_the_company_does_not_have_are_refused(
    state: Path, running: RunningSandbox, tmp_path: Path
) -> None:
    folder = str(shutil.copytree(state, tmp_path / "other"))
    for place in (("--url", running.url), ("--state", folder)):
        assert run("live", *place, "--days", "100").exit_code == 0
        refused = run("live", *place, "--days", "21")
        assert (refused.exit_code, "until 2026-10-28T12:00:00Z" in refused.output) == (2, True)


def test_a_folder_that_is_served_lives_by_its_url_alone(
    state: Path, running: RunningSandbox
) -> None:
    refused = run("live", "--state", str(state))
    assert (refused.exit_code, "filled or served already" in refused.output) == (1, True)
    assert run("live", "--url", running.url).exit_code == 0


def test_an_empty_folder_does_not_live(tmp_path: Path) -> None:
    result = run("live", "--state", str(tmp_path))
    assert result.exit_code == 1
    assert not list(tmp_path.iterdir())


def test_without_a_command_the_sandbox_serves() -> None:
    result = run("--port", "none")
    assert "Usage: sandbox serve" in result.output


def test_seeding_tells_of_itself_in_one_line_of_json(tmp_path: Path) -> None:
    state = str(tmp_path / "state")
    lines = [run("seed", "--state", state, "--people", "5", "--json").stdout for _ in range(2)]
    assert [json.loads(line) for line in lines] == [
        {"state": state, "new": True},
        {"state": state, "new": False},
    ]
