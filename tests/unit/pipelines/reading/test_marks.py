"""Marks: kept together, by CRM and stream, and let go of."""

import pytest

from pipelines import commit_points
from pipelines.reading.marks import Mark, Marks
from pipelines.reading.results import Audit
from pipelines.sync.store import StateStore
from tests.unit.pipelines.builders import utc
from tests.unit.pipelines.fakes import Killed

EARLY, LATE = Mark(utc("2026-11-20")), Mark(utc("2026-11-22"), '{"a": 1}')


def marks_of(store: StateStore) -> Marks:
    return Marks(store.engine, "hubspot")


def test_marks_are_there_for_the_next_run(store: StateStore) -> None:
    marks_of(store).note("contacts", {"settled": EARLY, "audit": EARLY})
    marks_of(store).note("contacts", {"settled": LATE})

    kept = marks_of(store)
    assert (kept.get("contacts", "settled"), kept.get("contacts", "audit")) == (LATE, EARLY)
    assert LATE.noted() == {"a": 1}
    assert kept.get("deals", "settled") is None
    assert Marks(store.engine, "salesforce").get("contacts", "settled") is None


def test_marks_are_found_by_name(store: StateStore) -> None:
    marks = marks_of(store)
    marks.note("contacts", {"audit": EARLY})
    marks.note("deals", {"audit": LATE, "settled": LATE})

    assert marks.of("audit") == {"contacts": EARLY, "deals": LATE}


def test_a_mark_that_is_let_go_of_is_gone(store: StateStore) -> None:
    marks = marks_of(store)
    marks.note("contacts", {"settled": EARLY, "audit": LATE})
    marks.forget("contacts", "settled", "never noted")

    assert (marks.get("contacts", "settled"), marks.get("contacts", "audit")) == (None, LATE)
    assert marks_of(store).get("contacts", "settled") is None


def test_a_run_that_dies_once_marks_are_noted_has_noted_them(
    store: StateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(_point: object) -> None:
        raise Killed

    monkeypatch.setattr(commit_points, "passing", die)
    with pytest.raises(Killed):
        marks_of(store).note("contacts", {"settled": EARLY})

    assert marks_of(store).get("contacts", "settled") == EARLY


def test_an_audit_comes_back_as_it_was_kept() -> None:
    audit = Audit(utc("2026-11-22"), 5, 4, missing=1, repaired=1)

    assert Audit.of(audit.to_mark()) == audit
