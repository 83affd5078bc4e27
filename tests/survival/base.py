"""The tables of base for any lake, by the project's own SQL and without a build for each.

The models' SQL is compiled by dbt once; DuckDB then runs it on the loads of one lake.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
from dbt.cli.main import dbtRunner

from pipelines.lake import Lake
from tests.dbt.warehouse import PROJECT, Project

_ANY_LOAD = "any-load.parquet"

Row = dict[str, Any]


@dataclass(frozen=True)
class BaseModels:
    """The SQL of base models, by name such as "hubspot__contacts"."""

    sql: Mapping[str, str]

    @staticmethod
    def compile(names: Sequence[str], target_path: Path) -> "BaseModels":
        """Let dbt turn the models into SQL over a load that is named later."""
        manifest = Project.parse(target_path).manifest
        variables = {"as_of": None, "lake_loads": {name: [_ANY_LOAD] for name in names}}
        places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
        places += ["--target-path", str(target_path), "--log-path", str(target_path), "--quiet"]
        command = ["compile", "--select", *names, "--vars", json.dumps(variables)]
        own = {"LEADCYCLE_WAREHOUSE": str(target_path / "warehouse.duckdb")}
        with patch.dict(os.environ, own):
            done = dbtRunner(manifest).invoke([*command, *places])
        assert done.success, done.exception
        return BaseModels({res.node.name: res.node.compiled_code for res in done.result.results})

    def rows(self, lake: Lake, crm: str, stream: str) -> dict[str, Row]:
        """Return the stream's rows in base by record id; each record must stand there once."""
        loads = lake.paths(crm, stream)
        if not loads:
            return {}
        quoted = "', '".join(path.replace("'", "''") for path in loads)
        with duckdb.connect() as db:
            db.execute("set TimeZone = 'UTC'")
            found = db.execute(self.sql[f"{crm}__{stream}"].replace(_ANY_LOAD, quoted))
            names = [column[0] for column in found.description]
            rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        by_id = {row["_record_id"]: row for row in rows}
        assert len(by_id) == len(rows), "a record stands in base more than once"
        return by_id
