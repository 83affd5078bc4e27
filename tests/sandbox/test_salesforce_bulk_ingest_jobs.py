"""Bulk API 2.0 ingest: what jobs refuse, how they end, and what outlives a restart."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.server import running_sandbox
from tests.sandbox.bulk import INGEST, ended, ingest_job, ingested, refusal, results, uploaded
from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import make

TWO_LEADS = "LastName,Company,Title\nAdams,Probe,CEO\nBaker,Probe,\n"
INPUT, LF = "ClientInputError :", "Current LineEnding setting is LF"
WIDTH = "line 2 has 1 columns, but the header has 2"
BAD_STATUS = (
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST:Status: bad value for restricted picklist field: "
    "Nope:Status --"
)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("Nope,Company\nA,B\n", "InvalidBatch : Field name not found : Nope"),
        ("LastName,Company\r\nA,B\r\n", f"{INPUT} LineEnding is invalid on user data. {LF}"),
        ('LastName,Company\n"A"x,B\n', f"{INPUT} Failed to parse CSV: ',' expected after '\"'"),
        ("LastName,Company,\nA,B,1\n", "InvalidBatch : Field name not found : "),
        ("LastName,Company\nA\n", f"{INPUT} Failed to parse CSV: {WIDTH}"),
    ],
)
def test_data_that_can_not_be_read_fail_the_job_and_stay_unprocessed(
    salesforce: Salesforce, data: str, message: str
) -> None:
    job = ingested(salesforce, "insert", data)
    assert (job["state"], job["errorMessage"]) == ("Failed", message)
    rest = salesforce("GET", f"{INGEST}/{job['id']}/unprocessedrecords").content.decode()
    assert rest == data
    assert results(salesforce, job["id"], "successfulResults") == []


def test_rows_before_a_torn_one_are_done_and_the_rest_is_unprocessed(
    salesforce: Salesforce, admin: Admin
) -> None:
    admin.setting(salesforce_bulk_batch_rows=1)
    job = ingested(salesforce, "insert", "LastName,Company\nA,B\nC,D\nE\nF,G\n")
    assert (job["state"], job["numberRecordsProcessed"]) == ("Failed", 2)
    rest = salesforce("GET", f"{INGEST}/{job['id']}/unprocessedrecords").text
    assert rest == "LastName,Company\nE\nF,G\n"
    assert len(results(salesforce, job["id"], "successfulResults")) == 2


def test_data_that_are_not_utf_8_fail_the_job(salesforce: Salesforce) -> None:
    body = {"object": "Lead", "operation": "insert"}
    job_id = salesforce("POST", INGEST, json=body).json()["id"]
    data = "LastName,Company\nZoë,B\n".encode("latin-1")
    uploaded(salesforce, job_id, data)
    salesforce("PATCH", f"{INGEST}/{job_id}", json={"state": "UploadComplete"})
    assert ended(salesforce, INGEST, job_id)["state"] == "Failed"


def test_data_are_sent_once_to_an_open_job_and_not_too_many(
    salesforce: Salesforce, admin: Admin
) -> None:
    body = {"object": "Lead", "operation": "insert"}
    job_id = salesforce("POST", INGEST, json=body).json()["id"]
    admin.setting(salesforce_bulk_upload_bytes=10)
    assert uploaded(salesforce, job_id, b"x" * 11).status_code == 413
    answer = uploaded(salesforce, job_id, b"x" * 10)
    assert (answer.status_code, answer.content) == (201, b"")
    again = uploaded(salesforce, job_id, b"x")
    assert refusal(again)[1] == "INVALIDJOBSTATE"
    assert refusal(again)[2].startswith(f"Found multiple contents for job: <{job_id}>, please")
    salesforce("PATCH", f"{INGEST}/{job_id}", json={"state": "UploadComplete"})
    assert refusal(uploaded(salesforce, job_id, b"x"))[1] == "INVALIDJOBSTATE"


@pytest.mark.parametrize("kind", ["application/json", ""])
def test_data_are_sent_as_csv(salesforce: Salesforce, kind: str) -> None:
    body = {"object": "Lead", "operation": "insert"}
    path = f"{INGEST}/{salesforce('POST', INGEST, json=body).json()['id']}/batches"
    answer = salesforce("PUT", path, data=b"LastName\n", headers={"Content-Type": kind})
    assert refusal(answer)[:2] == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"assignmentRuleId": "x"}, "INVALIDJOB"),
        ({"assignmentRuleId": "00Q5e0000000001EAA"}, "INVALIDJOB"),
        ({"object": "LeadHistory"}, "INVALIDENTITY"),
    ],
)
def test_jobs_that_could_do_nothing_are_refused(
    salesforce: Salesforce, change: dict[str, str], code: str
) -> None:
    body = {"object": "Lead", "operation": "insert", **change}
    assert refusal(salesforce("POST", INGEST, json=body))[:2] == (400, code)


def test_a_job_is_closed_once_and_results_wait_for_its_end(salesforce: Salesforce) -> None:
    job_id = ingest_job(salesforce, "insert", TWO_LEADS)
    answer = salesforce("GET", f"{INGEST}/{job_id}/successfulResults")
    assert refusal(answer)[1] == "INVALIDJOBSTATE"
    ended(salesforce, INGEST, job_id)
    again = salesforce("PATCH", f"{INGEST}/{job_id}", json={"state": "UploadComplete"})
    message = "Closing already Completed Job not allowed"
    assert refusal(again) == (400, "INVALIDJOBSTATE", message)
    unknown = salesforce("PATCH", f"{INGEST}/{job_id}", json={"state": "Done"})
    assert refusal(unknown)[1] == "INVALIDJOBSTATE"


def test_an_aborted_job_leaves_the_rest_unprocessed(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_bulk_polls=1, salesforce_bulk_batch_rows=1)
    job_id = ingest_job(salesforce, "insert", TWO_LEADS)
    told = salesforce("GET", f"{INGEST}/{job_id}").json()
    assert (told["state"], told["numberRecordsProcessed"]) == ("InProgress", 1)
    aborted = salesforce("PATCH", f"{INGEST}/{job_id}", json={"state": "Aborted"}).json()
    assert aborted["state"] == "Aborted"
    [done] = results(salesforce, job_id, "successfulResults")
    [left] = results(salesforce, job_id, "unprocessedrecords")
    assert (done["LastName"], left["LastName"]) == ("Adams", "Baker")


def test_the_rest_is_told_by_rows_whatever_line_breaks_their_cells_hold(
    salesforce: Salesforce, admin: Admin
) -> None:
    admin.setting(salesforce_bulk_polls=1, salesforce_bulk_batch_rows=1)
    data = 'LastName,Company,Title\nA,B,"x\ry\rz"\nC,D,e\n\nE,F,"g\nh"\n'
    job_id = ingest_job(salesforce, "insert", data)
    salesforce("GET", f"{INGEST}/{job_id}")
    salesforce("PATCH", f"{INGEST}/{job_id}", json={"state": "Aborted"})
    rest = salesforce("GET", f"{INGEST}/{job_id}/unprocessedrecords").content.decode()
    assert rest == 'LastName,Company,Title\nC,D,e\n\nE,F,"g\nh"\n'


def test_a_job_and_its_data_come_in_one_multipart_request(salesforce: Salesforce) -> None:
    job = '{"object": "Lead", "operation": "insert", "contentType": "CSV"}'
    files: Any = {
        "job": (None, job, "application/json"),
        "content": ("content", TWO_LEADS, "text/csv"),
    }
    made = salesforce("POST", INGEST, files=files).json()
    assert made["state"] == "UploadComplete"
    assert ended(salesforce, INGEST, made["id"])["numberRecordsProcessed"] == 2
    too_long: Any = {**files, "content": ("content", "x" * 100_001, "text/csv")}
    assert salesforce("POST", INGEST, files=too_long).status_code == 413
    assert salesforce("POST", INGEST, files={"job": files["job"]}).status_code == 400


def test_jobs_are_listed_and_deleted(salesforce: Salesforce) -> None:
    job_id = ingest_job(salesforce, "insert", TWO_LEADS)
    [listed] = salesforce("GET", INGEST, params={"jobType": "V2Ingest"}).json()["records"]
    assert (listed["id"], listed["jobType"]) == (job_id, "V2Ingest")
    assert salesforce("DELETE", f"{INGEST}/{job_id}").status_code == 204
    assert refusal(salesforce("GET", f"{INGEST}/{job_id}"))[:2] == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({"object": "Nope"}, "INVALIDENTITY", "Unable to find object: Nope"),
        ({"object": "TaskStatus"}, "INVALIDENTITY",
         "Entity 'TaskStatus' is not supported by the Bulk API."),
        ({"operation": "query"}, "INVALIDJOB", "Unsupported operation: query"),
        ({"operation": "upsert"}, "INVALIDJOB",
         "External ID was blank for Lead. An External ID must be specified for upsert."),
        ({"operation": "upsert", "externalIdFieldName": "Title"}, "INVALIDJOB",
         "Field name provided, Title does not match an External ID for Lead"),
    ],
)  # fmt: skip
def test_jobs_that_can_not_be_are_refused_at_once(
    salesforce: Salesforce, body: dict[str, str], code: str, message: str
) -> None:
    answer = salesforce("POST", INGEST, json={"object": "Lead", "operation": "insert", **body})
    assert refusal(answer) == (400, code, message)


@pytest.mark.parametrize(
    "wrong",
    [{"columnDelimiter": ["TAB"]}, {"assignmentRuleId": {"a": 1}}, {"operation": ["insert"]}],
)
def test_members_of_a_job_are_plain_values(
    salesforce: Salesforce, wrong: dict[str, object]
) -> None:
    body = {"object": "Lead", "operation": "insert", **wrong}
    assert refusal(salesforce("POST", INGEST, json=body))[:2] == (400, "JSON_PARSER_ERROR")
    body = {"query": "SELECT Id FROM Lead", "operation": "query", **wrong}
    assert refusal(salesforce("POST", "jobs/query", json=body))[:2] == (400, "JSON_PARSER_ERROR")


def test_rows_that_meet_a_lock_are_tried_ten_times_more(
    salesforce: Salesforce, admin: Admin
) -> None:
    account = make(salesforce, "Account")
    admin.setting(salesforce_lock_seconds=60, salesforce_bulk_polls=1)
    make(salesforce, "Contact", AccountId=account)
    job = ingested(salesforce, "insert", f"LastName,AccountId\nA,{account}\n", object="Contact")
    assert (job["state"], job["retries"], job["numberRecordsFailed"]) == ("JobComplete", 10, 1)
    [failed] = results(salesforce, job["id"], "failedResults")
    assert failed["sf__Error"].startswith("UNABLE_TO_LOCK_ROW:unable to obtain exclusive access")
    assert failed["sf__Error"].endswith(f"{account}:--")


def test_a_row_gets_in_once_the_lock_is_gone(salesforce: Salesforce, admin: Admin) -> None:
    account = make(salesforce, "Account")
    admin.setting(salesforce_lock_seconds=60, salesforce_bulk_polls=1)
    make(salesforce, "Contact", AccountId=account)
    data = f"LastName,AccountId\nA,{account}\n"
    job_id = ingest_job(salesforce, "insert", data, object="Contact")
    first = salesforce("GET", f"{INGEST}/{job_id}").json()
    admin.setting(salesforce_lock_seconds=0)
    job = ended(salesforce, INGEST, job_id)
    failures = (first["numberRecordsFailed"], job["numberRecordsFailed"])
    assert (first["state"], failures, job["retries"]) == ("InProgress", (1, 0), 1)


def test_the_same_requests_give_the_same_results(drawn: Path, tmp_path: Path) -> None:
    seen = []
    data = "LastName,Company\n" + "".join(f"Probe{number},P\n" for number in range(20))
    for number in range(2):
        copied = shutil.copytree(drawn, tmp_path / str(number))
        with running_sandbox(Path(copied)) as running:
            salesforce = Salesforce(running)
            job = ingested(salesforce, "insert", data)
            url = f"{INGEST}/{job['id']}/successfulResults"
            seen.append(salesforce("GET", url).content)
    assert seen[0] == seen[1]


def test_a_job_goes_on_behind_the_rows_done_before_a_restart(state: Path) -> None:
    data = "LastName,Company\n" + "".join(f"Probe{number},P\n" for number in range(5))
    with running_sandbox(state) as first:
        before = Salesforce(first)
        Admin(first).setting(salesforce_bulk_polls=1, salesforce_bulk_batch_rows=2)
        job_id = ingest_job(before, "insert", data)
        assert before("GET", f"{INGEST}/{job_id}").json()["numberRecordsProcessed"] == 2
    with running_sandbox(state) as second:
        after = Salesforce(second)
        assert ended(after, INGEST, job_id)["numberRecordsProcessed"] == 5
        made = after.query("SELECT Id FROM Lead WHERE LastName LIKE 'Probe%'")
        done = results(after, job_id, "successfulResults")
        assert {row["sf__Id"] for row in done} == {record["Id"] for record in made}
        assert len(made) == 5
