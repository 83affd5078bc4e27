"""The lake against the CRM: counts first, then ids and stamps, and the difference repaired."""

from dataclasses import replace
from datetime import datetime, timedelta

import pyarrow as pa
import pytest

from connectors.arrow import Row, build_table
from connectors.records import Field
from pipelines.reading.comparing import Difference, compare
from pipelines.reading.results import Audit, StreamResult
from tests.unit.pipelines.builders import utc
from tests.unit.pipelines.reading.desk import NOW, Desk, contact

DAY = utc("2026-11-20")
SCORE = Field("score", "integer")


def rows(*told: tuple[str, int, object], deleted: str = "") -> pa.Table:
    """Return rows of id, days after the 20th and score."""
    return build_table(
        [SCORE],
        [Row(key, DAY + timedelta(days=n), key in deleted, {"score": s}) for key, n, s in told],
    )


def test_records_are_missing_stale_or_extra() -> None:
    known = rows(("a", 0, 1), ("b", 0, 1), ("c", 0, 1), ("gone", 0, 1), deleted="c,")
    surveys = [rows(("a", 0, 1), ("b", 1, 1)), rows(("c", 0, 1), ("new", 0, 1))]

    found = compare(surveys, known, [])

    assert found == Difference(4, ["c", "new"], ["b"], ["gone"], {})


def test_a_value_that_differs_makes_a_record_stale() -> None:
    found = compare([rows(("a", 0, 1), ("b", 0, 2), ("c", 0, None))], known_scores(), ["score"])

    assert (found.stale, found.missing) == (["b"], [])


def known_scores() -> pa.Table:
    return rows(("a", 0, 1), ("b", 0, 1), ("c", 0, None))


def test_a_field_that_the_lake_lacks_makes_those_stale_that_have_a_value() -> None:
    known = known_scores().drop_columns(["score"])

    assert compare([rows(("a", 0, 1), ("b", 0, None))], known, ["score"]).stale == ["a"]


def test_a_field_that_was_text_is_compared_as_what_it_is_now() -> None:
    texts = pa.array(["1", "1", "x"])
    known = known_scores().set_column(3, "score", texts)
    survey = rows(("a", 0, 1), ("b", 0, 2), ("c", 0, 3))

    assert compare([survey], known, ["score"]).stale == ["b", "c"]


def test_a_later_stamp_of_the_lake_is_told() -> None:
    found = compare([rows(("a", 0, 2))], rows(("a", 5, 1)), ["score"])

    assert found.stamps == {"a": DAY + timedelta(days=5)}


def test_nothing_surveyed_makes_everything_extra() -> None:
    assert compare([], known_scores(), []) == Difference(0, [], [], ["a", "b", "c"], {})


def audit_of(result: StreamResult, at: datetime = NOW) -> Audit:
    assert result.audit is not None
    assert result.audit.at == at
    return result.audit


def test_equal_counts_are_believed_unless_a_person_says_otherwise(desk: Desk) -> None:
    desk.put(contact("a"), contact("b"))
    desk.read()
    desk.put(contact("a", 21))

    assert audit_of(desk.audit()) == Audit(NOW, 2, 2)
    assert desk.source.asked == [("count", "contacts")]
    assert audit_of(desk.audit(deep=True)) == Audit(NOW, 2, 2, stale=1, repaired=1)


def test_a_difference_is_found_and_repaired(desk: Desk) -> None:
    desk.put(contact("a"), contact("b"), contact("c"))
    desk.read()
    desk.source.vanish("c")
    desk.put(contact("b", 21), contact("d"), contact("e"))

    found = audit_of(desk.audit())

    assert found == Audit(NOW, 4, 3, missing=2, stale=1, extra=1, repaired=4)
    assert set(desk.current()) == {"a", "b", "d", "e"}
    assert desk.rows()[-1]["email"] == "c@example.com"
    assert audit_of(desk.audit(deep=True)) == Audit(NOW, 4, 4)


def test_many_that_vanish_at_once_are_not_taken_for_removed(desk: Desk) -> None:
    keys = [f"{number:03}" for number in range(60)]
    desk.put(*map(contact, keys))
    desk.read()
    for key in keys[:30]:
        desk.source.vanish(key)
    result = desk.read(audit=0)

    assert (result.status, sorted(desk.current())) == ("partial", keys)
    assert "30 of 60 records are shown no longer" in result.why
    assert audit_of(result) == Audit(NOW, 30, 60, extra=30, left=30)


def test_a_person_may_say_that_many_are_removed(desk: Desk) -> None:
    keys = [f"{number:03}" for number in range(60)]
    desk.put(*map(contact, keys))
    desk.read()
    for key in keys[:30]:
        desk.source.vanish(key)

    assert audit_of(desk.audit(deep=True)) == Audit(NOW, 30, 60, extra=30, repaired=30)
    assert sorted(desk.current()) == keys[30:]


def test_what_the_crm_does_not_count_it_may_forget(desk: Desk) -> None:
    desk.source.counted = None
    desk.put(contact("a"), contact("b"))
    desk.read()
    desk.source.vanish("b")
    desk.source.described = {"phone": "string"}
    desk.read(calculated=0)

    assert sorted(desk.current()) == ["a", "b"]


def test_a_stream_that_cant_be_counted_is_asked_again_when_it_is_due(desk: Desk) -> None:
    desk.source.counted = None
    desk.put(contact("a"))
    desk.read()
    desk.later()
    desk.read(audit=60)
    asked = desk.asked("count")
    desk.read(audit=60)

    assert (asked, desk.asked("count")) == (["contacts"], [])


def test_a_record_in_the_recycle_bin_is_kept_as_deleted(desk: Desk) -> None:
    desk.put(contact("a"), contact("b"))
    desk.read()
    desk.put(replace(contact("b", 21), is_deleted=True))

    assert audit_of(desk.audit()) == Audit(NOW, 1, 2, extra=1, repaired=1)
    assert desk.stamps()["b"] == utc("2026-11-21")


def test_counts_that_lag_behind_cost_a_survey_and_change_nothing(desk: Desk) -> None:
    desk.put(contact("a"), contact("b"))
    desk.read()
    desk.source.counted = 1

    assert audit_of(desk.audit()) == Audit(NOW, 2, 2)
    assert desk.asked("read_records") == []


def test_what_a_repair_does_not_mend_is_left(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put(contact("a"))
    desk.read()
    desk.put(contact("b"))
    monkeypatch.setattr("pipelines.reading.keeping.Keeper.living_ids", lambda _keeper: ["a"])

    assert audit_of(desk.audit()) == Audit(NOW, 2, 1, missing=1, left=1)


def test_a_stream_that_cant_be_counted_is_not_compared(desk: Desk) -> None:
    desk.source.counted = None
    desk.put(contact("a"))
    desk.read()
    result = desk.audit(deep=True)

    assert (result.status, result.skipped) == ("skipped", "the CRM can't count it")


def test_a_stream_that_is_not_read_whole_is_not_compared(desk: Desk) -> None:
    assert (desk.audit().status, desk.source.asked) == ("skipped", [])


def test_a_calculated_value_behind_a_lifted_stamp_is_seen(desk: Desk) -> None:
    desk.source.described, desk.source.calculated = {"score": "integer"}, frozenset({"score"})
    desk.put(contact("a", score=1))
    desk.read()
    desk.source.purge("a")
    desk.later()
    desk.read(deletions=0)
    desk.put(contact("a", score=1))
    desk.read(audit=0)
    desk.put(contact("a", score=2))
    desk.read(calculated=0)

    assert desk.current("score") == {"a": (2,)}
