"""The lake against the CRM: counts first, then ids and stamps, and the difference repaired."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pyarrow as pa
import pytest

from connectors.arrow import Row, build_table
from connectors.records import Field
from pipelines.lake import Lake
from pipelines.reading import comparing
from pipelines.reading.comparing import Difference
from pipelines.reading.keeping import Keeper
from pipelines.reading.results import Audit, StreamResult
from tests.unit.pipelines.builders import utc
from tests.unit.pipelines.reading.desk import HOUR, NOW, Desk, contact

DAY = utc("2026-11-20")
SCORE = Field("score", "integer")


def rows(*told: tuple[str, int, object], deleted: str = "") -> pa.Table:
    """Return rows of id, days after the 20th and score."""
    return build_table(
        [SCORE],
        [Row(key, DAY + timedelta(days=n), key in deleted, {"score": s}) for key, n, s in told],
    )


def compare(surveys: list[pa.Table], known: pa.Table, fields: list[Field]) -> Difference:
    lake = Lake(f"memory://{uuid4()}")
    lake.append("hubspot", "contacts", known, None, NOW)
    with lake.known("hubspot", "contacts", fields) as session:
        return comparing.compare(surveys, session, fields)


def test_records_are_missing_stale_or_extra() -> None:
    known = rows(("a", 0, 1), ("b", 0, 1), ("c", 0, 1), ("gone", 0, 1), deleted="c,")
    surveys = [rows(("a", 0, 1), ("b", 1, 1)), rows(("c", 0, 1), ("new", 0, 1))]

    found = compare(surveys, known, [])

    newest = DAY + timedelta(days=1)
    assert found == Difference(4, ["c", "new"], ["b"], ["gone"], newest=newest)


def test_a_value_that_differs_makes_a_record_stale() -> None:
    found = compare([rows(("a", 0, 1), ("b", 0, 2), ("c", 0, None))], known_scores(), [SCORE])

    assert (found.stale, found.missing) == (["b"], [])


def known_scores() -> pa.Table:
    return rows(("a", 0, 1), ("b", 0, 1), ("c", 0, None))


def test_a_field_that_the_lake_lacks_makes_those_stale_that_have_a_value() -> None:
    known = known_scores().drop_columns(["score"])

    assert compare([rows(("a", 0, 1), ("b", 0, None))], known, [SCORE]).stale == ["a"]


def test_a_field_that_was_text_is_compared_as_what_it_is_now() -> None:
    texts = pa.array(["1", "1", "x"])
    known = known_scores().set_column(3, "score", texts)
    survey = rows(("a", 0, 1), ("b", 0, 2), ("c", 0, 3))

    assert compare([survey], known, [SCORE]).stale == ["b", "c"]


@pytest.mark.parametrize("name", ["kind", "later", "known", "told", "field_0", 'a "b"', "rowid"])
def test_a_field_may_bear_any_name(name: str) -> None:
    known, survey = rows(("a", 0, 1), ("b", 0, 1)), rows(("a", 0, 1), ("b", 0, 2))
    tables = [table.rename_columns({"score": name}) for table in (known, survey)]

    assert compare(tables[1:], tables[0], [Field(name, "integer")]).stale == ["b"]


def test_a_later_stamp_of_the_lake_is_told() -> None:
    found = compare([rows(("a", 0, 2))], rows(("a", 5, 1)), [SCORE])

    assert found.stamps == {"a": DAY + timedelta(days=5)}


def test_a_stamp_that_is_later_here_is_told_though_no_field_differs() -> None:
    found = compare([rows(("a", 0, 1), ("b", 0, 1))], rows(("a", 5, 1), ("b", 0, 1)), [SCORE])

    assert found == Difference(2, ahead={"a": DAY + timedelta(days=5)}, newest=DAY)


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


def test_no_duty_holds_all_records_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put(contact("a"), contact("b"))
    desk.read()
    monkeypatch.delattr(Lake, "current")
    desk.put(contact("b", 21))

    assert audit_of(desk.audit(deep=True)) == Audit(NOW, 2, 2, stale=1, repaired=1)
    assert desk.read(audit=0, details=0, calculated=0).status == "whole"


def test_what_a_repair_does_not_mend_is_left(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put(contact("a"))
    desk.read()
    desk.put(contact("b"))
    monkeypatch.setattr(Keeper, "keep_rows", lambda *_rows: None)

    assert audit_of(desk.audit()) == Audit(NOW, 2, 1, missing=1, left=1)


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


def test_a_clock_that_was_ahead_stamps_no_tombstone(desk: Desk) -> None:
    desk.put(contact("a", 21), contact("b", jobtitle="old"))
    desk.read()
    desk.later(40 * 24)
    desk.source.vanish("b")
    desk.read(audit=0)
    desk.later(-40 * 24)
    removed = desk.stamps()["b"]
    desk.put(contact("b", jobtitle="old"))
    desk.read(audit=0)
    desk.put(contact("b", 22, jobtitle="new"))
    desk.read()

    assert removed == utc("2026-11-21")
    assert desk.current("jobtitle") == {"a": (None,), "b": ("new",)}


def under_a_stamp_of_the_future(desk: Desk, hours: int) -> None:
    """Let a record live again under the stamp of its removal, and change below it."""
    desk.put(contact("a"), contact("b", jobtitle="old"))
    desk.read()
    desk.later(hours)
    desk.source.purge("b")
    desk.read(deletions=0)
    desk.later(-hours)
    desk.put(contact("b", jobtitle="old"))
    desk.read(audit=0)
    desk.put(contact("b", 22, jobtitle="new"))
    desk.read()


def test_a_change_below_a_stamp_that_was_ahead_is_found_by_a_comparison(desk: Desk) -> None:
    under_a_stamp_of_the_future(desk, hours=48)
    before = desk.current("jobtitle")["b"]

    assert audit_of(desk.audit(deep=True)) == Audit(NOW, 2, 2, stale=1, repaired=1)
    assert (before, desk.current("jobtitle")["b"]) == (("old",), ("new",))
    assert audit_of(desk.audit(deep=True)) == Audit(NOW, 2, 2)


def test_a_record_that_the_crm_may_show_late_is_not_read_over_its_newer_version(
    desk: Desk,
) -> None:
    desk.put(contact("a"), contact("b", jobtitle="old"))
    desk.read()
    desk.put(replace(contact("b", jobtitle="new"), modified_at=NOW))
    desk.read()
    desk.put(contact("b", 21, jobtitle="older"))
    desk.later(1)

    assert audit_of(desk.audit(deep=True), NOW + HOUR) == Audit(NOW + HOUR, 2, 2)
    assert desk.current("jobtitle")["b"] == ("new",)
