import pytest

from connectors.records import Road
from connectors.salesforce.roads import choose_road


@pytest.mark.parametrize(
    ("announced", "page_rows", "queries", "road"),
    [
        (0, 0, 1, Road("rest", 0, "bulk", 9)),
        (2_000, 2_000, 1, Road("rest", 1, "bulk", 10)),
        (20_000, 2_000, 1, Road("rest", 10, "bulk", 10)),
        (22_000, 2_000, 1, Road("bulk", 10, "rest", 11)),
        (3_000, 200, 1, Road("bulk", 10, "rest", 15)),
        (8_000, 2_000, 3, Road("bulk", 10, "rest", 12)),
        (200_000, 2_000, 1, Road("bulk", 13, "rest", 100)),
    ],
    ids=["none", "a-page", "as-cheap", "dearer", "wide-rows", "several-queries", "many"],
)
def test_the_road_is_the_one_of_fewer_calls(
    announced: int, page_rows: int, queries: int, road: Road
) -> None:
    assert choose_road(announced, page_rows, queries) == road


def test_calls_saved_are_told() -> None:
    assert choose_road(200_000, 2_000, 1).saved == 87
