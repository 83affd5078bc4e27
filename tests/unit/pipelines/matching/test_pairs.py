"""What becomes of a likely pair, and what the lake keeps of those found."""

from datetime import timedelta
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from pipelines.lake import Lake
from pipelines.matching.pairs import LikelyPair, band_of, begin_matches, keep_pairs
from pipelines.rules.identity_models import LikelyMatches
from tests.unit.pipelines.builders import AS_OF


def pair(one: str, other: str, probability: str = "0.9") -> LikelyPair:
    return LikelyPair(one, other, Decimal(probability), "name, employer")


def loads(lake: Lake) -> list[list[tuple[str, bool, Decimal]]]:
    """Return the rows of each load: the pair, whether it is gone, its probability."""
    names = ["_record_id", "_is_deleted", "probability"]
    return [
        [
            tuple(row.values())
            for row in pq.read_table(path, columns=names).select(names).to_pylist()
        ]
        for path in lake.paths("leadcycle", "likely_matches")
    ]


@pytest.mark.parametrize(
    ("probability", "band"),
    [
        ("1", "accepted"),
        ("0.95", "accepted"),
        ("0.9499", "review"),
        ("0.8", "review"),
        ("0.7999", "unlikely"),
    ],
)
def test_a_bound_belongs_to_the_band_above_it(probability: str, band: str) -> None:
    assert band_of(Decimal(probability), LikelyMatches()) == band


def test_the_stream_is_known_before_anybody_has_matched_and_begun_once(lake: Lake) -> None:
    begin_matches(lake, AS_OF)

    assert begin_matches(lake, AS_OF) is None
    assert loads(lake) == [[]]


def test_what_a_run_finds_again_is_not_kept_again(lake: Lake) -> None:
    keep_pairs(lake, [pair("a", "b"), pair("c", "d")], AS_OF)

    assert keep_pairs(lake, [pair("a", "b"), pair("c", "d")], AS_OF + timedelta(days=1)) is None


def test_a_pair_that_is_found_no_more_is_gone_and_another_probability_is_news(lake: Lake) -> None:
    keep_pairs(lake, [pair("a", "b"), pair("c", "d")], AS_OF)
    keep_pairs(lake, [pair("c", "d", "0.97")], AS_OF + timedelta(days=1))

    first, second = loads(lake)
    assert first == [("a|b", False, Decimal("0.9")), ("c|d", False, Decimal("0.9"))]
    assert second == [("c|d", False, Decimal("0.97")), ("a|b", True, Decimal("0.9"))]


def test_a_pair_that_comes_back_lives_again(lake: Lake) -> None:
    for day, found in enumerate(([pair("a", "b")], [], [pair("a", "b")])):
        keep_pairs(lake, found, AS_OF + timedelta(days=day))

    assert [rows[0][1] for rows in loads(lake)] == [False, True, False]
