"""What a comparison leaves alone: streams that nobody counts, or that are not read yet."""

from connectors.errors import UnavailableError
from pipelines.reading.results import Audit
from tests.unit.pipelines.reading.desk import NOW, Desk, contact


def test_a_stream_that_cant_be_counted_is_not_compared(desk: Desk) -> None:
    desk.source.counted = None
    desk.put(contact("a"))
    desk.read()
    result = desk.audit(deep=True)

    assert (result.status, result.skipped) == ("skipped", "the CRM can't count it")


def test_a_stream_that_is_not_read_whole_is_not_compared(desk: Desk) -> None:
    assert (desk.audit().status, desk.source.asked) == ("unread", [])
    desk.put(*(contact(key) for key in "abc"))
    desk.source.failure, desk.source.fails_before_page = UnavailableError("hubspot", "x"), 2
    desk.read()

    assert (desk.audit().why, desk.source.asked) == (
        "the read of all is not finished -> run `leadcycle extract`",
        [],
    )


def test_an_object_that_had_no_records_is_compared(desk: Desk) -> None:
    desk.read()

    assert desk.audit().audit == Audit(NOW, 0, 0)
    desk.put(contact("a"))
    assert desk.audit().audit == Audit(NOW, 1, 0, missing=1, repaired=1)
    assert (desk.read().status, desk.ids()) == ("whole", ["a"])
