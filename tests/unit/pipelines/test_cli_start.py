"""Commands start without what they don't need: it would cost each of them two seconds."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from pipelines.cli import main

HEAVY = ("dbt", "dagster", "starlette", "connectors.sandbox")


@pytest.mark.parametrize("command", ["extract", "build", "plan", "run", "status", "doctor"])
def test_a_command_is_found_without_dbt_dagster_or_a_server(command: str) -> None:
    program = (
        "import sys; from pipelines.cli import main\n"
        f"main(['{command}', '--help'], standalone_mode=False)\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_help_lists_every_command() -> None:
    listed = CliRunner().invoke(main, ["--help"]).output
    for name in ("apply", "demo", "extract", "sandbox", "status"):
        assert f"\n  {name} " in listed
