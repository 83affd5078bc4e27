"""What the documentation of the sandbox promises exists, and what exists stands there."""

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

from connectors.sandbox.actions import ACTIONS
from connectors.sandbox.faults.plan import FaultKind
from connectors.sandbox.faults.presets import presets
from connectors.sandbox.settings import Settings

TESTS = Path(__file__).parents[1]
TEXT = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text("utf-8")


def test_every_fault_stands_in_the_documentation_with_its_incident() -> None:
    rows = [
        f"| `{name}` | {entry['what']} | {entry['incident']} |" for name, entry in presets().items()
    ]
    assert [row for row in rows if row not in TEXT] == []


def test_every_kind_of_fault_stands_in_the_documentation() -> None:
    assert [kind for kind in get_args(FaultKind) if f"| `{kind}` |" not in TEXT] == []


def test_every_action_of_the_own_api_stands_in_the_documentation() -> None:
    assert [path for _, path in ACTIONS if f"`{path}`" not in TEXT] == []


def test_every_setting_is_set_by_a_test() -> None:
    files = [file for file in TESTS.rglob("*.py") if file.name != Path(__file__).name]
    tests = "".join(file.read_text("utf-8") for file in files)
    assert [known.name for known in fields(Settings) if known.name not in tests] == []


def test_every_setting_that_the_documentation_names_exists() -> None:
    named = set(re.findall(r"`((?:hubspot|salesforce)_[a-z_]+)`", TEXT))
    assert named - {known.name for known in fields(Settings)} == set()
