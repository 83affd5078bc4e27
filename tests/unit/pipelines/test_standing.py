"""Whether a build may go on from what a warehouse's tables stand at."""

from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.standing import stands_at
from tests.unit.pipelines.builders import AS_OF


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """A warehouse whose tables stand at the key `rules`, as seen from AS_OF."""
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as db:
        db.execute("create schema standing")
        db.execute(
            "create table standing.builds as select 'rules' as standing_key, ? as as_of", [AS_OF]
        )
    return path


def test_the_same_rules_and_code_go_on_from_the_same_instant_or_an_earlier_one(
    warehouse: Path,
) -> None:
    assert stands_at(warehouse, "rules", AS_OF)
    assert stands_at(warehouse, "rules", AS_OF + timedelta(days=1))


def test_other_rules_do_not(warehouse: Path) -> None:
    assert not stands_at(warehouse, "others", AS_OF)


def test_what_was_seen_from_later_is_nothing_to_go_on_from(warehouse: Path) -> None:
    assert not stands_at(warehouse, "rules", AS_OF - timedelta(seconds=1))


def test_without_a_warehouse_or_a_build_that_finished_there_is_nothing(
    warehouse: Path, tmp_path: Path
) -> None:
    assert not stands_at(tmp_path / "none.duckdb", "rules", AS_OF)
    with duckdb.connect(str(warehouse)) as db:
        db.execute("delete from standing.builds")
    assert not stands_at(warehouse, "rules", AS_OF)
    with duckdb.connect(str(warehouse)) as db:
        db.execute("drop table standing.builds")
    assert not stands_at(warehouse, "rules", AS_OF)


def test_a_table_of_an_older_version_is_nothing_to_go_on_from(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse)) as db:
        db.execute("create or replace table standing.builds as select 'rules' as standing_key")
    assert not stands_at(warehouse, "rules", AS_OF)


def test_a_view_of_tables_that_are_gone_is_nothing_to_go_on_from(
    warehouse: Path, tmp_path: Path
) -> None:
    file = tmp_path / "builds.parquet"
    with duckdb.connect(str(warehouse)) as db:
        db.execute(f"copy standing.builds to '{file}' (format parquet)")
        db.execute("drop table standing.builds")
        db.execute(f"create view standing.builds as from read_parquet('{file}')")
    assert stands_at(warehouse, "rules", AS_OF)
    file.unlink()
    assert not stands_at(warehouse, "rules", AS_OF)
