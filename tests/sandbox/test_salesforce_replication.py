"""getUpdated and getDeleted."""

from typing import Any

import pytest
import requests

from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import change, make


def span(
    salesforce: Salesforce, what: str, start: str, end: str, kind: str = "Lead"
) -> requests.Response:
    params = {"start": start, "end": end}
    return salesforce("GET", f"sobjects/{kind}/{what}/", params=params)


def answered(salesforce: Salesforce, what: str, start: str, end: str) -> dict[str, Any]:
    answer = span(salesforce, what, start, end)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_updated_are_the_living_records_whose_stamp_is_within_the_span(
    salesforce: Salesforce, admin: Admin
) -> None:
    first, second, third = (make(salesforce, "Lead") for _ in range(3))
    admin.advance(120)
    change(salesforce, "Lead", second, City="Oslo")
    salesforce("DELETE", f"sobjects/Lead/{third}")
    early = answered(salesforce, "updated", "2026-06-30T12:00:00Z", "2026-06-30T12:01:00Z")
    assert early == {"ids": [first], "latestDateCovered": "2026-06-30T12:01:00.000+0000"}
    admin.advance(60)
    late = answered(salesforce, "updated", "2026-06-30T14:02:00+02:00", "2026-06-30T12:03:00Z")
    assert late == {"ids": [second], "latestDateCovered": "2026-06-30T12:03:00.000+0000"}


def test_seconds_of_a_span_are_ignored_and_the_future_is_not_covered(
    salesforce: Salesforce, admin: Admin
) -> None:
    lead = make(salesforce, "Lead")
    admin.advance(90)
    found = answered(salesforce, "updated", "2026-06-30T12:00:59Z", "2026-06-30T13:00:00Z")
    assert found == {"ids": [lead], "latestDateCovered": "2026-06-30T12:01:00.000+0000"}


def test_deleted_records_are_listed_with_their_moment(salesforce: Salesforce, admin: Admin) -> None:
    lead = make(salesforce, "Lead")
    admin.advance(60)
    salesforce("DELETE", f"sobjects/Lead/{lead}")
    found = answered(salesforce, "deleted", "2026-06-30T12:00:00Z", "2026-06-30T12:02:00Z")
    assert found == {
        "deletedRecords": [{"deletedDate": "2026-06-30T12:01:00.000+0000", "id": lead}],
        "earliestDateAvailable": "2026-06-15T12:01:00.000+0000",
        "latestDateCovered": "2026-06-30T12:01:00.000+0000",
    }


def test_what_has_left_the_recycle_bin_is_still_listed_for_fifteen_days(
    salesforce: Salesforce, admin: Admin
) -> None:
    lead = make(salesforce, "Lead")
    salesforce("DELETE", f"sobjects/Lead/{lead}")
    admin.setting(salesforce_recycle_bin_days=3)
    listed = []
    for days in (4, 12):
        admin.advance(days * 86_400)
        salesforce.log_in()
        assert salesforce.query(f"SELECT Id FROM Lead WHERE Id = '{lead}'", everything=True) == []
        found = answered(salesforce, "deleted", "2026-06-30T12:00:00Z", "2026-07-01T12:00:00Z")
        listed.append([record["id"] for record in found["deletedRecords"]])
    assert listed == [[lead], []]


NOON, DATE = "2026-06-30T12:00:00Z", "INVALID_REPLICATION_DATE"


@pytest.mark.parametrize(
    ("start", "end", "refusal"),
    [
        (
            NOON,
            "2026-06-30T12:00:59Z",
            (DATE, "startDate must be at least one minute greater than endDate"),
        ),
        ("2026-05-31T11:59:00Z", NOON, (DATE, "startDate cannot be more than 30 days ago")),
        ("", NOON, ("MISSING_ARGUMENT", "The required parameter start is missing")),
        (NOON, "soon", ("INVALID_FIELD", "'soon' is not a valid value for the type xsd:dateTime")),
    ],
)
@pytest.mark.parametrize("what", ["updated", "deleted"])
def test_a_span_that_makes_no_sense_is_refused(
    salesforce: Salesforce, what: str, start: str, end: str, refusal: tuple[str, str]
) -> None:
    answer = span(salesforce, what, start, end)
    assert answer.status_code == 400
    assert answer.json() == [{"errorCode": refusal[0], "message": refusal[1]}]


@pytest.mark.parametrize("what", ["updated", "deleted"])
def test_what_began_before_the_org_lists_changes_is_refused(
    salesforce: Salesforce, admin: Admin, what: str
) -> None:
    admin.setting(salesforce_replication_since="2026-06-30T11:58:00Z")
    early = span(salesforce, what, "2026-06-30T11:57:00Z", NOON)
    assert early.json() == [
        {"errorCode": DATE, "message": "startDate before org replication enabled date"}
    ]
    found = answered(salesforce, what, "2026-06-30T11:58:00Z", NOON)
    assert found.get("earliestDateAvailable") in {None, "2026-06-30T11:58:00.000+0000"}


def test_an_administrators_purge_ends_what_get_deleted_looks_back_to(
    salesforce: Salesforce, admin: Admin
) -> None:
    lead = make(salesforce, "Lead")
    salesforce("DELETE", f"sobjects/Lead/{lead}")
    admin.advance(60)
    purge = {"object": "Lead", "record_ids": [lead], "by_admin": True}
    assert admin("POST", "purges", purge).json() == {"purged": 1}
    admin.advance(120)
    early = span(salesforce, "deleted", NOON, "2026-06-30T12:03:00Z")
    assert (early.status_code, early.json()[0]["errorCode"]) == (400, DATE)
    found = answered(salesforce, "deleted", "2026-06-30T12:01:00Z", "2026-06-30T12:03:00Z")
    assert (found["deletedRecords"], found["earliestDateAvailable"]) == (
        [],
        "2026-06-30T12:01:00.000+0000",
    )
    assert span(salesforce, "updated", NOON, "2026-06-30T12:03:00Z").status_code == 200


def test_when_the_bin_was_purged_is_a_setting_too(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_bin_purged_at="2026-06-30T11:58:00Z")
    early = span(salesforce, "deleted", "2026-06-30T11:57:00Z", NOON)
    assert (early.status_code, early.json()[0]["errorCode"]) == (400, DATE)
    assert span(salesforce, "updated", "2026-06-30T11:57:00Z", NOON).status_code == 200


def test_lines_of_history_are_deleted_when_their_record_is(
    salesforce: Salesforce, admin: Admin
) -> None:
    lead = make(salesforce, "Lead")
    change(salesforce, "Lead", lead, Status="Working")
    lines = salesforce.query(f"SELECT Id FROM LeadHistory WHERE LeadId = '{lead}'")
    admin.advance(120)
    salesforce("DELETE", f"sobjects/Lead/{lead}")
    admin.advance(120)
    ends = "2026-06-30T12:02:00Z", "2026-06-30T12:04:00Z"
    for _ in ("in the recycle bin", "gone for good"):
        told = span(salesforce, "deleted", *ends, kind="LeadHistory").json()["deletedRecords"]
        assert {one["id"] for one in told} == {line["Id"] for line in lines}
        admin("POST", "purges", {"object": "Lead", "record_ids": [lead]})


def test_an_object_without_stamps_can_not_be_replicated(salesforce: Salesforce) -> None:
    start, end = "2026-06-30T12:00:00Z", "2026-06-30T12:05:00Z"
    answer = span(salesforce, "updated", start, end, kind="LeadHistory")
    assert answer.json()[0]["message"] == "sObject type LeadHistory is not replicable"


@pytest.mark.parametrize("what", ["updated", "deleted"])
def test_too_many_ids_are_refused(salesforce: Salesforce, admin: Admin, what: str) -> None:
    for lead in (make(salesforce, "Lead"), make(salesforce, "Lead")):
        if what == "deleted":
            salesforce("DELETE", f"sobjects/Lead/{lead}")
    admin.setting(salesforce_replication_limit=1)
    admin.advance(60)
    answer = span(salesforce, what, NOON, "2026-06-30T12:01:00Z")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "EXCEEDED_ID_LIMIT")
