from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from connectors.hubspot.merges import Graves, find_merged
from connectors.hubspot.shapes import Records, build_shape
from connectors.hubspot.stamps import read_stamps

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)
SHAPE = build_shape(["hs_merged_object_ids", "lastmodifieddate"])


def records(*merged: str | None) -> Records:
    """Return records 1, 2, 3 ..., modified an hour after one another."""
    decoded = [
        {"id": str(number), "properties": {"hs_merged_object_ids": ids}}
        for number, ids in enumerate(merged, start=1)
    ]
    found: Records = msgspec.convert({"results": decoded}, SHAPE.page).results
    return found


def graves(*merged: str | None, since: datetime | None = None) -> Graves:
    stamps = [(NINE + timedelta(hours=hour)).isoformat() for hour in range(len(merged))]
    return find_merged(SHAPE, records(*merged), read_stamps(stamps, "contacts"), since)


@pytest.mark.parametrize("nothing", [None, "", ";", " "])
def test_most_records_have_nothing_behind_them(nothing: str | None) -> None:
    assert graves(nothing) == Graves()


def test_what_was_merged_bears_the_stamp_of_what_is_left() -> None:
    assert graves(None, "7; 8") == Graves(["7", "8"], [NINE + timedelta(hours=1)] * 2)


def test_what_has_just_come_as_living_is_in_no_grave() -> None:
    assert graves("1;2;9", None) == Graves(["9"], [NINE])


def test_older_merges_are_passed_over() -> None:
    found = graves("7", "8", since=NINE + timedelta(minutes=1))
    assert found == Graves(["8"], [NINE + timedelta(hours=1)])


def test_objects_that_are_never_merged_are_not_asked_about_it() -> None:
    shape = build_shape(["hs_lastmodifieddate"])
    assert find_merged(shape, [], read_stamps([], "notes")) == Graves()
