"""Runs the dbt project in this process on a warehouse of its own."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from pipelines.project import IMPORTED, parse_project, take_seeds_from
from pipelines.standing import choose_rows, prepare_build

PROJECT = Path(__file__).parents[2] / "dbt_project"
BUILD = ("build", "--resource-type", "seed", "--resource-type", "model", "--exclude", IMPORTED)
NOW = "2026-06-30T12:00:00Z"
FAILED = {"error", "fail", "runtime error", "skipped"}


class BuildError(AssertionError):
    """dbt did not succeed; the message names every node that failed."""


@dataclass
class Project:
    """The dbt project, parsed once; its warehouses share the manifest."""

    manifest: Manifest
    target_path: Path

    @staticmethod
    def parse(target_path: Path, seeds_dir: Path | None = None) -> "Project":
        """Parse the project without any var: these matter only when models run.

        Its seeds are the default preset's, unless a folder of other compiled rules is given.
        """
        manifest = parse_project(target_path)
        if seeds_dir:
            take_seeds_from(seeds_dir, manifest)
        return Project(manifest, target_path)

    def run(
        self,
        command: Sequence[str],
        as_of: str | None,
        loads: Mapping[str, list[str]],
        told: Mapping[str, object],
    ) -> None:
        """Invoke dbt and raise BuildError unless every node is well."""
        variables = json.dumps({"as_of": as_of, "lake_loads": loads, **told})
        places = _places(self.target_path)
        result = dbtRunner(self.manifest).invoke([*command, "--vars", variables, *places])
        if result.exception:
            raise BuildError(result.exception)
        if command[0] == "run-operation":
            if not result.success:
                raise BuildError(f"{command[1]} failed")
            return
        if not isinstance(result.result, RunExecutionResult):
            raise BuildError(f"dbt {command[0]} ran nothing")
        failed = [node for node in result.result.results if str(node.status) in FAILED]
        if failed or not result.success:
            raise BuildError("\n".join(f"{node.node.name}: {node.message}" for node in failed))


def _places(target_path: Path) -> list[str]:
    project = str(PROJECT)
    return [
        "--project-dir", project, "--profiles-dir", project, "--target-path", str(target_path),
        "--log-path", str(target_path), "--quiet",
        # What went wrong is in the results: telling it in a file as well costs a tenth of a build.
        "--log-level", "none", "--log-level-file", "none", "--no-write-json",
    ]  # fmt: skip


@dataclass
class Warehouse:
    """One DuckDB file that the project builds and tests read.

    Its name must be `warehouse.duckdb`: dbt keeps the stem as the database's name when it parses.
    """

    project: Project
    path: Path

    def build(
        self,
        loads: Mapping[str, list[str]],
        *command: str,
        as_of: str | None = NOW,
        flags: str = "",
        told: Mapping[str, object] | None = None,
    ) -> None:
        """Build the CRMs' seeds and models without tests, or run a command, on the loads.

        Everything is written anew, unless `told` has dbt's variables that say otherwise.
        """
        if told is None:
            choose_rows(self.project.manifest, is_anew=False)
        # One opening of the file for all nodes, as pipelines/project.py does it.
        settings = {"LEADCYCLE_WAREHOUSE": str(self.path), "LEADCYCLE_KEEP_OPEN": "True"}
        with patch.dict(os.environ, settings):
            try:
                self.project.run([*(command or BUILD), *flags.split()], as_of, loads, told or {})
            finally:
                DuckDBConnectionManager.close_all_connections()

    def keep_up(self, loads: Mapping[str, list[str]], as_of: str, rules: str = "rules") -> None:
        """Build all models as the product does: only what changed, where the tables allow it."""
        manifest = self.project.manifest
        told = prepare_build(
            manifest, self.path, rules, datetime.fromisoformat(as_of), is_whole=True, is_anew=False
        )
        self.build(loads, as_of=as_of, told=told)

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the warehouse for reading, in UTC."""
        connection = duckdb.connect(str(self.path), read_only=True)
        connection.execute("set TimeZone = 'UTC'")
        try:
            yield connection
        finally:
            connection.close()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        with self.connect() as connection:
            return list(connection.execute(sql).fetchall())

    def records(self, sql: str) -> list[dict[str, Any]]:
        """Return what a query finds, by column name."""
        with self.connect() as connection:
            found = connection.execute(sql)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
