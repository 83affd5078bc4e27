"""A build that fails says at what, how, and which SQL shows why."""

from pathlib import Path

import pytest

from pipelines.project import BuildError, run_dbt
from tests.dbt.crm import Crms
from tests.dbt.lake import Lake
from tests.dbt.stories import ANN


def test_a_load_that_is_gone_is_told_with_the_model_that_reads_it(tmp_path: Path) -> None:
    lake, crms, warehouse = Lake(tmp_path / "lake"), Crms(), tmp_path / "warehouse.duckdb"
    crms.lead(ANN, "2026-01-01", Email="ann@x.example")
    lake.add_all(crms.rows)
    for path in lake.loads["salesforce__leads"]:
        Path(path).unlink()
    command = ["run", "--select", "salesforce__leads"]
    variables = {"lake_loads": lake.loads, "as_of": "2026-03-01T00:00:00Z"}

    with pytest.raises(BuildError) as caught:
        run_dbt(warehouse, tmp_path / "dbt", command, variables)

    compiled = tmp_path / "dbt/compiled/leadcycle/models/base/salesforce__leads.sql"
    assert str(caught.value).startswith("dbt failed at: salesforce__leads (IO Error). Run ")
    assert f"Run {compiled} on warehouse.duckdb " in str(caught.value)
    assert compiled.is_file()
