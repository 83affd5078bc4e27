"""Single rows of Bulk jobs: which ones are refused, and in which words."""

import csv

import pytest

from connectors.sandbox.salesforce.bulk.writing.rows import Writer
from tests.sandbox.bulk import INGEST, ended, ingest_job, ingested, results
from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import make, values


def errors(salesforce: Salesforce, operation: str, data: str, **body: str) -> list[str]:
    """Return why rows of a job are refused."""
    job = ingested(salesforce, operation, data, **body)
    assert job["state"] == "JobComplete"
    csv.field_size_limit(2**20)
    return sorted(row["sf__Error"] for row in results(salesforce, job["id"], "failedResults"))


def test_rows_of_a_chunk_that_share_an_id_all_fail(salesforce: Salesforce) -> None:
    lead, other = make(salesforce, "Lead"), make(salesforce, "Lead")
    data = f"Id,Title\n{lead},A\n{lead[:15]},B\n{other},C\n"
    assert errors(salesforce, "update", data) == [
        f"DUPLICATE_VALUE:Duplicate id specified: {lead[:15]}:--",
        f"DUPLICATE_VALUE:Duplicate id specified: {lead}:--",
    ]
    titles = [values(salesforce, one, "Lead", "Title") for one in (lead, other)]
    assert titles == [(None,), ("C",)]


def test_an_external_id_is_in_a_chunk_once(salesforce: Salesforce) -> None:
    data = "Email,LastName,Company\na@b.example,A,B\nA@b.example,A,B\nc@d.example,A,B\n"
    assert errors(salesforce, "upsert", data, externalIdFieldName="Email") == [
        "DUPLICATE_VALUE:Duplicate external id specified: A@b.example:Email --",
        "DUPLICATE_VALUE:Duplicate external id specified: a@b.example:Email --",
    ]


def test_a_later_chunk_may_change_the_same_record_again(salesforce: Salesforce) -> None:
    lead = make(salesforce, "Lead")
    between = "".join(f"00Q5e0000000{number},x\n" for number in range(100, 299))
    ingested(salesforce, "update", f"Id,Title\n{lead},first\n{between}{lead},last\n")
    assert values(salesforce, lead, "Lead", "Title") == ("last",)


@pytest.mark.parametrize(
    ("field", "label", "cell"),
    [
        ("AnnualRevenue", "Annual Revenue", "1,5"),
        ("NumberOfEmployees", "Employees", "abc"),
        ("IsUnreadByOwner", "Unread By Owner", "maybe"),
    ],
)
def test_a_cell_of_another_type_has_the_code_of_rows(
    salesforce: Salesforce, field: str, label: str, cell: str
) -> None:
    data = f'LastName,Company,{field}\nA,B,"{cell}"\n'
    message = f"{label}: value not of required type: {cell}"
    assert errors(salesforce, "insert", data) == [
        f"INVALID_TYPE_ON_FIELD_IN_RECORD:{message}:{field} --"
    ]


def test_a_cell_that_is_too_long_fails_its_row_alone(salesforce: Salesforce, admin: Admin) -> None:
    data = f"LastName,Company,Description\nA,B,{'x' * 140_000}\nC,D,short\n"
    message = "Description: data value too large: 140000 characters (max 131072)"
    assert errors(salesforce, "insert", data) == [f"STRING_TOO_LONG:{message}:Description --"]
    admin.setting(salesforce_bulk_field_characters=4)
    assert len(errors(salesforce, "insert", data)) == 2


def test_a_row_holds_four_hundred_thousand_characters(salesforce: Salesforce) -> None:
    names = ["LastName", "Company", "Description", "Street", "Title"]
    row = ",".join(["x" * 90_000] * len(names))
    [error] = errors(salesforce, "insert", f"{','.join(names)}\n{row}\n")
    assert error == "LIMIT_EXCEEDED:a record holds at most 5000 fields and 400000 characters:--"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_that_utc_does_not_have_fails_its_row(salesforce: Salesforce, moment: str) -> None:
    data = f"Id,EmailBouncedDate\n{make(salesforce, 'Lead')},{moment}\n"
    [error] = errors(salesforce, "update", data)
    assert error.startswith("INVALID_TYPE_ON_FIELD_IN_RECORD:Email Bounced Date: value not of")


def test_what_nobody_foresaw_fails_the_job(
    salesforce: Salesforce, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Writer, "write", lambda writer, rows: 1 / 0)
    job = ended(salesforce, INGEST, ingest_job(salesforce, "insert", "LastName,Company\nA,B\n"))
    assert (job["state"], job["numberRecordsProcessed"]) == ("Failed", 0)
    message = "UNKNOWN_EXCEPTION : An unexpected error occurred: ZeroDivisionError at"
    assert job["errorMessage"].startswith(message)


@pytest.mark.parametrize(
    ("body", "missing"), [({"object": "Lead"}, "operation"), ({"operation": "insert"}, "object")]
)
def test_a_job_says_what_is_to_be_done_with_what(
    salesforce: Salesforce, body: dict[str, str], missing: str
) -> None:
    [refused] = salesforce("POST", INGEST, json=body).json()
    message = f"The {missing} of the job is not specified"
    assert refused == {"errorCode": "INVALIDJOB", "message": message}
