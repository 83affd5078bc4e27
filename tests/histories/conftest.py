"""Histories imported by the command itself, into homes of their own."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from pipelines.cli import main


@dataclass(frozen=True)
class Done:
    """What a command left."""

    code: int
    json: dict[str, Any]
    text: str


@dataclass(frozen=True)
class Home:
    """A Leadcycle home without CRMs, for one who imports histories."""

    folder: Path

    def run(self, *arguments: object) -> Done:
        """Run a command with --json."""
        return self._invoke(*arguments, "--json")

    def say(self, *arguments: object) -> Done:
        """Run a command as people do."""
        return self._invoke(*arguments)

    def _invoke(self, *arguments: object) -> Done:
        result = CliRunner(env={"LEADCYCLE_HOME": str(self.folder)}).invoke(
            main, list(map(str, arguments))
        )
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        document = json.loads(result.stdout) if "--json" in arguments and result.stdout else {}
        return Done(result.exit_code, document, result.stdout + result.stderr)

    def write(self, name: str, text: str) -> Path:
        """Write a file to import."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def rows(self, name: str, sql: str) -> list[tuple[Any, ...]]:
        """Query the tables of an imported history."""
        path = self.folder / "histories" / name / "warehouse.duckdb"
        with duckdb.connect(str(path), read_only=True) as db:
            db.execute("set TimeZone = 'UTC'")
            return list(db.execute(sql).fetchall())


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Home]:
    """Return a function that makes a new home."""
    return lambda: Home(Path(tmp_path_factory.mktemp("home")))


@pytest.fixture
def home(homes: Callable[[], Home]) -> Home:
    return homes()
