"""When a record that was refused is tried again."""

from datetime import timedelta

import pytest

from pipelines.sync.changes import FieldChange
from pipelines.sync.refusals import LONGEST_WAIT, Refusal, is_held_back, refuse, wait_of
from tests.unit.pipelines.builders import AS_OF

HOUR = timedelta(hours=1)


def to(value: str) -> tuple[FieldChange, ...]:
    return (FieldChange("stage", "Stage__c", None, value, "ours", ""),)


def refused(times: int, code: str = "FIELD_CUSTOM_VALIDATION_EXCEPTION") -> Refusal:
    """Refuse the same value so often."""
    found = None
    for _ in range(times):
        found = refuse(found, to("Lead"), code, AS_OF)
    assert found is not None
    return found


@pytest.mark.parametrize(("times", "hours"), [(1, 6), (2, 12), (3, 24), (4, 48)])
def test_each_refusal_of_the_same_value_doubles_the_wait(times: int, hours: int) -> None:
    assert refused(times).next_at == AS_OF + hours * HOUR


def test_nothing_waits_longer_than_a_week() -> None:
    assert refused(40).next_at == AS_OF + LONGEST_WAIT


@pytest.mark.parametrize("code", ["UNABLE_TO_LOCK_ROW", "LOST", "SERVER_UNAVAILABLE"])
def test_what_may_pass_by_itself_is_tried_by_the_next_run(code: str) -> None:
    assert wait_of(code, 9) == timedelta(0)
    assert not is_held_back(refused(9, code), to("Lead"), AS_OF)


def test_the_same_value_is_held_back_until_its_time() -> None:
    assert is_held_back(refused(1), to("Lead"), AS_OF + 6 * HOUR - timedelta(seconds=1))
    assert not is_held_back(refused(1), to("Lead"), AS_OF + 6 * HOUR)


def test_another_value_is_sent_at_once_and_begins_anew() -> None:
    assert not is_held_back(refused(5), to("Customer"), AS_OF)
    assert refuse(refused(5), to("Customer"), "STRING_TOO_LONG", AS_OF).attempts == 1


def test_another_reason_begins_anew() -> None:
    assert refuse(refused(5), to("Lead"), "STRING_TOO_LONG", AS_OF).next_at == AS_OF + 6 * HOUR


def test_who_was_never_refused_is_not_held_back() -> None:
    assert not is_held_back(None, to("Lead"), AS_OF)
