"""Precision and recall by labels, counted by hand."""

from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.matching.judging import Verdict, joined, judge_groups, judge_pairs, read_labels
from pipelines.matching.pairs import LikelyPair
from pipelines.settings import SettingsError

TIED = {"a1": 1, "a2": 1, "a3": 2, "b1": 3, "b2": 4, "c1": 5}
LABELS = {"a1": "Ann", "a2": "Ann", "a3": "Ann", "b1": "Ben", "b2": "Ben", "c1": "Cem"}


def pair(one: str, other: str) -> LikelyPair:
    return LikelyPair(one, other, Decimal("0.9"), "name")


def test_of_four_true_pairs_the_ties_took_one_and_no_wrong_one() -> None:
    verdict = judge_groups(TIED, LABELS)

    assert verdict == Verdict(taken=1, right=1, true=4)
    assert (verdict.precision, verdict.recall) == (1.0, 0.25)


def test_a_wrong_join_costs_every_pair_that_it_makes() -> None:
    # Ann's three records become one, and Ben's first one is taken for hers.
    both = joined(TIED, [pair("a1", "a3"), pair("a3", "b1")])

    assert judge_groups(both, LABELS) == Verdict(taken=6, right=3, true=4)


def test_likely_pairs_are_judged_among_those_that_ties_left_apart() -> None:
    found = [pair("a1", "a3"), pair("a3", "c1"), pair("a1", "unlabelled")]
    tied = {**TIED, "unlabelled": 6}

    assert judge_pairs(tied, found, LABELS) == Verdict(taken=2, right=1, true=2)


def test_whoever_is_tied_wrongly_counts_as_the_one_of_most_records() -> None:
    tied = {"a1": 1, "a2": 1, "b1": 1, "a3": 2}

    assert judge_pairs(tied, [pair("a1", "a3")], LABELS) == Verdict(1, 1, 1)


def test_records_that_nobody_labelled_count_for_nothing() -> None:
    assert judge_groups({**TIED, "x": 1}, LABELS) == judge_groups(TIED, LABELS)


def test_without_a_pair_there_is_no_share() -> None:
    verdict = judge_groups({"a1": 1}, LABELS)

    assert (verdict.precision, verdict.recall) == (None, None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("record,who\na,1\n", "record_key and person"),
        ("record_key,person\na,1\na,2\n", "two labels"),
    ],
)
def test_labels_that_say_nothing_or_two_things_are_refused(
    tmp_path: Path, text: str, reason: str
) -> None:
    file = tmp_path / "labels.csv"
    file.write_text(text, "utf-8")

    with pytest.raises(SettingsError, match=reason):
        read_labels(file)


def test_labels_are_read_with_a_mark_and_further_columns(tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    file.write_text("\ufeffrecord_key,note,person\na,x,1\n", "utf-8")

    assert read_labels(file) == {"a": "1"}
