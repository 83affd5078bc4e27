"""What the CRM showed before and shows no longer: no reading that leaves it so is whole."""

import pytest

from connectors.errors import UnavailableError
from pipelines.reading.results import Audit
from tests.unit.pipelines.reading.desk import NOW, Desk, contact

KEYS = [f"{number:03}" for number in range(60)]


@pytest.fixture
def halved(desk: Desk) -> Desk:
    """Sixty records were read; the CRM shows thirty of them no longer."""
    desk.source.page_size = len(KEYS)
    desk.put(*map(contact, KEYS))
    desk.read()
    for key in KEYS[:30]:
        desk.source.vanish(key)
    return desk


def test_many_that_vanish_at_once_are_not_taken_for_removed(halved: Desk) -> None:
    result = halved.read(audit=0)

    assert (result.status, sorted(halved.current())) == ("partial", KEYS)
    assert "30 of 60 records are shown no longer" in result.why
    assert result.audit == Audit(NOW, 30, 60, extra=30, left=30)


@pytest.mark.parametrize("deep", [False, True])
def test_no_comparison_takes_them_for_removed_by_itself(halved: Desk, deep: bool) -> None:
    result = halved.audit(deep=deep)

    assert (result.status, sorted(halved.current())) == ("partial", KEYS)


def test_a_person_may_say_that_many_are_removed(halved: Desk) -> None:
    halved.read(audit=0)

    result = halved.audit(gone=True)

    assert result.audit == Audit(NOW, 30, 60, extra=30, repaired=30)
    assert sorted(halved.current()) == KEYS[30:]
    assert halved.read().status == "whole"


def test_readings_are_partial_as_long_as_they_are_hidden(halved: Desk) -> None:
    told = [halved.read(audit=0), halved.read(), halved.read()]

    assert {result.status for result in told} == {"partial"}
    assert len({result.why for result in told}) == 1


def test_readings_are_whole_once_they_are_shown_again(halved: Desk) -> None:
    halved.read(audit=0)
    halved.put(*map(contact, KEYS))

    assert [halved.audit().status, halved.read().status] == ["whole", "whole"]


def test_as_many_others_do_not_show_them_again(halved: Desk) -> None:
    halved.read(audit=0)
    halved.put(*(contact(f"new{key}") for key in KEYS[:30]))

    assert [halved.audit().status, halved.read().status] == ["partial", "partial"]


def test_none_is_taken_for_removed_because_others_came(halved: Desk) -> None:
    halved.read(audit=0)
    halved.put(*(contact(f"new{number:03}", 22) for number in range(300)))
    halved.read()
    result = halved.read(audit=0)

    assert (result.status, len(halved.current())) == ("partial", 360)
    assert "30 of 360 records are shown no longer" in result.why
    assert result.audit == Audit(NOW, 330, 360, extra=30, left=30)


def test_none_is_taken_for_removed_because_some_are_shown_again(halved: Desk) -> None:
    halved.read(audit=0)
    halved.put(*map(contact, KEYS[:29]))

    assert [halved.audit().status, halved.read().status] == ["partial", "partial"]
    assert sorted(halved.current()) == KEYS
    assert halved.audit(gone=True).audit == Audit(NOW, 59, 60, extra=1, repaired=1)


def test_a_comparison_that_breaks_off_leaves_them_hidden(halved: Desk) -> None:
    halved.read(audit=0)
    halved.source.survey = _fail  # type: ignore[method-assign]

    assert [halved.audit().status, halved.read().status] == ["failed", "partial"]


def _fail(*_: object) -> None:
    raise UnavailableError("hubspot", "contacts")


def test_what_the_crm_does_not_count_it_may_forget_in_any_number(halved: Desk) -> None:
    halved.source.counted = None
    halved.lose_marks()
    result = halved.read()

    assert (result.status, sorted(halved.current())) == ("whole", KEYS)
    assert result.audit == Audit(NOW, 30, 60, extra=30)


def test_a_detail_that_was_read_and_is_hidden_makes_readings_partial(desk: Desk) -> None:
    desk.put(contact("a"))
    desk.read()
    desk.source.hidden = {"contact_histories": "HTTP 403"}
    desk.put(contact("b", 23))
    told = [desk.read(), desk.read(), desk.read(details=0)]

    assert {result.status for result in told} == {"partial"}
    assert {result.why for result in told} == {"contact_histories: HTTP 403"}
    assert (desk.ids(), desk.audit().status) == (["a", "b"], "whole")
    desk.source.hidden = {}
    assert [desk.read(details=0).status, desk.read().status] == ["whole", "whole"]


def test_a_detail_hidden_in_a_first_read_was_never_whole(desk: Desk) -> None:
    desk.source.hidden = {"contact_histories": "HTTP 403"}
    desk.put(*map(contact, "abcde"))

    assert [desk.read().status, desk.read(details=0).status] == ["whole", "whole"]


def test_what_the_survey_told_is_not_gone_though_nothing_answers_for_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put(contact("a"), contact("b"))
    desk.read()
    desk.put(contact("a", 21))
    desk.source.vanish("b")
    monkeypatch.setattr(desk.source, "read_records", lambda *_asked: iter(()))

    assert desk.audit().audit == Audit(NOW, 1, 2, stale=1, extra=1, repaired=1, left=1)
    assert set(desk.current()) == {"a"}
