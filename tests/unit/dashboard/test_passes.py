"""People by how often they have entered a stage."""

from dashboard.passes import StagePasses, stage_passes, table_of
from dashboard.rows import PassCount


def stays(key: str, rank: int, *people: int, path_type: str = "success") -> list[PassCount]:
    """How many people have a first pass, a second, a third ..."""
    return [
        PassCount(key, key.title(), rank, path_type, number, n)
        for number, n in enumerate(people, start=1)
    ]


def test_everybody_counts_once_by_the_highest_pass_reached() -> None:
    assert stage_passes(stays("lead", 6, 100, 30, 12, 5), []) == [
        StagePasses("Lead", entered=100, second=18, later=12)
    ]


def test_stages_stand_in_the_order_of_the_path() -> None:
    counts = [*stays("customer", 9, 3), *stays("lead", 6, 5), *stays("name", 3, 7)]

    assert [passes.stage_label for passes in stage_passes(counts, [])] == [
        "Name",
        "Lead",
        "Customer",
    ]


def test_of_the_detours_only_those_that_end_a_cycle_are_counted() -> None:
    detours = [
        count
        for rank, key in enumerate(["recycled", "dormant", "lost", "disqualified"], start=10)
        for count in stays(key, rank, 4, path_type="detour")
    ]

    found = stage_passes(detours, ends_cycle=["recycled", "lost"])

    assert [passes.stage_label for passes in found] == ["Recycled", "Lost"]


def test_a_row_says_how_many_came_back_in_a_hundred() -> None:
    (row,) = table_of([StagePasses("Lead", entered=40, second=8, later=2)])

    assert row == {"Stage": "Lead", "Entered": 40, "Twice": 8, "3 or more": 2, "Came back": 25.0}
