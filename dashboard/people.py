"""The people with the highest scores, by id alone."""

from dashboard.published import Snapshot, read_rows_of, read_top_rows
from dashboard.rows import PersonScore, Standing

MOST_SHOWN = 20


def highest_scores(snapshot: Snapshot) -> list[dict[str, object]]:
    """Return the highest scores with the stage of each person, as rows of a table.

    Raises:
        PublishedError: scores or lifecycles cannot be read.
    """
    scores = read_top_rows(
        snapshot, "marts.person_scores", PersonScore, by="score", then="person_id", count=MOST_SHOWN
    )
    ids = [score.person_id for score in scores]
    standings = read_rows_of(snapshot, "marts.person_lifecycles", Standing, "person_id", ids)
    by_person = {standing.person_id: standing for standing in standings}
    return [_table_row(score, by_person.get(score.person_id)) for score in scores]


def _table_row(score: PersonScore, standing: Standing | None) -> dict[str, object]:
    return {
        "Person": score.person_id,
        "Stage": standing.stage_label if standing else None,
        "Days in stage": standing.days_in_stage if standing else None,
        "Score": score.score,
        "Fit": score.fit,
        "Behaviour": score.behaviour,
        "Adjustment": score.adjustment,
    }
