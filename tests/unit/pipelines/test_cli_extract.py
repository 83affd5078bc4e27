"""What people are told of a reading, a comparison and an examination."""

from dataclasses import replace
from typing import Any

import click
import pytest
from click.testing import CliRunner
from rich.table import Table

from connectors.errors import QuotaExhaustedError
from connectors.records import Finding
from connectors.tally import CallCounts
from pipelines.cli_extract import findings_table, print_comparisons, print_streams, reconcile
from pipelines.cli_output import DONE, FAILED, IN_PART, command, people
from pipelines.reading.marks import AUDIT
from pipelines.reading.results import (
    Audit,
    Duty,
    ExtractResult,
    ReadInPartError,
    StreamResult,
    StreamsFailedError,
)
from tests.unit.pipelines.builders import utc

NOW = utc("2026-11-22")


def result_of(*streams: StreamResult) -> ExtractResult:
    return ExtractResult("hubspot", streams, NOW, CallCounts())


def shown(table: Table) -> list[str]:
    with people.capture() as printed:
        people.print(table)
    return [" ".join(line.split()) for line in printed.get().splitlines()]


def test_people_are_told_why_a_stream_was_skipped_or_not_read_whole() -> None:
    streams = (
        StreamResult("deals", 2, 1, 1, ()),
        StreamResult("calls", 0, 0, 0, (), "[no] key", status="skipped"),
        StreamResult("tasks", 5, 5, 1, (), status="partial", why="the day's calls are used up"),
    )
    with people.capture() as printed:
        print_streams(result_of(*streams))

    assert printed.get().splitlines() == [
        "hubspot deals: 2 read, 1 new",
        "hubspot calls: 0 read, 0 new",
        "  calls skipped: [no] key",
        "hubspot tasks: 5 read, 5 new",
        "  tasks partial: the day's calls are used up",
    ]


COMPARED = StreamResult(
    "deals",
    rows_read=1,
    rows_kept=1,
    loads=1,
    missing_fields=(),
    duties=(Duty(AUDIT, 1, 1, 2),),
    audit=Audit(NOW, 5, 4, missing=1, repaired=1),
)


def lines_of(*streams: StreamResult) -> list[str]:
    with people.capture() as printed:
        print_comparisons([result_of(*streams)])
    return [" ".join(line.split()) for line in printed.get().splitlines()]


def test_a_comparison_has_a_row_for_each_stream_that_was_compared() -> None:
    states = [StreamResult(n, 0, 0, 0, (), "no stamps", status="skipped") for n in ("a", "b")]

    lines = lines_of(COMPARED, *states)

    assert "│ hubspot deals │ 5 │ 4 │ 1 │ 0 │ 0 │ 1 │ 0 │" in lines
    assert lines[-2:] == ["hubspot not compared: no stamps", "a, b"]
    assert sum("hubspot" in line for line in lines) == 2


def test_a_comparison_that_failed_is_told_by_its_reason_and_never_by_an_older_result() -> None:
    failed = replace(COMPARED, duties=(), status="failed", why="[torn]")

    told = [line for line in lines_of(failed) if "deals" in line]
    assert told == ["hubspot deals failed: [torn]"]


def test_a_comparison_after_which_records_still_differ_is_told_with_the_reason() -> None:
    lines = lines_of(replace(COMPARED, status="partial", why="3 are hidden"))

    assert "│ hubspot deals │ 5 │ 4 │ 1 │ 0 │ 0 │ 1 │ 0 │" in lines
    assert lines[-1] == "hubspot deals partial: 3 are hidden"


def test_what_cannot_be_counted_was_read_again() -> None:
    again = StreamResult("form_submissions", 7, 2, 1, (), duties=(Duty("uncounted", 7, 2, 1),))

    assert lines_of(again)[-1] == "hubspot form_submissions: 7 read again, 2 new"


def test_what_is_gone_is_told_of_named_streams_alone() -> None:
    told = CliRunner().invoke(reconcile, ["--crm", "hubspot", "--gone"])

    assert (told.exit_code, "--gone needs --stream" in told.output) == (2, True)


def test_what_is_broken_comes_first() -> None:
    found = [
        ("hubspot", Finding("quota", "well", "fine")),
        ("salesforce", Finding("credentials", "broken", "refused", "set the secret")),
        ("hubspot", Finding("clock", "warning", "late")),
    ]

    rows = [line for line in shown(findings_table(found)) if line.startswith("│")]

    assert [row.split(" ")[1] for row in rows] == ["broken", "warning", "well"]
    assert "set the secret" in rows[0]


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        ({"status": "whole"}, DONE),
        ({"status": "failed"}, FAILED),
        ({"status": "partial"}, IN_PART),
        (ReadInPartError("deals"), IN_PART),
        (StreamsFailedError("deals"), FAILED),
        (QuotaExhaustedError("hubspot", "clock"), IN_PART),
    ],
)
def test_a_reading_that_is_not_whole_is_no_success(outcome: object, code: int) -> None:
    def act() -> dict[str, Any]:
        if isinstance(outcome, Exception):
            raise outcome
        return dict(outcome)  # type: ignore[call-overload]

    assert CliRunner().invoke(click.command()(command(act))).exit_code == code
