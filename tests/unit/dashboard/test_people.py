"""The highest scores, by person id alone."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from dashboard.people import MOST_SHOWN, highest_scores
from dashboard.published import open_snapshot
from dashboard.rows import PersonScore, Standing
from tests.unit.dashboard.published_builder import publish

ANNA = PersonScore("p_a", Decimal("88.20"), Decimal(50), Decimal("48.20"), Decimal(-10))


def scores_of(
    folder: Path, scores: list[PersonScore], standings: list[Standing]
) -> list[dict[str, object]]:
    """What the page shows for these rows."""
    tables: dict[str, Sequence[object]] = {
        "marts.person_scores": scores,
        "marts.person_lifecycles": standings,
    }
    return highest_scores(open_snapshot(publish(folder, tables)))


def test_a_person_is_shown_with_stage_and_parts_of_the_score(tmp_path: Path) -> None:
    rows = scores_of(tmp_path, [ANNA], [Standing("p_a", "Lead", 3.5), Standing("p_b", "Name", 1)])

    assert rows == [
        {
            "Person": "p_a",
            "Stage": "Lead",
            "Days in stage": 3.5,
            "Score": Decimal("88.20"),
            "Fit": Decimal(50),
            "Behaviour": Decimal("48.20"),
            "Adjustment": Decimal(-10),
        }
    ]


def test_a_person_without_a_stage_is_still_shown(tmp_path: Path) -> None:
    (row,) = scores_of(tmp_path, [ANNA], [])

    assert (row["Person"], row["Stage"], row["Days in stage"]) == ("p_a", None, None)


def test_no_more_than_a_screenful_is_shown(tmp_path: Path) -> None:
    assert len(highest_scores(open_snapshot(publish(tmp_path)))) == MOST_SHOWN


def test_without_scores_there_are_no_rows(tmp_path: Path) -> None:
    assert scores_of(tmp_path, [], []) == []
