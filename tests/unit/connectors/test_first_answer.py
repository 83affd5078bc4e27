"""The first question about an object: skipped is what was refused twice."""

import pytest

from connectors.errors import (
    PASSING,
    CrmError,
    ForbiddenError,
    NotFoundError,
    SkippedStreamError,
    UnavailableError,
    first_answer,
)

ABSENT = NotFoundError("hubspot", "GET /contacts", "HTTP 404", "add the scope")
HIDDEN = ForbiddenError("hubspot", "GET /contacts", "HTTP 403", "add the scope")


class Question:
    """Is refused as it is told to, then answered; remembers how long its caller waited."""

    def __init__(self, *refusals: CrmError) -> None:
        self.waits: list[float] = []
        self._refusals = list(refusals)

    def __call__(self) -> str:
        if self._refusals:
            raise self._refusals.pop(0)
        return "answer"

    def put(self) -> str:
        return first_answer("hubspot", "contacts", self, self.waits.append)


@pytest.mark.parametrize("refusal", [ABSENT, HIDDEN], ids=["absent", "hidden"])
def test_a_refusal_that_passes_skips_nothing(refusal: CrmError) -> None:
    question = Question(refusal)
    assert (question.put(), question.waits) == ("answer", [PASSING])


def test_what_is_answered_is_asked_once() -> None:
    question = Question()
    assert (question.put(), question.waits) == ("answer", [])


def test_what_is_refused_twice_is_skipped_with_the_latest_reason() -> None:
    question = Question(ABSENT, HIDDEN)
    with pytest.raises(SkippedStreamError) as skipped:
        question.put()
    told = skipped.value
    assert (told.where, told.what, told.next_step) == ("contacts", HIDDEN.what, HIDDEN.next_step)
    assert question.waits == [PASSING]


def test_another_fault_is_not_asked_about_again() -> None:
    question = Question(UnavailableError("hubspot", "GET /contacts"))
    with pytest.raises(UnavailableError):
        question.put()
    assert question.waits == []
