"""How commands speak: people, machines, exit codes."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from connectors.errors import AuthError, ConfigError, UnavailableError
from pipelines.cli_output import DONE, FAILED, WAITS, WRONG_USE, aside, command, people, progress
from pipelines.lake_writer import LakeConflictError
from pipelines.load_files import OldLoadError
from pipelines.publish import NothingPublishedError
from pipelines.settings import SettingsError
from pipelines.sync.apply import AccountError
from pipelines.sync.migrate import NewerStateError


def invoke(function: Callable[[], dict[str, Any]], *arguments: str) -> Result:
    return CliRunner().invoke(click.command()(command(function)), list(arguments))


def talk(**result: Any) -> dict[str, Any]:
    people.print("Hello, people")
    aside.print("working")
    return result


def fail_with(error: Exception) -> Callable[[], dict[str, Any]]:
    def failing() -> dict[str, Any]:
        raise error

    return failing


def test_without_json_a_command_speaks_to_people() -> None:
    result = invoke(lambda: talk(people=3))

    assert (result.exit_code, result.stdout, result.stderr) == (
        DONE,
        "Hello, people\n",
        "working\n",
    )


def test_with_json_stdout_holds_one_document_and_nothing_else() -> None:
    result = invoke(lambda: talk(people=3, name="陽子"), "--json")

    assert json.loads(result.stdout) == {"people": 3, "name": "陽子"}
    assert result.exit_code == DONE


def test_a_command_speaks_to_people_again_after_one_that_did_not() -> None:
    invoke(talk, "--json")

    assert invoke(talk).stdout == "Hello, people\n"


def test_numbers_in_a_document_are_numbers() -> None:
    result = invoke(lambda: {"points": Decimal("30.50")}, "--json")

    assert result.stdout == '{"points": 30.5}\n'


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_a_plan_that_waits_for_a_person_has_its_own_exit_code(arguments: list[str]) -> None:
    assert invoke(lambda: {"waits": True}, *arguments).exit_code == WAITS


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigError("hubspot", "settings", "HUBSPOT_ACCESS_TOKEN not set."), WRONG_USE),
        (SettingsError("Wrong setting"), WRONG_USE),
        (NewerStateError("upgrade Leadcycle"), WRONG_USE),
        (UnavailableError("hubspot", "contacts"), FAILED),
        (LakeConflictError("taken"), FAILED),
        (OldLoadError("00000001.parquet"), FAILED),
        (NothingPublishedError("nothing"), FAILED),
        (AccountError("5 planned, 4 accounted for"), FAILED),
    ],
)
def test_an_error_is_one_message_and_an_exit_code(error: Exception, code: int) -> None:
    result = invoke(fail_with(error))

    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr == f"{type(error).__name__}: {error}\n"


def test_a_refusal_names_the_settings_that_were_refused() -> None:
    result = invoke(fail_with(AuthError("salesforce", "token")))

    assert (result.exit_code, result.stdout) == (WRONG_USE, "")
    assert "SALESFORCE_CLIENT_SECRET" in result.stderr


def test_an_error_is_a_document_too() -> None:
    result = invoke(fail_with(LakeConflictError("taken")), "--json")

    assert json.loads(result.stdout) == {"error": "LakeConflictError", "message": "taken"}


def test_brackets_in_a_message_are_printed_as_they_are() -> None:
    assert "[red]50%[/red]" in invoke(fail_with(SettingsError("[red]50%[/red]"))).stderr


def test_a_mistake_of_ours_is_not_dressed_up_as_a_users() -> None:
    assert isinstance(invoke(fail_with(ZeroDivisionError())).exception, ZeroDivisionError)


def test_progress_that_nobody_watches_is_one_line_on_stderr() -> None:
    def slow() -> dict[str, Any]:
        with progress("Reading [hubspot]") as say:
            say("100 rows")
        return {}

    result = invoke(slow)

    assert (result.stdout, result.stderr) == ("", "Reading [hubspot] ...\n")
