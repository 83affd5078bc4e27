import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from connectors.records import STAMP_STEP, Cursor, Field, FieldType, Stream

TEN_MINUTES = timedelta(minutes=10)

STREAM = Stream(
    crm="salesforce",
    name="events",
    object_name="Event",
    required_fields={"Id": "string", "Minutes": "integer", "EndsAt": "datetime"},
    left_out=re.compile("^Words$"),
)


def test_fields_are_those_described_then_those_required_but_absent() -> None:
    described: dict[str, FieldType] = {
        "Id": "string",
        "Minutes": "decimal",
        "Words": "string",
        "Own__c": "boolean",
    }
    assert STREAM.choose_fields(described) == (
        Field("Id", "string"),
        Field("Minutes", "integer"),
        Field("Own__c", "boolean"),
        Field("EndsAt", "datetime", exists=False),
    )


def at(minute: int) -> datetime:
    return datetime(2026, 11, 22, 9, tzinfo=UTC) + timedelta(minutes=minute)


@pytest.mark.parametrize(
    ("read_at", "floor"),
    [
        pytest.param(at(21), at(11), id="read just after it changed"),
        pytest.param(at(30), at(20), id="read a look-back after it changed"),
        pytest.param(at(80), at(20) + STAMP_STEP, id="read an hour after it changed"),
        pytest.param(None, at(10), id="not read to the end"),
    ],
)
def test_a_read_begins_where_something_could_still_be_missing(
    read_at: datetime | None, floor: datetime
) -> None:
    assert Cursor(at(20), "1", read_at=read_at).floor(TEN_MINUTES) == floor


@pytest.mark.parametrize("read_at", [at(21), None])
@pytest.mark.parametrize("resume_after", ["7", "", None])
def test_a_cursor_comes_back_as_it_was_kept(
    read_at: datetime | None, resume_after: str | None
) -> None:
    cursor = Cursor(at(20), "1", resume_after, read_at)
    assert Cursor.from_json(cursor.to_json()) == cursor


def test_a_cursor_kept_without_the_time_of_reading_is_still_read() -> None:
    kept = {"modified_at": at(20).isoformat(), "record_id": "1", "resume_after": None}
    assert Cursor.from_json(json.dumps(kept)) == Cursor(at(20), "1")
