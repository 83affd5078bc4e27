"""A build that writes only what changed ends as a build of everything does."""

from datetime import datetime
from pathlib import Path
from shutil import copyfile

import pytest

from pipelines.standing import prepare_build
from tests.dbt.comparison import differing_tables
from tests.dbt.crm import Crms
from tests.dbt.lake import Lake
from tests.dbt.stories import BEN, beginning, more_news, news
from tests.dbt.warehouse import BUILD, BuildError, Project, Warehouse

FIRST, SECOND, THIRD, FOURTH = (f"2026-0{month}-01T00:00:00Z" for month in range(3, 7))


@pytest.fixture(scope="module")
def kept_up(project: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, Warehouse]:
    """A warehouse that was built of everything, then twice of news."""
    folder = tmp_path_factory.mktemp("kept_up")
    lake, warehouse = Lake(folder / "lake"), Warehouse(project, folder / "warehouse.duckdb")
    for tell, as_of in ((beginning, FIRST), (news, SECOND), (more_news, THIRD)):
        crms = Crms()
        tell(crms)
        lake.add_all(crms.rows)
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

    assert warehouse.rows(touched) == [
        (name,) for name in ("Ann", "Ben", "Cat", "Fia", "Gil", "Pam")
    ]


def test_a_win_that_was_taken_back_is_a_milestone_no_more(
    kept_up: tuple[Lake, Warehouse],
) -> None:
    _, warehouse = kept_up
    reached = """
        select milestone_key from marts.milestones inner join marts.people using (person_id)
        where full_name = 'Pam' and opportunity_id is not null
    """

    assert warehouse.rows(reached) == [("opportunity_created",)]


def last_stays(warehouse: Warehouse, name: str, count: int) -> list[tuple[str, str]]:
    """Return passes and exits of somebody's last stays, the latest first."""
    query = f"""
        select stage_pass, exit_type from marts.stage_stints
        inner join marts.people using (person_id)
        where full_name = '{name}' order by stint_number desc limit {count}
    """
    return warehouse.rows(query)


def test_who_was_deleted_and_restored_is_where_they_were(
    kept_up: tuple[Lake, Warehouse],
) -> None:
    assert last_stays(kept_up[1], "Cat", 1) == [("sales-lead-01", "open")]


def test_two_of_one_name_at_one_number_are_one_when_the_company_is_called_alike(
    kept_up: tuple[Lake, Warehouse],
) -> None:
    _, warehouse = kept_up
    query = "select record_count from marts.people where full_name = 'Joe Roe'"

    assert warehouse.rows(query) == [(2,)]


def test_who_ceased_to_fit_falls_out_when_the_days_are_over_and_nothing_new_is_read_of_them(
    kept_up: tuple[Lake, Warehouse],
) -> None:
    assert last_stays(kept_up[1], "Fia", 2) == [("engaged-02", "open"), ("target-01", "regress")]


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


@pytest.mark.parametrize("models", [["--select", "stg_salesforce__leads"], []])
def test_after_a_build_that_failed_or_had_some_models_only_the_next_makes_everything_anew(
    kept_up: tuple[Lake, Warehouse], tmp_path: Path, models: list[str]
) -> None:
    lake, kept = kept_up
    warehouse = Warehouse(kept.project, Path(copyfile(kept.path, tmp_path / kept.path.name)))
    torn = {**lake.loads, "salesforce__leads": [*lake.loads["salesforce__leads"], "no such load"]}
    assert stands(kept)

    if models:
        warehouse.build(lake.loads, *BUILD, *models, as_of=THIRD, told={"standing": True})
    else:
        with pytest.raises(BuildError):
            warehouse.keep_up(torn, THIRD)

    assert not stands(warehouse)


def stands(warehouse: Warehouse) -> bool:
    """Tell whether the next build may go on from the warehouse's tables."""
    manifest, as_of = warehouse.project.manifest, datetime.fromisoformat(THIRD)
    told = prepare_build(manifest, warehouse.path, "rules", as_of, is_whole=True, is_anew=False)
    return bool(told["standing"])


@pytest.mark.soak
def test_news_that_were_taken_back_after_a_broken_build_leave_no_row(
    kept_up: tuple[Lake, Warehouse], project: Project, tmp_path: Path
) -> None:
    lake, kept = kept_up
    warehouse = Warehouse(project, Path(copyfile(kept.path, tmp_path / kept.path.name)))
    leads = {"LastName": "Ben", "Status": "New"}
    half_way = [*BUILD, "--select", "+int_stage_stints"]
    for email, at in (("ann@x.example", "2026-05-02"), ("ben@x.example", "2026-05-03")):
        crms = Crms()
        crms.lead(BEN, "2026-01-02", at, Email=email, **leads)
        lake.add_all(crms.rows)
        if email.startswith("ann"):
            warehouse.build(lake.loads, *half_way, as_of=FOURTH, told={"standing": True})
    warehouse.keep_up(lake.loads, FOURTH)
    anew = Warehouse(project, tmp_path / "anew" / "warehouse.duckdb")
    anew.path.parent.mkdir()
    anew.keep_up(lake.loads, FOURTH)

    assert differing_tables(warehouse.path, anew.path) == {}
