"""The merge of one field: what we wrote last, what the CRM holds now, what is wanted."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from connectors.records import Value
from pipelines.sync import merging
from pipelines.sync.config import Policy, SyncField
from pipelines.sync.merging import Sides, Verdict
from tests.unit.pipelines.builders import AS_OF, SCORE, STAGE

ORDER = ("Name", "Lead", "Customer")
SIZE = {"column": "size", "field": "Size__c", "type": "integer", "label": "Size"}


def decide(field: SyncField, last: Value, now: Value, wanted: Value, days_ago: int = 0) -> Verdict:
    """Decide, a person's value having been seen first so many days ago."""
    sides = Sides(last, now, wanted, AS_OF - timedelta(days=days_ago))
    return merging.decide(field, sides, AS_OF, ORDER)


def field(policy: Policy = "ours", base: dict[str, Any] = STAGE, **settings: object) -> SyncField:
    return SyncField.model_validate({**base, "policy": policy, **settings})


@pytest.mark.parametrize("policy", ["ours", "human_wins", "fill_empty"])
@pytest.mark.parametrize(
    ("last", "now", "wanted", "verdict"),
    [
        (None, None, None, "unchanged"),
        (None, "Lead", "Lead", "unchanged"),
        ("Name", "Lead", "Lead", "unchanged"),
        (None, None, "Lead", "write"),
        ("Name", "Name", "Lead", "write"),
        ("Name", "Name", None, "write"),
    ],
)
def test_every_policy_follows_what_no_person_touched(
    policy: Policy, last: Value, now: Value, wanted: Value, verdict: str
) -> None:
    assert decide(field(policy), last, now, wanted) == verdict


@pytest.mark.parametrize(
    ("policy", "verdict"),
    [("ours", "write"), ("human_wins", "kept_human"), ("fill_empty", "kept_human")],
)
@pytest.mark.parametrize("last", [None, "Name"])
@pytest.mark.parametrize("wanted", ["Lead", None])
def test_what_a_person_typed_is_kept_unless_the_field_is_ours(
    policy: Policy, verdict: str, last: Value, wanted: Value
) -> None:
    assert decide(field(policy), last, "typed", wanted) == verdict


@pytest.mark.parametrize(
    ("policy", "verdict"),
    [("ours", "write"), ("human_wins", "kept_human"), ("fill_empty", "write")],
)
def test_a_field_that_a_person_emptied_stays_empty_only_where_the_human_wins(
    policy: Policy, verdict: str
) -> None:
    assert decide(field(policy), "Name", None, "Lead") == verdict


@pytest.mark.parametrize(
    ("now", "verdict"), [("35.01", "unchanged"), ("35", "write"), ("45", "write")]
)
def test_only_a_difference_of_min_change_is_worth_a_write(now: str, verdict: str) -> None:
    score = field(base=SCORE, min_change=5)

    assert decide(score, None, Decimal(now), Decimal("40.00")) == verdict


def test_min_change_holds_for_whole_numbers_too() -> None:
    assert decide(field(base=SIZE, min_change=5), 10, 10, 12) == "unchanged"


def test_a_first_score_and_a_cleared_score_are_never_noise() -> None:
    score = field(base=SCORE, min_change=5)

    assert decide(score, None, None, Decimal("1.00")) == "write"
    assert decide(score, Decimal("1.00"), Decimal("1.00"), None) == "write"


def test_slow_drift_is_measured_from_what_the_crm_holds() -> None:
    score, held = field(base=SCORE, min_change=5), Decimal("40.00")
    verdicts = [decide(score, held, held, Decimal(wanted)) for wanted in (38, 36, 35)]

    assert verdicts == ["unchanged", "unchanged", "write"]


@pytest.mark.parametrize(
    ("days_ago", "verdict"), [(0, "kept_human"), (29, "kept_human"), (30, "write")]
)
def test_a_persons_value_may_stand_for_so_many_days(days_ago: int, verdict: str) -> None:
    for_a_while = field("human_wins_for", days=30)

    assert decide(for_a_while, "Name", "typed", "Lead", days_ago) == verdict
    assert decide(for_a_while, "Name", "Name", "Lead", days_ago) == "write"


@pytest.mark.parametrize(
    ("now", "wanted", "verdict"),
    [
        ("Lead", "Customer", "write"),
        ("Lead", "Name", "unchanged"),
        (None, "Name", "write"),
        ("a value of nobody's list", "Name", "write"),
        ("Lead", "a value of nobody's list", "unchanged"),
        ("Lead", None, "unchanged"),
    ],
)
def test_a_field_that_only_goes_forward_is_never_taken_back(
    now: Value, wanted: Value, verdict: str
) -> None:
    assert decide(field("forward_only"), now, now, wanted) == verdict


def test_a_person_who_is_ahead_of_us_is_counted_as_kept() -> None:
    assert decide(field("forward_only"), "Name", "Customer", "Lead") == "kept_human"


@pytest.mark.parametrize(
    ("last", "now", "verdict"),
    [("Lead", "Lead", "write"), ("Lead", "typed", "kept_human"), (None, None, "unchanged")],
)
def test_a_field_that_is_given_up_loses_our_value_and_keeps_a_persons(
    last: Value, now: Value, verdict: str
) -> None:
    assert decide(field("clear"), last, now, "Customer") == verdict
