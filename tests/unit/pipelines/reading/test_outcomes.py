"""What is told of a stream and of its details."""

import pytest

from connectors.errors import UnavailableError
from connectors.tally import CallCounts
from pipelines.reading.results import ExtractResult, StreamsFailedError, raise_if_unfinished
from tests.unit.pipelines.reading.desk import NOW, Desk, contact

CONTACTS = ["contacts", "contact_histories", "contact_associations"]


def ends(desk: Desk) -> dict[str, str]:
    return {result.stream: result.status for result in desk.results}


def test_a_detail_that_is_hidden_makes_no_other_partial(desk: Desk) -> None:
    desk.put(contact("a"))
    desk.read()
    desk.source.hidden = {"contact_histories": "HTTP 403"}
    desk.put(contact("b", 23))
    desk.read()

    assert ends(desk) == dict(zip(CONTACTS, ("partial", "partial", "whole"), strict=True))


def test_a_reason_is_told_once_for_a_stream_and_its_details(desk: Desk) -> None:
    desk.source.fails_before_page, desk.source.failure = 1, UnavailableError("hubspot", "contacts")
    desk.read()

    assert ends(desk) == dict.fromkeys(CONTACTS, "failed")
    with pytest.raises(StreamsFailedError) as told:
        raise_if_unfinished([ExtractResult("hubspot", tuple(desk.results), NOW, CallCounts())])
    assert str(told.value).endswith(f": hubspot {', '.join(CONTACTS)}: {desk.source.failure}")
