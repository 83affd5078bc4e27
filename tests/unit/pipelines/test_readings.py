"""What a run says of its reading: the same for Dagster, for people and for machines."""

from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from dagster import AssetKey, AssetMaterialization

from pipelines.cli_output import people
from pipelines.cli_run import _reading, print_summary
from pipelines.components.reading_metadata import stream_metadata
from pipelines.reading.results import StreamResult
from pipelines.summary import Reading, Summary

READ = StreamResult("leads", rows_read=7, rows_kept=3, loads=1, missing_fields=(), requests=2)
SKIPPED = StreamResult(
    "events", 0, 0, 0, (), skipped="HTTP 403 [NO_ACCESS]", requests=1, status="skipped"
)


@pytest.mark.parametrize(
    ("result", "reading"),
    [
        (READ, Reading("salesforce", "leads", requests=2, rows_read=7, rows_new=3)),
        (SKIPPED, Reading("salesforce", "events", 1, 0, 0, skipped="HTTP 403 [NO_ACCESS]")),
    ],
)
def test_a_summary_says_what_the_step_told_dagster(result: StreamResult, reading: Reading) -> None:
    key = AssetKey(["raw", f"salesforce__{result.stream}"])
    told = AssetMaterialization(key, metadata=stream_metadata(result))

    assert _reading("salesforce", told) == reading


def summary_of(*readings: Reading) -> Summary:
    as_of = datetime(2026, 6, 30, tzinfo=UTC)
    return Summary("000001", as_of, 0, (), (), True, (), (), readings=readings)


def test_readings_are_part_of_the_document() -> None:
    reading = Reading("hubspot", "deals", requests=6, rows_read=2, rows_new=1)

    assert summary_of(reading).to_json()["readings"] == (asdict(reading),)


def test_people_see_what_is_new_in_each_crm_and_what_was_skipped() -> None:
    summary = summary_of(
        Reading("salesforce", "leads", requests=2, rows_read=7, rows_new=3),
        Reading("salesforce", "tasks", requests=2, rows_read=1, rows_new=0),
        Reading("salesforce", "events", 1, 0, 0, skipped="HTTP 403 [NO_ACCESS]"),
    )
    with people.capture() as shown:
        print_summary(summary)

    lines = [" ".join(line.split()) for line in shown.get().splitlines()]
    assert "│ salesforce │ leads 3 │ 5 │ 8 │ 3 │" in lines
    assert "│ hubspot │ none │ 0 │ 0 │ 0 │" in lines
    assert any("events skipped: HTTP 403 [NO_ACCESS]" in line for line in lines)


def test_without_a_reading_nothing_is_said_of_one() -> None:
    with people.capture() as shown:
        print_summary(summary_of())

    assert "streams with news" not in shown.get()
