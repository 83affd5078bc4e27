from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.errors import InvalidRequestError, SkippedStreamError, UnreadableAnswerError
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.submissions import SubmissionReader
from connectors.records import Batch, Cursor
from connectors.values import to_epoch_ms
from tests.unit.connectors.hubspot.portal import CLOCK, at
from tests.unit.connectors.scripted import Answer, Asked, Script

FORMS = "/marketing/v3/forms"
SUBMISSIONS = "/form-integrations/v1/submissions/forms"


@pytest.fixture
def reader(client: HubSpotClient) -> SubmissionReader:
    return SubmissionReader(client, timedelta(minutes=5), batch_rows=2)


def offer(script: Script, *form_ids: str) -> None:
    forms = [{"id": form_id, "name": "Demo", "formType": "hubspot"} for form_id in form_ids]
    script.on("GET", FORMS, Answer({"results": forms}))


def submission(conversion_id: str, minute: int) -> dict[str, object]:
    return {
        "conversionId": conversion_id,
        "submittedAt": to_epoch_ms(at(minute)),
        "values": [{"name": "email", "value": " Ada@Example.com "}],
        "pageUrl": "https://example.com/demo",
    }


def page(*submissions: dict[str, object], after: str | None = None) -> Answer:
    paging = {"paging": {"next": {"after": after}}} if after else {}
    return Answer({"results": submissions, **paging})


def read(reader: SubmissionReader, cursor: Cursor | None) -> list[Batch]:
    return list(reader.read(cursor))


def ids(batch: Batch) -> list[str]:
    found: list[str] = batch.tables["form_submissions"]["_record_id"].to_pylist()
    return found


def test_a_submission_is_read_with_its_form(script: Script, reader: SubmissionReader) -> None:
    offer(script, "f1")
    script.on("GET", f"{SUBMISSIONS}/f1", page(submission("s1", 1)))
    [batch] = read(reader, None)
    [row] = batch.tables["form_submissions"].to_pylist()
    assert row == {
        "_record_id": "s1",
        "_modified_at": at(1),
        "_is_deleted": False,
        "form_id": "f1",
        "form_name": "Demo",
        "form_type": "hubspot",
        "conversion_id": "s1",
        "email": "ada@example.com",
        "page_url": "https://example.com/demo",
        "submitted_at": at(1),
        "_unreadable": None,
    }


def test_a_first_read_names_the_last_form_that_is_finished(
    script: Script, reader: SubmissionReader
) -> None:
    offer(script, "f2", "f1")
    script.on("GET", f"{SUBMISSIONS}/f1", page(submission("s2", 2), submission("s1", 1)))
    script.on("GET", f"{SUBMISSIONS}/f2", page(submission("s3", 3)))
    assert [(ids(batch), batch.cursor) for batch in read(reader, None)] == [
        (["s2", "s1"], Cursor(CLOCK, resume_after="f1", read_at=CLOCK)),
        (["s3"], Cursor(CLOCK, read_at=CLOCK)),
    ]


def test_a_resumed_first_read_skips_finished_forms(
    script: Script, reader: SubmissionReader
) -> None:
    offer(script, "f1", "f2")
    script.on("GET", f"{SUBMISSIONS}/f2", page(submission("s3", 3)))
    [batch] = read(reader, Cursor(CLOCK, resume_after="f1"))
    assert (ids(batch), batch.cursor) == (["s3"], Cursor(CLOCK))


def test_a_resumed_first_read_with_nothing_left_goes_on_as_an_increment(
    script: Script, reader: SubmissionReader
) -> None:
    offer(script, "f1")
    script.on("GET", f"{SUBMISSIONS}/f1", page(submission("s4", 61), submission("s3", 3)))
    [batch] = read(reader, Cursor(CLOCK, resume_after="f1"))
    assert (ids(batch), batch.cursor) == (["s4"], Cursor(at(61), read_at=CLOCK))


def test_an_increment_stops_below_the_look_back(script: Script, reader: SubmissionReader) -> None:
    offer(script, "f1")
    path = f"{SUBMISSIONS}/f1"
    script.on("GET", path, page(submission("s3", 30), after="x"))
    script.on("GET", path, page(submission("s2", 16), submission("s1", 14), after="y"))
    [batch] = read(reader, Cursor(at(20)))
    assert (ids(batch), batch.cursor) == (["s3", "s2"], Cursor(at(30), read_at=CLOCK))
    assert [asked.query.get("after") for asked in script.asked_for(path)] == [None, "x"]


def test_what_was_read_an_hour_after_it_came_in_is_not_read_again(
    script: Script, reader: SubmissionReader
) -> None:
    offer(script, "f1")
    answer = page(submission("s3", 30), submission("s2", 1), submission("s1", 0))
    script.on("GET", f"{SUBMISSIONS}/f1", answer)
    [batch] = read(reader, Cursor(at(1), read_at=at(61)))
    assert ids(batch) == ["s3"]


def test_forms_without_submissions_give_no_batch(script: Script, reader: SubmissionReader) -> None:
    offer(script, "f1")
    script.on("GET", f"{SUBMISSIONS}/f1", page())
    assert read(reader, None) == []


def test_a_form_that_seems_to_have_none_is_asked_twice_at_a_first_read(
    script: Script, reader: SubmissionReader
) -> None:
    offer(script, "f1")
    script.on("GET", f"{SUBMISSIONS}/f1", page(), page(submission("s1", 1)))
    assert [ids(batch) for batch in read(reader, None)] == [["s1"]]


def test_an_increment_asks_a_form_without_submissions_once(
    script: Script, reader: SubmissionReader
) -> None:
    offer(script, "f1")
    script.on("GET", f"{SUBMISSIONS}/f1", page())
    assert read(reader, Cursor(at(0))) == []
    assert len(script.asked_for(f"{SUBMISSIONS}/f1")) == 1


def test_a_form_type_that_has_no_submissions_is_skipped(
    script: Script, reader: SubmissionReader
) -> None:
    offer(script, "f1", "f2")
    refusal = {"errors": [{"errorType": "FORM_TYPE_NOT_ALLOWED"}]}
    script.on("GET", f"{SUBMISSIONS}/f1", Answer(refusal, status=400))
    script.on("GET", f"{SUBMISSIONS}/f2", page(submission("s1", 1)))
    assert [ids(batch) for batch in read(reader, None)] == [["s1"]]


def test_an_archived_form_keeps_its_submissions(script: Script, reader: SubmissionReader) -> None:
    def answer(asked: Asked) -> Answer:
        form_id = "f1" if asked.query["archived"] == "true" else "f2"
        return Answer({"results": [{"id": form_id, "name": "Demo", "formType": "hubspot"}]})

    script.on("GET", FORMS, answer)
    script.on("GET", f"{SUBMISSIONS}/f1", page(submission("s1", 1)))
    script.on("GET", f"{SUBMISSIONS}/f2", page(submission("s2", 2)))
    assert [ids(batch) for batch in read(reader, None)] == [["s1", "s2"]]


@pytest.mark.parametrize("status", [403, 404])
def test_a_form_that_is_refused_costs_no_other(
    script: Script, reader: SubmissionReader, status: int
) -> None:
    offer(script, "f1", "f2")
    script.on("GET", f"{SUBMISSIONS}/f1", Answer({}, status=status))
    script.on("GET", f"{SUBMISSIONS}/f2", page(submission("s1", 1)))
    [batch] = read(reader, None)
    assert ids(batch) == ["s1"]
    assert batch.skipped == {"form_submissions": f"form f1: HTTP {status}"}


def test_a_form_that_was_refused_is_read_whole_once_it_answers(
    script: Script, reader: SubmissionReader
) -> None:
    offer(script, "f1", "f2")
    script.on("GET", f"{SUBMISSIONS}/f1", Answer({}, status=403), page(submission("s1", 1)))
    script.on("GET", f"{SUBMISSIONS}/f2", page(submission("s2", 59)))
    [first] = reader.read(None)
    assert first.cursor == Cursor(CLOCK, read_at=CLOCK, owed=frozenset({"f1"}))
    [second] = replace(reader, refusals={}).read(first.cursor)
    assert (ids(second), second.cursor) == (["s1", "s2"], Cursor(CLOCK, read_at=CLOCK))


def test_what_an_increment_was_refused_is_owed(script: Script, reader: SubmissionReader) -> None:
    offer(script, "f1", "f2")
    script.on("GET", f"{SUBMISSIONS}/f1", Answer({}, status=403))
    script.on("GET", f"{SUBMISSIONS}/f2", page(submission("s2", 59)))
    [batch] = reader.read(Cursor(at(30)))
    assert batch.cursor == Cursor(at(59), read_at=CLOCK, owed=frozenset({"f1"}))


def test_a_window_is_read_again_without_a_cursor(script: Script, client: HubSpotClient) -> None:
    offer(script, "f1")
    path = f"{SUBMISSIONS}/f1"
    script.on("GET", path, page(submission("s4", 40), submission("s3", 30), after="x"))
    script.on("GET", path, page(submission("s2", 20), submission("s1", 9), after="y"))
    reader = SubmissionReader(client, timedelta(minutes=5), 1)
    batches = list(reader.reread(at(10), at(30)))
    assert [(ids(batch), batch.cursor) for batch in batches] == [(["s3"], None), (["s2"], None)]
    assert len(script.asked_for(path)) == 2


@pytest.mark.parametrize("cursor", [None, Cursor(at(0))])
def test_where_nothing_came_in_a_refused_form_is_still_told(
    script: Script, reader: SubmissionReader, cursor: Cursor | None
) -> None:
    offer(script, "f1", "f2")
    script.on("GET", f"{SUBMISSIONS}/f1", Answer({}, status=403))
    script.on("GET", f"{SUBMISSIONS}/f2", page())
    with pytest.raises(SkippedStreamError, match=r"form_submissions\) form f1: HTTP 403$"):
        read(reader, cursor)


def test_forms_hidden_from_our_key_are_skipped(script: Script, reader: SubmissionReader) -> None:
    script.on("GET", FORMS, Answer({"category": "MISSING_SCOPES"}, status=403))
    with pytest.raises(SkippedStreamError, match=r"form_submissions.*MISSING_SCOPES"):
        read(reader, None)


def test_another_refusal_of_a_form_is_raised(script: Script, reader: SubmissionReader) -> None:
    offer(script, "f1")
    script.on("GET", f"{SUBMISSIONS}/f1", Answer({"category": "VALIDATION_ERROR"}, status=400))
    with pytest.raises(InvalidRequestError, match="VALIDATION_ERROR"):
        read(reader, None)


def test_pages_without_progress_are_an_error(script: Script, reader: SubmissionReader) -> None:
    offer(script, "f1")
    script.on("GET", f"{SUBMISSIONS}/f1", page(submission("s1", 1), after="x"))
    with pytest.raises(UnreadableAnswerError, match="begins where another one did"):
        read(reader, None)
