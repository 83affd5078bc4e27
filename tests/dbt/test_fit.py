"""Who becomes fit, and who is no longer: from the history of a Lead's title to stints."""

import pytest

from tests.dbt.crm import Crms
from tests.dbt.lake import Lake, utc
from tests.dbt.warehouse import Project, Warehouse

BACK_AFTER_A_MONTH, BACK_AFTER_A_WEEK = "00Q5e00001AbCdEEAX", "00Q5e00001AbCdFEAX"
MODELS = ("build", "--select", "+stage_stints", "--exclude-resource-type", "unit_test")
FLAGS = "--indirect-selection cautious"


@pytest.fixture(scope="module")
def built(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """One build of two people who have no fitting title from March on, for a month or a week."""
    folder = tmp_path_factory.mktemp("fit")
    lake, warehouse = Lake(folder / "lake"), Warehouse(project, folder / "warehouse.duckdb")
    crms = Crms()
    _story(crms, BACK_AFTER_A_MONTH, "2026-04-01")
    _story(crms, BACK_AFTER_A_WEEK, "2026-03-08")
    lake.add_all(crms.rows)
    warehouse.build(lake.loads, *MODELS, flags=FLAGS)
    return warehouse


def _story(crms: Crms, lead: str, back_at: str) -> None:
    # Industry and country give them 15 points besides the title's.
    crms.lead(
        lead, "2026-01-01", back_at, Email=f"{lead.lower()}@x.example", Title="Chief",
        Status="Nurturing", Industry="Software", Country="Germany", NumberOfEmployees=50,
    )  # fmt: skip
    crms.status(lead, "New", "Nurturing", "2026-01-02")
    crms.change(lead, "Title", "Clerk", "Director", "2026-02-01")
    crms.change(lead, "Title", "Director", "Clerk", "2026-03-01")
    crms.change(lead, "Title", "Clerk", "Chief", back_at)


@pytest.mark.parametrize(
    ("lead", "stints"),
    [
        # two weeks are over before she has a title again: regress, and her second pass
        (
            BACK_AFTER_A_MONTH,
            [
                ("engaged-01", "advance", utc("2026-01-02")),
                ("target-01", "regress", utc("2026-02-01")),
                ("engaged-02", "advance", utc("2026-03-15")),
                ("target-02", "open", utc("2026-04-01")),
            ],
        ),
        # a week without a title is no matter
        (
            BACK_AFTER_A_WEEK,
            [
                ("engaged-01", "advance", utc("2026-01-02")),
                ("target-01", "open", utc("2026-02-01")),
            ],
        ),
    ],
)
def test_a_target_stays_one_until_the_points_are_missing_for_two_weeks(
    built: Warehouse, lead: str, stints: list[tuple[object, ...]]
) -> None:
    query = f"""
        select stage_pass, exit_type, entered_at from marts.stage_stints
        inner join intermediate.int_person_xref using (person_id)
        where record_key = 'salesforce:lead:{lead}' and stage_key in ('engaged', 'target')
        order by stint_number
    """
    assert built.rows(query) == stints
