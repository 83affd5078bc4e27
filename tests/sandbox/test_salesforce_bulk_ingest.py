"""Bulk API 2.0 ingest."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from connectors.sandbox.server import running_sandbox
from tests.sandbox.bulk import INGEST, ended, ingest_job, ingested, refusal, results, uploaded
from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import make, values

TWO_LEADS = "LastName,Company,Title\nAdams,Probe,CEO\nBaker,Probe,\n"
INPUT, LF = "ClientInputError :", "Current LineEnding setting is LF"
WIDTH = "line 2 has 1 columns, but the header has 2"
BAD_STATUS = (
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST:Status: bad value for restricted picklist field: "
    "Nope:Status --"
)


def test_an_open_job_says_where_its_data_go(salesforce: Salesforce) -> None:
    body = {"object": "Lead", "operation": "insert", "contentType": "CSV"}
    job = salesforce("POST", INGEST, json=body).json()
    user_id = salesforce("GET", "/services/oauth2/userinfo").json()["user_id"]
    assert job == {
        "id": job["id"],
        "operation": "insert",
        "object": "Lead",
        "createdById": user_id,
        "createdDate": "2026-06-30T12:00:00.000+0000",
        "systemModstamp": "2026-06-30T12:00:00.000+0000",
        "state": "Open",
        "concurrencyMode": "Parallel",
        "contentType": "CSV",
        "apiVersion": 66.0,
        "contentUrl": f"services/data/v66.0/jobs/ingest/{job['id']}/batches",
        "lineEnding": "LF",
        "columnDelimiter": "COMMA",
    }


def test_rows_become_records_and_the_job_counts_them(salesforce: Salesforce) -> None:
    job = ingested(salesforce, "insert", TWO_LEADS)
    counts = (job["state"], job["numberRecordsProcessed"], job["numberRecordsFailed"])
    assert counts == ("JobComplete", 2, 0)
    work = {"jobType", "retries", "totalProcessingTime", "apiActiveProcessingTime"}
    assert work | {"apexProcessingTime", "isPkChunkingSupported"} <= job.keys()
    made = results(salesforce, job["id"], "successfulResults")
    assert sorted(row["LastName"] for row in made) == ["Adams", "Baker"]
    assert {row["sf__Created"] for row in made} == {"true"}
    titles = [values(salesforce, row["sf__Id"], "Lead", "LastName", "Title") for row in made]
    assert sorted(titles) == [("Adams", "CEO"), ("Baker", None)]
    assert results(salesforce, job["id"], "failedResults") == []
    assert salesforce("GET", f"{INGEST}/{job['id']}/unprocessedrecords").text == (
        "LastName,Company,Title\n"
    )


def test_results_hold_the_given_columns_quoted_behind_their_own(salesforce: Salesforce) -> None:
    lead = make(salesforce, "Lead")
    job = ingested(salesforce, "update", f'Id,Title\n{lead},"a ""b"""\n')
    text = salesforce("GET", f"{INGEST}/{job['id']}/successfulResults").text
    assert text == f'"sf__Id","sf__Created","Id","Title"\n"{lead}","false","{lead}","a ""b"""\n'


def test_results_do_not_come_in_the_order_of_the_upload(salesforce: Salesforce) -> None:
    names = [f"Probe{number:02}" for number in range(30)]
    data = "LastName,Company\n" + "".join(f"{name},Probe\n" for name in names)
    job = ingested(salesforce, "insert", data)
    found = [row["LastName"] for row in results(salesforce, job["id"], "successfulResults")]
    assert (sorted(found), found == names) == (names, False)


def test_a_refused_row_says_why_and_leaves_the_others_alone(salesforce: Salesforce) -> None:
    data = "LastName,Company,Status,Email\nAdams,Probe,New,\nBaker,Probe,Nope,\nCole,,New,no\n"
    job = ingested(salesforce, "insert", data)
    assert (job["state"], job["numberRecordsFailed"]) == ("JobComplete", 2)
    failed = results(salesforce, job["id"], "failedResults")
    assert {row["LastName"]: (row["sf__Id"], row["sf__Error"]) for row in failed} == {
        "Baker": ("", BAD_STATUS),
        "Cole": ("", "INVALID_EMAIL_ADDRESS:Email: invalid email address: no:Email --"),
    }


def test_an_empty_cell_leaves_a_field_alone_and_na_empties_it(
    salesforce: Salesforce, admin: Admin
) -> None:
    lead = make(salesforce, "Lead", Title="CEO", City="Ulm")
    ingested(salesforce, "update", f"Id,Title,City\n{lead},,#N/A\n")
    assert values(salesforce, lead, "Lead", "Title", "City") == ("CEO", None)
    admin.setting(salesforce_bulk_null="NULL")
    ingested(salesforce, "update", f"Id,Title,City\n{lead},NULL,#N/A\n")
    assert values(salesforce, lead, "Lead", "Title", "City") == (None, "#N/A")


def test_booleans_numbers_and_moments_are_read_from_text(salesforce: Salesforce) -> None:
    job = ingested(salesforce, "insert", "LastName,Company,AnnualRevenue\nA,B,1.2E6\n")
    [lead] = results(salesforce, job["id"], "successfulResults")
    assert values(salesforce, lead["sf__Id"], "Lead", "AnnualRevenue") == (1_200_000,)
    data = "Subject,StartDateTime,EndDateTime\nMeet,2026-07-01T09:00:00Z,2026-07-01T10:00:00Z\n"
    job = ingested(salesforce, "insert", data, object="Event")
    [event] = results(salesforce, job["id"], "successfulResults")
    start = values(salesforce, event["sf__Id"], "Event", "StartDateTime")
    assert start == ("2026-07-01T09:00:00.000+0000",)


def test_a_line_break_within_quotes_is_part_of_the_value(salesforce: Salesforce) -> None:
    data = 'LastName|Company|Description\r\nA|B|"one\r\ntwo|three"\r\n'
    job = ingested(salesforce, "insert", data, columnDelimiter="PIPE", lineEnding="CRLF")
    text = salesforce("GET", f"{INGEST}/{job['id']}/successfulResults").content.decode()
    assert text.endswith('"A"|"B"|"one\r\ntwo|three"\r\n')
    lead = text.splitlines()[1].split("|")[0].strip('"')
    assert values(salesforce, lead, "Lead", "Description") == ("one\r\ntwo|three",)


def test_an_upsert_goes_by_its_key_and_says_what_it_created(salesforce: Salesforce) -> None:
    salesforce.add_field("Key__c", type="Text", length=40, precision=None, scale=None,
                         externalId=True, unique=True)  # fmt: skip
    salesforce.grant("Key__c")
    known = make(salesforce, "Lead", Key__c="k1")
    data = "Key__c,LastName,Company\nk1,Adams,B\nk2,Baker,B\n"
    job = ingested(salesforce, "upsert", data, externalIdFieldName="Key__c")
    assert job["externalIdFieldName"] == "Key__c"
    done = results(salesforce, job["id"], "successfulResults")
    created = {row["Key__c"]: row["sf__Created"] for row in done}
    assert created == {"k1": "false", "k2": "true"}
    assert values(salesforce, known, "Lead", "LastName") == ("Adams",)


def test_a_reference_may_be_given_by_a_key_of_the_other_record(salesforce: Salesforce) -> None:
    lead, campaign = make(salesforce, "Lead", Email="a@b.example"), make(salesforce, "Campaign")
    data = f"CampaignId,Lead.Email\n{campaign},a@b.example\n{campaign},c@d.example\n"
    job = ingested(salesforce, "insert", data, object="CampaignMember")
    [member] = results(salesforce, job["id"], "successfulResults")
    assert values(salesforce, member["sf__Id"], "CampaignMember", "LeadId") == (lead,)
    [failed] = results(salesforce, job["id"], "failedResults")
    assert failed["sf__Error"] == (
        "INVALID_FIELD:Foreign key external ID: c@d.example not found for field Email in entity "
        "Lead:--"
    )


def test_deletes_go_to_the_recycle_bin_and_hard_deletes_past_it(
    salesforce: Salesforce, admin: Admin
) -> None:
    soft, hard = make(salesforce, "Lead"), make(salesforce, "Lead")
    ingested(salesforce, "delete", f"Id\n{soft}\n")
    assert values(salesforce, soft, "Lead", "IsDeleted") == (True,)
    body = {"object": "Lead", "operation": "hardDelete"}
    assert refusal(salesforce("POST", INGEST, json=body))[1] == "FEATURENOTENABLED"
    admin.setting(salesforce_bulk_hard_delete=True)
    ingested(salesforce, "hardDelete", f"Id\n{hard}\n")
    assert salesforce.query(f"SELECT Id FROM Lead WHERE Id = '{hard}'", everything=True) == []


def test_a_hard_delete_also_works_where_there_is_no_recycle_bin(
    salesforce: Salesforce, admin: Admin
) -> None:
    admin.setting(salesforce_bulk_hard_delete=True)
    granted = make(salesforce, "PermissionSet", Name="Gone", Label="Gone")
    binned = make(salesforce, "Lead")
    salesforce("DELETE", f"sobjects/Lead/{binned}").raise_for_status()
    for kind, record_id in (("PermissionSet", granted), ("Lead", binned)):
        job = ingested(salesforce, "hardDelete", f"Id\n{record_id}\n", object=kind)
        assert (job["state"], job["numberRecordsFailed"]) == ("JobComplete", 0)
        soql = f"SELECT Id FROM {kind} WHERE Id = '{record_id}'"
        assert salesforce.query(soql, everything=True) == []


def test_rows_obey_what_the_api_user_may_do(salesforce: Salesforce) -> None:
    salesforce.add_field("Score__c")
    hidden = ingested(salesforce, "insert", "LastName,Company,Score__c\nA,B,1\n")
    assert hidden["errorMessage"] == "InvalidBatch : Field name not found : Score__c"
    [converted] = salesforce.query("SELECT Id FROM Lead WHERE IsConverted = true LIMIT 1")
    job = ingested(salesforce, "update", f"Id,Title\n{converted['Id']},a\n")
    [failed] = results(salesforce, job["id"], "failedResults")
    message = "CANNOT_UPDATE_CONVERTED_LEAD:cannot reference converted lead:--"
    assert (failed["sf__Id"], failed["sf__Error"]) == (converted["Id"], message)
    job = ingested(salesforce, "insert", "LastName,Company,IsDeleted\nA,B,true\n")
    [failed] = results(salesforce, job["id"], "failedResults")
    assert failed["sf__Error"].startswith("INVALID_FIELD_FOR_INSERT_UPDATE:Unable to create")
    assert failed["sf__Error"].endswith(":IsDeleted --")


def test_an_insert_takes_no_ids(salesforce: Salesforce) -> None:
    job = ingested(salesforce, "insert", "Id,LastName,Company\n00Q5e0000000001,A,B\n")
    [failed] = results(salesforce, job["id"], "failedResults")
    message = "INVALID_FIELD_FOR_INSERT_UPDATE:cannot specify Id in an insert call:Id --"
    assert failed["sf__Error"] == message


def test_updates_and_deletes_need_ids_that_are_there(salesforce: Salesforce) -> None:
    gone = make(salesforce, "Lead")
    salesforce("DELETE", f"sobjects/Lead/{gone}")
    job = ingested(salesforce, "update", f"Id,Title\n,a\nnope,b\n{gone},c\n")
    failed = results(salesforce, job["id"], "failedResults")
    codes = {row["Title"]: (row["sf__Id"], row["sf__Error"].split(":")[0]) for row in failed}
    assert codes == {
        "a": ("", "MISSING_ARGUMENT"),
        "b": ("nope", "MALFORMED_ID"),
        "c": (gone, "ENTITY_IS_DELETED"),
    }


def test_leads_are_assigned_by_the_rule_of_the_job_only(salesforce: Salesforce) -> None:
    del salesforce.session.headers["Sforce-Auto-Assign"]
    owner = salesforce("GET", "/services/oauth2/userinfo").json()["user_id"]
    owners: list[str] = []
    for rule in ({}, {"assignmentRuleId": "01Q5e0000000001EAA"}):
        job = ingested(salesforce, "insert", "LastName,Company\nA,B\n", **rule)
        [lead] = results(salesforce, job["id"], "successfulResults")
        owners += values(salesforce, lead["sf__Id"], "Lead", "OwnerId")
    assert (owners[0] == owner, owners[1] == owner) == (True, False)


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
