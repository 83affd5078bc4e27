"""A build that writes only what changed ends as a build of everything does."""

from pathlib import Path

import pytest

from tests.dbt.comparison import differing_tables
from tests.dbt.crm import Crms
from tests.dbt.lake import Lake
from tests.dbt.stories import beginning, more_news, news
from tests.dbt.warehouse import BUILD, BuildError, Project, Warehouse

FIRST, SECOND, THIRD = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"


@pytest.fixture(scope="module")
def kept_up(project: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, Warehouse]:
    """A warehouse that was built of everything, then twice of news; one build broke half way."""
    folder = tmp_path_factory.mktemp("kept_up")
    lake, warehouse = Lake(folder / "lake"), Warehouse(project, folder / "warehouse.duckdb")
    half_way = [*BUILD, "--select", "+int_stage_events_led"]
    for tell, as_of in ((beginning, FIRST), (news, SECOND), (more_news, THIRD)):
        crms = Crms()
        tell(crms)
        lake.add_all(crms.rows)
        if tell is more_news:
            warehouse.build(lake.loads, *half_way, as_of=as_of, told={"standing": True})
        warehouse.keep_up(lake.loads, as_of)
    return lake, warehouse


def test_every_table_is_the_one_that_a_build_of_everything_makes(
    kept_up: tuple[Lake, Warehouse], project: Project, tmp_path: Path
) -> None:
    lake, warehouse = kept_up
    anew = Warehouse(project, tmp_path / "warehouse.duckdb")
    anew.keep_up(lake.loads, THIRD)

    assert differing_tables(warehouse.path, anew.path) == {}
    assert warehouse.rows("select count(*) from marts.stage_stints")[0][0] > 15
    assert warehouse.rows("select count(*) from marts.activities")[0][0] > 4


def test_only_who_has_news_is_made_anew(kept_up: tuple[Lake, Warehouse]) -> None:
    _, warehouse = kept_up
    touched = """
        select people.full_name from intermediate.int_touched_people
        inner join marts.people using (person_id) order by full_name
    """

    assert warehouse.rows(touched) == [("Ann",), ("Ben",), ("Fia",), ("Gil",)]


def test_who_ceased_to_fit_falls_out_when_the_days_are_over_and_nothing_new_is_read_of_them(
    kept_up: tuple[Lake, Warehouse],
) -> None:
    _, warehouse = kept_up
    query = """
        select stage_pass, exit_type from marts.stage_stints
        inner join marts.people using (person_id)
        where full_name = 'Fia' order by stint_number desc limit 2
    """

    assert warehouse.rows(query) == [("engaged-02", "open"), ("target-01", "regress")]


@pytest.mark.soak
def test_other_rules_or_an_earlier_instant_make_everything_anew(
    kept_up: tuple[Lake, Warehouse], project: Project, tmp_path: Path
) -> None:
    lake, _ = kept_up
    warehouse = Warehouse(project, tmp_path / "warehouse.duckdb")
    for rules in ("rules", "others"):
        warehouse.keep_up(lake.loads, THIRD, rules)
        assert warehouse.rows("select count(*) from intermediate.int_touched_people") == [(0,)]
    warehouse.keep_up(lake.loads, FIRST, "others")
    early = "select max(occurred_at) < timestamptz '2026-03-01' from intermediate.int_activities"
    assert warehouse.rows(early) == [(True,)]
    assert warehouse.rows("select count(*) from intermediate.int_touched_people") == [(0,)]


def test_a_build_that_failed_leaves_the_tables_standing_where_they_stood(
    kept_up: tuple[Lake, Warehouse],
) -> None:
    lake, warehouse = kept_up
    before = warehouse.rows("from standing.loads order by stream")
    torn = {**lake.loads, "salesforce__leads": [*lake.loads["salesforce__leads"], "no such load"]}

    with pytest.raises(BuildError):
        warehouse.keep_up(torn, THIRD)

    assert warehouse.rows("from standing.loads order by stream") == before
