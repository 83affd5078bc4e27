"""What a CRM would refuse is found by its own description, before anything is sent."""

from typing import Any

import pytest

from connectors.changes import TargetField
from connectors.records import Value
from pipelines.sync.changes import FieldChange
from pipelines.sync.checking import find_drift, find_fault
from tests.unit.pipelines.builders import SCORE, STAGE, sync_of

SYNC = sync_of(STAGE, SCORE)


def stage(**settings: Any) -> dict[str, TargetField]:
    return {"Stage__c": TargetField(**{"name": "Stage__c", "type": "string"} | settings)}


def fault(value: Value, **settings: Any) -> tuple[str, str] | None:
    change = FieldChange("stage", "Stage__c", None, value, "ours", "")
    return find_fault([change], stage(**settings))


@pytest.mark.parametrize(
    ("value", "settings", "code"),
    [
        ("x" * 81, {"length": 80}, "STRING_TOO_LONG"),
        ("Lead", {"options": ("Name",)}, "NOT_AN_OPTION"),
        (["a", "c"], {"type": "list", "options": ("a", "b")}, "NOT_AN_OPTION"),
        (None, {"is_required": True}, "REQUIRED_FIELD_MISSING"),
    ],
)
def test_a_value_that_its_field_does_not_take_is_named(
    value: Value, settings: dict[str, Any], code: str
) -> None:
    assert fault(value, **settings) == ("Stage__c", code)


@pytest.mark.parametrize(
    ("value", "settings"),
    [
        ("x" * 80, {"length": 80}),
        ("Lead", {"options": ("Name", "Lead")}),
        (["b", "a"], {"type": "list", "options": ("a", "b")}),
        (None, {"options": ("Name",)}),
        ("anything", {}),
    ],
)
def test_what_the_field_takes_passes(value: Value, settings: dict[str, Any]) -> None:
    assert fault(value, **settings) is None


def test_a_field_that_nobody_described_is_for_the_crm_to_judge() -> None:
    change = FieldChange("stage", "Stage__c", None, "x" * 999, "ours", "")

    assert find_fault([change], {}) is None


def test_a_crm_that_has_what_the_mapping_needs_has_not_drifted() -> None:
    whole = {"type": "integer", "name": "Score__c"}
    assert find_drift(SYNC, stage() | {"Score__c": TargetField(**whole)}) == ()
    assert find_drift(SYNC, {}) == ()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"type": "date"}, "Stage__c is of type date, not string"),
        ({"is_writable": False}, "Stage__c can't be written"),
    ],
)
def test_what_has_changed_in_the_crm_is_said_in_words(settings: dict[str, Any], said: str) -> None:
    found = find_drift(SYNC, stage(**settings))

    assert found == (said, "Score__c is gone, or hidden from our user")
