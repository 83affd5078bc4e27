"""What a Salesforce source is asked beside its increments."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from connectors.changes import OwnField
from connectors.errors import SkippedStreamError
from connectors.records import Batch, Cursor, Field, Stream
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.destination import SalesforceDestination
from connectors.salesforce.queries import read_small
from connectors.salesforce.soql import Query
from connectors.salesforce.source import SalesforceSource
from connectors.salesforce.streams import STREAMS, is_history
from connectors.salesforce.streams.histories import LEAD_HISTORIES
from connectors.salesforce.streams.org import FIELDS
from connectors.salesforce.streams.people import LEADS
from tests.contract.cases import salesforce_client
from tests.contract.conftest import PAGE_SIZE, Sandbox

EVER = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.fixture
def client(clean_sandbox: Sandbox) -> SalesforceClient:
    return salesforce_client(clean_sandbox)


@pytest.fixture
def source(client: SalesforceClient) -> SalesforceSource:
    return SalesforceSource(client, batch_rows=8)


def rows(batches: Any, stream: Stream = LEADS) -> list[dict[str, Any]]:
    tables = [batch.tables[stream.name] for batch in batches]
    return [row for table in tables for row in table.to_pylist()]


def ids_of(batches: Any, stream: Stream) -> list[str]:
    return [row["_record_id"] for row in rows(batches, stream)]


def ids(batches: Any) -> list[str]:
    return ids_of(batches, LEADS)


def hides(object_name: str) -> dict[str, Any]:
    """Return the fault by which Salesforce itself says once that our user may not see an object."""
    refusal = [{"errorCode": "INSUFFICIENT_ACCESS", "message": "no access"}]
    path = f"*/sobjects/{object_name}/describe"
    return {"kind": "answer", "path": path, "status": 403, "body": refusal, "count": 1}


def create(client: SalesforceClient, **values: object) -> str:
    body = {"LastName": "New", "Company": "New", **values}
    return str(client.call("sobjects/Lead", "POST", body)["id"])


def delete(client: SalesforceClient, lead: str) -> None:
    client.fetch(f"sobjects/Lead/{lead}", "DELETE")


def test_only_what_left_the_recycle_bin_is_a_deletion_of_its_own(
    client: SalesforceClient, source: SalesforceSource, sandbox: Sandbox
) -> None:
    in_bin, purged = create(client), create(client)
    for lead in (in_bin, purged):
        delete(client, lead)
    deleted_at = source.clock()
    sandbox.order("purges", {"object": "Lead", "record_ids": [purged]})
    sandbox.order("clock", {"advance_seconds": 120})
    [row] = rows(source.deletions(LEADS, source.fields(LEADS), EVER))
    told = {name: row[name] for name in ("_record_id", "_is_deleted", "Id", "LastName")}
    assert told == {"_record_id": purged, "_is_deleted": True, "Id": None, "LastName": None}
    assert abs(row["_modified_at"] - deleted_at) < timedelta(minutes=1)


def test_lines_of_history_go_with_their_record_though_they_lie_in_the_recycle_bin(
    client: SalesforceClient, source: SalesforceSource, sandbox: Sandbox
) -> None:
    lead = create(client, Status="New")
    client.fetch(f"sobjects/Lead/{lead}", "PATCH", {"Status": "Working"})
    of_lead = Query("LeadHistory", ("Id",), (f"LeadId = '{lead}'",))
    lines = {str(line["Id"]) for line in read_small(client, of_lead)}
    delete(client, lead)
    sandbox.order("clock", {"advance_seconds": 120})
    told = source.deletions(LEAD_HISTORIES, source.fields(LEAD_HISTORIES), EVER)
    gone = {row["_record_id"]: row["_is_deleted"] for row in rows(told, LEAD_HISTORIES)}
    assert lines
    assert {line: gone.get(line) for line in lines} == dict.fromkeys(lines, True)


def test_an_object_whose_deletions_are_not_told_has_none(
    source: SalesforceSource, sandbox: Sandbox
) -> None:
    users = next(stream for stream in source.streams() if stream.name == "users")
    fields = source.fields(users)
    not_told = [{"errorCode": "INVALID_TYPE_FOR_OPERATION", "message": "not replicable"}]
    fault = {"kind": "answer", "path": "*/deleted/*", "status": 400, "body": not_told}
    sandbox.order("faults", [{**fault, "count": 1}])
    assert list(source.deletions(users, fields, EVER)) == []


def test_activities_of_too_many_people_are_read_in_shorter_windows(
    client: SalesforceClient, source: SalesforceSource, sandbox: Sandbox
) -> None:
    tasks = next(stream for stream in source.streams() if stream.name == "tasks")
    fields = source.fields(tasks)
    whole = set(ids_of(source.read(tasks, fields, None), tasks))
    too_large = [{"errorCode": "OPERATION_TOO_LARGE", "message": "exceeded 100000 distinct ids"}]
    fault = {"kind": "answer", "path": "*/queryAll*", "status": 400, "body": too_large}
    sandbox.order("faults", [{**fault, "count": 3}])
    again = list(source.read(tasks, fields, None))
    assert set(ids_of(again, tasks)) == whole
    assert {batch.road.name for batch in again if batch.road} == {"rest"}


def test_the_living_are_counted_and_surveyed(
    client: SalesforceClient, source: SalesforceSource, sandbox: Sandbox
) -> None:
    delete(client, create(client))
    living = sandbox.order("counts", None, method="GET")["salesforce"]["Lead"]["living"]
    surveyed = pa.concat_tables(source.survey(LEADS, [Field("Email", "string")]))
    assert surveyed.column_names == ["_record_id", "_modified_at", "Email"]
    assert (source.count(LEADS), len(set(surveyed["_record_id"].to_pylist()))) == (living, living)


def test_lines_of_history_are_not_counted_since_they_end_with_their_age(
    source: SalesforceSource,
) -> None:
    assert source.count(LEAD_HISTORIES) is None


def test_lines_of_history_that_do_not_go_yet_are_counted_with_the_oldest_of_them(
    source: SalesforceSource, sandbox: Sandbox
) -> None:
    lines = rows(source.read(LEAD_HISTORIES, source.fields(LEAD_HISTORIES), None), LEAD_HISTORIES)
    until = source.clock()
    stamps = [line["_modified_at"] for line in lines if not line["_is_deleted"]]
    young = [stamp for stamp in stamps if until - timedelta(days=530) <= stamp <= until]
    assert young
    assert source.count_lasting(LEAD_HISTORIES, until) == (len(young), min(young))
    assert source.count_lasting(LEADS, until) is None


def test_where_no_line_of_history_is_shown_none_is_looked_for(source: SalesforceSource) -> None:
    early = datetime(2001, 1, 1, tzinfo=UTC)
    histories = [stream for stream in STREAMS if is_history(stream)]
    assert {source.count_lasting(stream, early) for stream in histories} == {(0, early)}


def test_an_object_that_is_refused_once_is_described_all_the_same(
    source: SalesforceSource, sandbox: Sandbox
) -> None:
    sandbox.order("faults", [hides("Lead")])
    assert "Email" in {field.name for field in source.fields(LEADS)}


def test_an_object_without_a_recycle_bin_is_counted_whole(source: SalesforceSource) -> None:
    users = next(stream for stream in source.streams() if stream.name == "users")
    assert source.count(users) == len(rows(source.read(users, source.fields(users), None), users))


def test_records_are_read_by_their_ids_deleted_ones_too(
    client: SalesforceClient, source: SalesforceSource
) -> None:
    living, deleted = create(client), create(client)
    delete(client, deleted)
    unknown = "00Q5e00000zzzzzEAA"
    found = rows(source.read_records(LEADS, source.fields(LEADS), [living, deleted, unknown]))
    assert [(row["_record_id"], row["_is_deleted"], row["LastName"]) for row in found] == [
        (living, False, "New"),
        (deleted, True, "New"),
    ]


def test_what_was_shown_late_comes_with_the_second_look(
    client: SalesforceClient, source: SalesforceSource, sandbox: Sandbox
) -> None:
    fields, began = source.fields(LEADS), source.clock()
    sandbox.order("settings", {"salesforce_commit_delay_seconds": 500}, method="PATCH")
    late = [create(client, LastName=f"Late {number}") for number in range(4)]
    shown = ids(source.reread(LEADS, fields, began, source.clock()))
    sandbox.order("settings", {"salesforce_commit_delay_seconds": 0}, method="PATCH")
    sandbox.order("clock", {"advance_seconds": 600})
    again = source.reread(LEADS, fields, began, began + timedelta(seconds=1))
    assert not set(late) <= set(shown)
    assert set(late) <= set(ids(again))


def test_an_increment_catches_what_was_shown_late_by_looking_back(
    client: SalesforceClient, source: SalesforceSource, sandbox: Sandbox
) -> None:
    fields = source.fields(LEADS)
    create(client)
    sandbox.order("settings", {"salesforce_commit_delay_seconds": 500}, method="PATCH")
    late = create(client)
    *_, last = source.read(LEADS, fields, None)
    sandbox.order("settings", {"salesforce_commit_delay_seconds": 0}, method="PATCH")
    sandbox.order("clock", {"advance_seconds": 550})
    assert late in ids(source.read(LEADS, fields, last.cursor))


def test_a_job_is_gone_on_with_by_another_process(
    source: SalesforceSource, sandbox: Sandbox
) -> None:
    fields = source.fields(LEADS)
    few = {"salesforce_page_size": 2, "salesforce_bulk_page_size": 5}
    sandbox.order("settings", few, method="PATCH")
    batches = source.read(LEADS, fields, None)
    first: Batch = next(batches)
    cursor = Cursor.from_json(first.cursor.to_json()) if first.cursor else None
    other = SalesforceSource(salesforce_client(sandbox), batch_rows=8)
    rest = list(other.read(LEADS, fields, cursor))
    usual = {"salesforce_page_size": PAGE_SIZE, "salesforce_bulk_page_size": 100_000}
    sandbox.order("settings", usual, method="PATCH")
    came = ids([first, *rest])
    assert sorted(came) == sorted(ids(source.read(LEADS, fields, None)))
    assert {batch.road.name for batch in rest if batch.road} == {"bulk"}


def test_a_field_that_was_added_is_there_at_the_next_increment(
    source: SalesforceSource, sandbox: Sandbox
) -> None:
    before = source.fields(LEADS)
    hobby = OwnField("Hobby__c", "Hobby", "string", length=80)
    SalesforceDestination(salesforce_client(sandbox)).provision("Lead", [hobby])
    assert set(source.fields(LEADS)) - set(before) == {Field("Hobby__c", "string")}


def test_what_moves_no_stamp_is_known_as_such(source: SalesforceSource) -> None:
    calculated = [field.name for field in source.fields(LEADS) if field.calculated]
    assert calculated == ["Days_Since_Created__c", "LastActivityDate"]


def test_the_fields_of_all_objects_cost_no_call_of_their_own(source: SalesforceSource) -> None:
    for stream in source.streams():
        with suppress(SkippedStreamError):
            source.fields(stream)
    before = source.calls.read
    [batch] = source.read(FIELDS, source.fields(FIELDS), None)
    [status] = [row for row in rows([batch], FIELDS) if row["_record_id"] == "Lead.Status"]
    assert (source.calls.read, batch.whole) == (before, ("",))
    assert (status["field_type"], status["is_custom"], "New" in status["options"]) == (
        "picklist",
        False,
        True,
    )


def test_an_object_that_is_hidden_has_no_fields_and_costs_no_second_call(
    source: SalesforceSource, sandbox: Sandbox
) -> None:
    sandbox.order("faults", [hides("Campaign")])
    [batch] = source.read(FIELDS, source.fields(FIELDS), None)
    objects = {row["object_name"] for row in rows([batch], FIELDS)}
    assert ("Campaign" in objects, "Lead" in objects) == (False, True)


def test_an_examination_finds_what_is_hidden_from_our_user(
    source: SalesforceSource, sandbox: Sandbox
) -> None:
    sandbox.order("faults", [hides("Event")])
    found = {finding.subject: finding for finding in source.examine()}
    assert {name for name, finding in found.items() if finding.state == "broken"} == set()
    assert (found["Event"].state, found["Event"].what) == (
        "warning",
        "the org lacks it, or hides it from our user; its stream is skipped",
    )
    assert (found["CurrencyType"].state, found["credentials"].state) == ("well", "well")
    assert found["Lead: field history of Status"].state == "well"


def test_an_examination_looks_at_the_streams_that_are_read_and_at_no_others(
    client: SalesforceClient,
) -> None:
    found = [finding.subject for finding in SalesforceSource(client, streams=(LEADS,)).examine()]
    assert ("Lead" in found, "Campaign" in found) == (True, False)


def test_an_examination_tells_of_calls_that_run_out(
    source: SalesforceSource, sandbox: Sandbox
) -> None:
    sandbox.order("usage", {"crm": "salesforce", "left": 15_000})
    found = {finding.subject: finding for finding in source.examine()}
    sandbox.order("usage", {"crm": "salesforce", "left": 100_000})
    assert (found["calls"].state, found["bulk jobs"].state) == ("warning", "well")
