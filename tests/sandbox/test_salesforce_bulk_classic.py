"""The older Bulk API, in JSON, CSV and XML."""

import pytest

from connectors.sandbox.salesforce.bulk.writing.rows import Writer
from tests.sandbox.bulk import Bulk
from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import make, values

NAMESPACE = 'xmlns="http://www.force.com/2009/06/asyncapi/dataload"'
NO_JOB = "/services/async/66.0/job/750000000000000AAA"
LEADS = "SELECT Id, LastName FROM Lead ORDER BY Id"


@pytest.fixture
def bulk(salesforce: Salesforce) -> Bulk:
    return Bulk(salesforce)


def test_a_job_is_told_with_all_its_keys_in_json(bulk: Bulk) -> None:
    job = bulk("GET", bulk.job(concurrencyMode=1)).json()
    zeros = {name: 0 for name in job if name.startswith("number") or name.endswith("Time")}
    assert len(zeros) == 11
    assert job == zeros | {
        "id": job["id"],
        "operation": "query",
        "object": "Lead",
        "createdById": job["createdById"],
        "createdDate": "2026-06-30T12:00:00.000+0000",
        "systemModstamp": "2026-06-30T12:00:00.000+0000",
        "state": "Open",
        "externalIdFieldName": None,
        "assignmentRuleId": None,
        "concurrencyMode": "Serial",
        "contentType": "JSON",
        "apiVersion": 66.0,
        "fastPathEnabled": False,
    }


def test_a_job_asked_for_in_xml_is_told_in_xml(bulk: Bulk) -> None:
    body = (
        f'<?xml version="1.0"?><jobInfo {NAMESPACE}><operation>query</operation>'
        "<object>Lead</object><contentType>CSV</contentType></jobInfo>"
    )
    answer = bulk("POST", "", body, "application/xml; charset=UTF-8")
    assert answer.status_code == 201
    assert answer.text.startswith(f'<?xml version="1.0" encoding="UTF-8"?><jobInfo {NAMESPACE}>')
    for part in (
        "<state>Open</state>",
        "<createdDate>2026-06-30T12:00:00.000Z</createdDate>",
        "<apiVersion>66.0</apiVersion>",
    ):
        assert part in answer.text
    assert "externalIdFieldName" not in answer.text


def test_a_batch_is_queued_then_in_progress_then_completed(bulk: Bulk) -> None:
    job = bulk.job()
    queued = bulk("POST", f"{job}/batch", LEADS).json()
    told = [bulk("GET", f"{job}/batch/{queued['id']}").json() for _ in range(2)]
    states = [batch["state"] for batch in (queued, *told)]
    assert states == ["Queued", "InProgress", "Completed"]
    assert told[1].keys() == {
        "id", "jobId", "state", "stateMessage", "createdDate", "systemModstamp",
        "numberRecordsProcessed", "numberRecordsFailed", "totalProcessingTime",
        "apiActiveProcessingTime", "apexProcessingTime",
    }  # fmt: skip
    counted = bulk("GET", job).json()
    assert (counted["numberBatchesCompleted"], counted["numberBatchesTotal"]) == (1, 1)


def test_moments_and_days_are_milliseconds_in_json(bulk: Bulk, salesforce: Salesforce) -> None:
    account = make(salesforce, "Account", Name="Great Works")
    deal = make(salesforce, "Opportunity", AccountId=account, CloseDate="2026-07-01")
    fields = "Id, CreatedDate, CloseDate, Account.Name, IsWon, NextStep"
    job = bulk.job(object="Opportunity")
    batch = bulk.batch(job, f"SELECT {fields} FROM Opportunity WHERE Id = '{deal}'")
    bulk.done(batch)
    [result] = bulk("GET", f"{batch}/result").json()
    url = f"/services/data/v66.0/sobjects/Opportunity/{deal}"
    account_url = f"/services/data/v66.0/sobjects/Account/{account}"
    assert bulk("GET", f"{batch}/result/{result}").json() == [
        {
            "attributes": {"type": "Opportunity", "url": url},
            "Id": deal,
            "CreatedDate": 1782820800000,
            "CloseDate": 1782864000000,
            "Account": {
                "attributes": {"type": "Account", "url": account_url},
                "Name": "Great Works",
            },
            "IsWon": False,
            "NextStep": None,
        }
    ]


def test_a_csv_job_tells_of_its_batches_in_xml_and_gives_csv(
    bulk: Bulk, salesforce: Salesforce
) -> None:
    lead = make(salesforce, "Lead")
    job = bulk.job("queryAll", "CSV")
    batch = bulk.batch(job, f"SELECT Id, CreatedDate FROM Lead WHERE Id = '{lead}'", "text/csv")
    bulk.done(batch)
    listed = bulk("GET", f"{job}/batch").text
    assert f"<batchInfoList {NAMESPACE}><batchInfo><id>{batch[-18:]}</id>" in listed
    found = bulk("GET", f"{batch}/result").text
    assert f"<result-list {NAMESPACE}><result>752" in found
    result = found.partition("<result>")[2].partition("</result>")[0]
    answer = bulk("GET", f"{batch}/result/{result}")
    assert answer.headers["Content-Type"] == "text/csv;charset=UTF-8"
    assert answer.text == f'"Id","CreatedDate"\n"{lead}","2026-06-30T12:00:00.000Z"\n'


def test_a_query_without_records_says_so_in_csv(bulk: Bulk) -> None:
    batch = bulk.batch(bulk.job(kind="CSV"), "SELECT Id FROM Lead WHERE LastName = 'Nobody'")
    bulk.done(batch)
    result = bulk("GET", f"{batch}/result").text.partition("<result>")[2][:18]
    assert bulk("GET", f"{batch}/result/{result}").text == "Records not found for this query"


def test_an_xml_job_gives_records_in_xml(bulk: Bulk, salesforce: Salesforce) -> None:
    lead = make(salesforce, "Lead", LastName="A & B")
    query = f"SELECT LastName, Title, IsConverted FROM Lead WHERE Id = '{lead}'"
    batch = bulk.batch(bulk.job(kind="XML"), query, "application/xml")
    bulk.done(batch)
    result = bulk("GET", f"{batch}/result").text.partition("<result>")[2][:18]
    text = bulk("GET", f"{batch}/result/{result}").text
    assert text.partition("<records ")[2] == (
        f'xsi:type="sObject"><type>Lead</type><Id>{lead}</Id><LastName>A &amp; B</LastName>'
        '<Title xsi:nil="true"/><IsConverted>false</IsConverted></records></queryResult>'
    )


def test_a_parent_is_one_element_and_what_xml_can_not_write_is_replaced(
    bulk: Bulk, salesforce: Salesforce
) -> None:
    lead = make(salesforce, "Lead", Description="a\u0000b")
    query = f"SELECT Owner.Name, Description, Owner.Email FROM Lead WHERE Id = '{lead}'"
    batch = bulk.batch(bulk.job(kind="XML"), query, "application/xml")
    bulk.done(batch)
    result = bulk("GET", f"{batch}/result").text.partition("<result>")[2][:18]
    text = bulk("GET", f"{batch}/result/{result}").text
    owner = "<Name>Leadcycle Integration</Name><Email>integration@sandbox.example</Email>"
    assert text.partition(f"<Id>{lead}</Id>")[2] == (
        f'<Owner xsi:type="sObject">{owner}</Owner><Description>a\ufffdb</Description>'
        "</records></queryResult>"
    )


def test_xml_that_declares_entities_is_refused(bulk: Bulk) -> None:
    body = '<!DOCTYPE a [<!ENTITY b "query">]><jobInfo><operation>&b;</operation></jobInfo>'
    answer = bulk("POST", "", body, "application/xml")
    assert (answer.status_code, "<exceptionCode>InvalidXML<" in answer.text) == (400, True)
    assert "DOCTYPE is disallowed" in answer.text


@pytest.mark.parametrize("chunking", ["", "chunkSize=10"])
def test_without_polls_batches_end_at_once(bulk: Bulk, admin: Admin, chunking: str) -> None:
    admin.setting(salesforce_bulk_polls=0)
    body = {"operation": "query", "object": "Lead", "contentType": "JSON"}
    job = bulk("POST", "", body, **{"Sforce-Enable-PKChunking": chunking}).json()["id"]
    bulk.batch(f"/{job}", LEADS)
    admin.setting(salesforce_bulk_stuck=True)
    states = {batch["state"] for batch in bulk("GET", f"/{job}/batch").json()["batchInfo"]}
    assert states == ({"NotProcessed", "Completed"} if chunking else {"Completed"})


def test_rows_in_json_are_written_and_results_keep_their_order(
    bulk: Bulk, salesforce: Salesforce
) -> None:
    rows = [{"LastName": "A", "Company": "B"}, {"LastName": "C", "Company": None}]
    batch = bulk.batch(bulk.job("insert"), rows)
    bulk.done(batch)
    assert bulk("GET", f"{batch}/request").json() == rows
    [good, bad] = bulk("GET", f"{batch}/result").json()
    assert (good["success"], good["created"], good["errors"]) == (True, True, [])
    assert values(salesforce, good["id"], "Lead", "LastName") == ("A",)
    error = {
        "statusCode": "REQUIRED_FIELD_MISSING",
        "message": "Required fields are missing: [Company]",
        "fields": ["Company"],
        "extendedErrorDetails": None,
    }
    assert bad == {"success": False, "created": False, "id": None, "errors": [error]}
    told = bulk("GET", batch).json()
    assert (told["numberRecordsProcessed"], told["numberRecordsFailed"]) == (2, 1)


def test_rows_in_csv_leave_empty_cells_alone(bulk: Bulk, salesforce: Salesforce) -> None:
    lead = make(salesforce, "Lead", Title="CEO", City="Ulm")
    batch = bulk.batch(bulk.job("update", "CSV"), f"Id,Title,City\n{lead},,#N/A\n", "text/csv")
    bulk.done(batch)
    text = bulk("GET", f"{batch}/result").text
    assert text == f'"Id","Success","Created","Error"\n"{lead}","true","false",""\n'
    assert values(salesforce, lead, "Lead", "Title", "City") == ("CEO", None)


def test_rows_in_xml_are_written(bulk: Bulk, salesforce: Salesforce) -> None:
    lead = make(salesforce, "Lead", Title="CEO", City="Ulm")
    body = (
        f'<sObjects {NAMESPACE} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><sObject>'
        f'<Id>{lead}</Id><City>Bonn</City><Title xsi:nil="true"/></sObject></sObjects>'
    )
    batch = bulk.batch(bulk.job("update", "XML"), body, "application/xml")
    bulk.done(batch)
    result = f"<result><id>{lead}</id><success>true</success><created>false</created></result>"
    assert result in bulk("GET", f"{batch}/result").text
    assert values(salesforce, lead, "Lead", "Title", "City") == (None, "Bonn")


def test_upserts_and_deletes_work_too(bulk: Bulk, salesforce: Salesforce) -> None:
    lead = make(salesforce, "Lead", Email="a@b.example")
    job = bulk.job("upsert", externalIdFieldName="Email")
    batch = bulk.batch(job, [{"Email": "a@b.example", "Title": "CEO"}])
    bulk.done(batch)
    [result] = bulk("GET", f"{batch}/result").json()
    assert (result["id"], result["created"]) == (lead, False)
    bulk.done(bulk.batch(bulk.job("delete"), [{"Id": lead}]))
    assert values(salesforce, lead, "Lead", "Title", "IsDeleted") == ("CEO", True)


QUERY_FAILED = "InvalidBatch : Failed to process query:"
COMPOUND = "FUNCTIONALITY_NOT_ENABLED: Selecting compound data not supported in Bulk Query"
OTHER_OBJECT = (
    "INVALID_TYPE_FOR_OPERATION: The root entity of the requested query (Contact) does not match "
    "the entity of the requested Bulk API Job (Lead)."
)


@pytest.mark.parametrize(
    ("operation", "body", "message"),
    [
        ("query", "SELECT Nope FROM Lead", f"{QUERY_FAILED} INVALID_FIELD"),
        ("query", "SELECT Address FROM Lead", f"{QUERY_FAILED} {COMPOUND}"),
        ("query", "SELECT Id FROM Contact", f"{QUERY_FAILED} {OTHER_OBJECT}"),
        ("insert", '[{"Nope": 1}]', "InvalidBatch : Field name not found : Nope"),
        ("insert", "[", "InvalidBatch : Failed to parse the data of the batch"),
    ],
)
def test_a_batch_fails_with_a_message(bulk: Bulk, operation: str, body: str, message: str) -> None:
    batch = bulk.batch(bulk.job(operation), body)
    bulk.done(batch)
    told = bulk("GET", batch).json()
    assert (told["state"], told["stateMessage"][: len(message)]) == ("Failed", message)
    refused = bulk("GET", f"{batch}/result")
    body_of_refusal = {"exceptionCode": "InvalidBatch", "exceptionMessage": "Records not processed"}
    assert (refused.status_code, refused.json()) == (400, body_of_refusal)


def test_a_chunked_query_leaves_its_batch_and_makes_one_of_each_chunk(
    bulk: Bulk, salesforce: Salesforce
) -> None:
    everything = salesforce.query("SELECT Id FROM Lead", everything=True)
    body = {"operation": "queryAll", "object": "Lead", "contentType": "JSON"}
    chunking = {"Sforce-Enable-PKChunking": "chunkSize=4"}
    job = f"/{bulk('POST', '', body, **chunking).json()['id']}"
    bulk.batch(job, "SELECT Id FROM Lead")
    for _ in range(4):
        first, *chunks = bulk("GET", f"{job}/batch").json()["batchInfo"]
    assert (first["state"], first["numberRecordsProcessed"]) == ("NotProcessed", 0)
    assert {chunk["state"] for chunk in chunks} == {"Completed"}
    assert len(chunks) == -(-len(everything) // 4)
    found = []
    for chunk in chunks:
        [result] = bulk("GET", f"{job}/batch/{chunk['id']}/result").json()
        found += bulk("GET", f"{job}/batch/{chunk['id']}/result/{result}").json()
    assert {row["Id"] for row in found} == {row["Id"] for row in everything}
    assert len(found) == len(everything)


def test_a_closed_job_takes_no_batches_and_an_aborted_one_does_none(bulk: Bulk) -> None:
    job = bulk.job()
    batch = bulk.batch(job, LEADS)
    assert bulk("POST", job, {"state": "Closed"}).json()["state"] == "Closed"
    refused = bulk("POST", f"{job}/batch", LEADS)
    assert (refused.status_code, refused.json()["exceptionCode"]) == (400, "InvalidJobState")
    assert bulk("POST", job, {"state": "Aborted"}).json()["state"] == "Aborted"
    assert bulk("GET", batch).json()["state"] == "NotProcessed"
    again = bulk("POST", job, {"state": "Aborted"}).json()
    assert again["exceptionMessage"] == "Aborting already Aborted Job not allowed"


def test_results_wait_for_the_batch(bulk: Bulk) -> None:
    refused = bulk("GET", f"{bulk.batch(bulk.job(), LEADS)}/result")
    assert refused.json() == {
        "exceptionCode": "InvalidBatch",
        "exceptionMessage": "Batch not completed",
    }


def test_batches_of_a_day_are_limited(bulk: Bulk, admin: Admin) -> None:
    admin.setting(salesforce_bulk_batches=1)
    job = bulk.job()
    bulk.batch(job, LEADS)
    assert bulk("POST", f"{job}/batch", LEADS).json()["exceptionCode"] == "ExceededQuota"


def test_jobs_of_the_older_api_are_listed_by_the_newer_ones(
    bulk: Bulk, salesforce: Salesforce
) -> None:
    job = bulk.job()
    for path in ("jobs/query", "jobs/ingest"):
        [listed] = salesforce("GET", path).json()["records"]
        assert (f"/{listed['id']}", listed["jobType"]) == (job, "Classic")


def test_every_request_counts_against_the_day(bulk: Bulk, salesforce: Salesforce) -> None:
    used = [bulk("GET", bulk.job()).headers["Sforce-Limit-Info"] for _ in range(2)]
    assert used == ["api-usage=2/100000", "api-usage=4/100000"]


def test_what_nobody_foresaw_fails_the_batch(bulk: Bulk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Writer, "write", lambda writer, rows: 1 / 0)
    batch = bulk.batch(bulk.job("insert"), [{"LastName": "A", "Company": "B"}])
    bulk.done(batch)
    told = bulk("GET", batch).json()
    message = "UNKNOWN_EXCEPTION : An unexpected error occurred: ZeroDivisionError at"
    assert (told["state"], told["stateMessage"].startswith(message)) == ("Failed", True)


def test_records_of_a_batch_that_share_an_id_all_fail(bulk: Bulk, salesforce: Salesforce) -> None:
    lead, other = make(salesforce, "Lead"), make(salesforce, "Lead")
    rows = [{"Id": one, "Title": "CEO"} for one in (lead, lead[:15], other)]
    batch = bulk.batch(bulk.job("update"), rows)
    bulk.done(batch)
    results = bulk("GET", f"{batch}/result").json()
    codes = [result["errors"][0]["statusCode"] for result in results if result["errors"]]
    assert (codes, results[2]["success"]) == (["DUPLICATE_VALUE"] * 2, True)
