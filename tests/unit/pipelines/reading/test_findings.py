"""What the check of a stream finds, and what Dagster is told."""

from dataclasses import replace

import pytest

from connectors.records import Quota
from connectors.tally import CallCounts
from pipelines.components.crm_extract import (
    ReadConfig,
    streams_behind,
    streams_to_compare,
    told,
)
from pipelines.components.reading_metadata import step_metadata, stream_metadata
from pipelines.reading.extraction import Orders
from pipelines.reading.findings import oddities, shortfalls
from pipelines.reading.results import Audit, Drift, Duty, ExtractResult, StreamResult
from pipelines.reading.rules import Warn
from tests.unit.pipelines.builders import utc
from tests.unit.pipelines.reading.desk import CONTACTS

NOW = utc("2026-11-22")
WHOLE = StreamResult("leads", 10, 4, 1, ())
WARN = Warn(duplicate_rate=0.5, null_rate=1.0, from_rows=10)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, {}),
        ({"status": "skipped", "skipped": "HTTP 403"}, {}),
        ({"status": "partial", "why": "the reserve"}, {"partial": "the reserve"}),
        ({"status": "failed", "why": "torn"}, {"failed": "torn"}),
        ({"audit": Audit(NOW, 5, 4, missing=1, repaired=1)}, {}),
        ({"audit": Audit(NOW, 5, 4, missing=1, left=1)}, {"records_that_differ_from_the_crm": 1}),
    ],
)
def test_a_reading_falls_short_by_what_is_not_read(
    changes: dict[str, object], found: dict[str, object]
) -> None:
    assert shortfalls(replace(WHOLE, **changes)) == found  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, {}),
        ({"drift": Drift(("a", "b"), (), ("c",))}, {"new_fields": "a, b", "retyped_fields": "c"}),
        ({"drift": Drift((), ("d",), ())}, {"gone_fields": "d"}),
        ({"unknown_fields": ("Emial", "Nmae")}, {"unknown_fields": "Emial, Nmae"}),
        ({"compared": 10, "repeated": 6}, {"duplicate_rate": 0.6}),
        ({"compared": 9, "repeated": 9}, {}),
        ({"nulls": {"Email": 10, "Phone": 9}}, {"fields_without_values": "Email"}),
        ({"unknown_choices": {"Status": 3}}, {"unknown_choices": "Status 3"}),
    ],
)
def test_what_is_not_as_it_was_is_told(
    changes: dict[str, object], found: dict[str, object]
) -> None:
    assert oddities(replace(WHOLE, **changes), WARN) == found  # type: ignore[arg-type]


def result_of(*streams: StreamResult) -> ExtractResult:
    return ExtractResult("salesforce", streams, NOW, CallCounts(9, 0, 2, 1.5, 1), Quota(100, 40))


def test_a_step_tells_what_it_cost_and_what_is_left_of_the_day() -> None:
    assert step_metadata(result_of()) == {
        "step_requests": 9,
        "step_requests_retried": 2,
        "step_requests_refused_as_too_fast": 1,
        "step_seconds_waited": 1.5,
        "calls_of_the_day": 40,
        "calls_allowed_a_day": 100,
    }


def test_a_stream_tells_of_duties_and_roads_only_where_there_were_some() -> None:
    duty = Duty("settled", 2, 1, 3)
    full = replace(WHOLE, road="bulk", requests_saved=40, duties=(duty,), repeated=6)

    assert stream_metadata(full).items() - stream_metadata(WHOLE).items() == {
        ("road", "bulk"),
        ("requests_saved", 40),
        ("rows_again", 6),
        ("duties", "settled: 2 read, 1 kept, 3 requests"),
    }


def test_a_stream_that_failed_is_not_materialised_and_its_check_fails() -> None:
    failed = StreamResult("tasks", 0, 0, 0, (), status="failed", why="torn")
    odd = replace(WHOLE, unknown_choices={"Status": 3})
    events = list(told(result_of(odd, failed), {"leads", "tasks"}, WARN))

    assert [type(event).__name__ for event in events] == [
        "MaterializeResult",
        "AssetCheckResult",
        "AssetCheckResult",
    ]
    checks = [(event.passed, event.severity.value) for event in events[1:]]  # type: ignore[union-attr]
    assert checks == [(False, "WARN"), (False, "ERROR")]


def test_a_table_that_is_chosen_is_read_with_the_stream_that_brings_it() -> None:
    chosen = {"hubspot__contact_histories", "hubspot__deals", "salesforce__leads"}

    assert streams_behind([CONTACTS], chosen) == ["contacts"]
    assert streams_behind([CONTACTS], {"hubspot__deals"}) == []


@pytest.mark.parametrize(
    ("deep", "chosen", "again"),
    [
        (True, {"contacts", "deals"}, {"form_submissions"}),
        (True, {"contacts"}, set()),
        (False, {"contacts", "deals"}, set()),
    ],
)
def test_a_deep_comparison_of_all_reads_again_what_nobody_counts(
    deep: bool, chosen: set[str], again: set[str]
) -> None:
    deals = replace(CONTACTS, name="deals")
    streams = [CONTACTS, deals, replace(CONTACTS, name="form_submissions", is_uncounted=True)]

    assert streams_to_compare(streams, chosen, deep=deep) == chosen | again


def test_a_run_may_be_asked_for_streams_and_for_what_is_stamped_since() -> None:
    config = ReadConfig(streams=["leads"], full_refresh=True, since="2026-01-31")

    assert config.orders() == Orders(frozenset({"leads"}), True, utc("2026-01-31"))
    assert ReadConfig().orders() == Orders()
    assert ReadConfig().orders(["deals"]) == Orders(frozenset({"deals"}))
    with pytest.raises(ValueError, match="Invalid isoformat"):
        ReadConfig(since="yesterday")
