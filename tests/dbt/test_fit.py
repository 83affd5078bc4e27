"""Who becomes fit, and who is no longer: from the history of a Lead's title to stints."""

import pytest

from tests.dbt.crm import Crms
from tests.dbt.lake import Lake, utc
from tests.dbt.warehouse import Warehouse

ANN = "00Q5e00001AbCdEEAX"
MODELS = ("build", "--select", "+stage_stints", "--exclude-resource-type", "unit_test")
FLAGS = "--indirect-selection cautious"


@pytest.mark.parametrize(
    ("back_at", "stints"),
    [
        # two weeks are over before she has a title again: regress, and her second pass
        (
            "2026-04-01",
            [
                ("engaged-01", "advance", utc("2026-01-02")),
                ("target-01", "regress", utc("2026-02-01")),
                ("engaged-02", "advance", utc("2026-03-15")),
                ("target-02", "open", utc("2026-04-01")),
            ],
        ),
        # a week without a title is no matter
        (
            "2026-03-08",
            [
                ("engaged-01", "advance", utc("2026-01-02")),
                ("target-01", "open", utc("2026-02-01")),
            ],
        ),
    ],
)
def test_a_target_stays_one_until_the_points_are_missing_for_two_weeks(
    warehouse: Warehouse,
    lake: Lake,
    crms: Crms,
    back_at: str,
    stints: list[tuple[object, ...]],
) -> None:
    # Industry and country give her 15 points besides the title's.
    crms.lead(
        ANN, "2026-01-01", back_at, Email="ann@x.example", Title="Chief", Status="Nurturing",
        Industry="Software", Country="Germany", NumberOfEmployees=50,
    )  # fmt: skip
    crms.status(ANN, "New", "Nurturing", "2026-01-02")
    crms.change(ANN, "Title", "Clerk", "Director", "2026-02-01")
    crms.change(ANN, "Title", "Director", "Clerk", "2026-03-01")
    crms.change(ANN, "Title", "Clerk", "Chief", back_at)
    lake.add_all(crms.rows)

    warehouse.build(lake.loads, *MODELS, flags=FLAGS)

    query = """
        select stage_pass, exit_type, entered_at from marts.stage_stints
        where stage_key in ('engaged', 'target') order by stint_number
    """
    assert warehouse.rows(query) == stints
