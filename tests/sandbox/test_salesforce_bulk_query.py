"""Bulk API 2.0 query."""

import csv
import io
from pathlib import Path

import pytest

from connectors.sandbox.salesforce.bulk.query.refusals import check_fields
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.schema import Field
from connectors.sandbox.server import running_sandbox
from tests.sandbox.bulk import QUERY, ended, queried, query_job, refusal, refused_query
from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import make

LEADS = "SELECT Id, LastName FROM Lead ORDER BY Id"


def test_a_job_is_answered_with_the_keys_of_its_creation(salesforce: Salesforce) -> None:
    job = query_job(salesforce, LEADS)
    user_id = salesforce("GET", "/services/oauth2/userinfo").json()["user_id"]
    assert job.pop("id").startswith("750")
    assert job == {
        "operation": "query",
        "object": "Lead",
        "createdById": user_id,
        "createdDate": "2026-06-30T12:00:00.000+0000",
        "systemModstamp": "2026-06-30T12:00:00.000+0000",
        "state": "UploadComplete",
        "concurrencyMode": "Parallel",
        "contentType": "CSV",
        "apiVersion": 66.0,
        "lineEnding": "LF",
        "columnDelimiter": "COMMA",
    }


def test_a_job_is_in_progress_when_first_asked_about_and_complete_then(
    salesforce: Salesforce,
) -> None:
    job_id = query_job(salesforce, LEADS)["id"]
    told = [salesforce("GET", f"{QUERY}/{job_id}").json() for _ in range(3)]
    assert [job["state"] for job in told] == ["InProgress", "JobComplete", "JobComplete"]
    assert [job["numberRecordsProcessed"] for job in told[:2]] == [0, len(salesforce.query(LEADS))]
    more = {"jobType", "numberRecordsProcessed", "retries", "totalProcessingTime"}
    assert told[0].keys() == query_job(salesforce, LEADS).keys() | more | {"isPkChunkingSupported"}


def test_the_number_of_polls_is_a_setting_and_none_ends_jobs_at_once(
    salesforce: Salesforce, admin: Admin
) -> None:
    admin.setting(salesforce_bulk_polls=0)
    job_id = query_job(salesforce, LEADS)["id"]
    assert salesforce("GET", f"{QUERY}/{job_id}/results").status_code == 200
    admin.setting(salesforce_bulk_polls=4)
    job_id = query_job(salesforce, LEADS)["id"]
    states = [salesforce("GET", f"{QUERY}/{job_id}").json()["state"] for _ in range(4)]
    assert states == ["InProgress"] * 3 + ["JobComplete"]


def test_values_are_quoted_and_spelt_as_bulk_results_spell_them(salesforce: Salesforce) -> None:
    account = make(salesforce, "Account", Name="Great Works")
    owner = salesforce("GET", "/services/oauth2/userinfo").json()["user_id"]
    made = {"LastName": 'O "X"', "Email": None, "AccountId": account, "OwnerId": owner}
    contact = make(salesforce, "Contact", **made)
    columns = "Account.Name, Id, LastName, Email, IsDeleted, CreatedDate"
    text = queried(salesforce, f"SELECT {columns} FROM Contact WHERE Id = '{contact}'")
    assert text == (
        '"Account.Name","Id","LastName","Email","IsDeleted","CreatedDate"\n'
        f'"Great Works","{contact}","O ""X""","","false","2026-06-30T12:00:00.000Z"\n'
    )


def test_dates_are_days_and_large_numbers_are_in_scientific_notation(
    salesforce: Salesforce, admin: Admin
) -> None:
    deal = make(salesforce, "Opportunity", CloseDate="2026-09-30", Amount=12_500_000)
    soql = f"SELECT CloseDate, Amount, IsWon FROM Opportunity WHERE Id = '{deal}'"
    assert queried(salesforce, soql).splitlines()[1] == '"2026-09-30","1.25E7","false"'
    admin.setting(salesforce_bulk_scientific_numbers=False)
    assert queried(salesforce, soql).splitlines()[1] == '"2026-09-30","12500000.0","false"'


def test_line_breaks_and_nul_within_a_field_pass_through(salesforce: Salesforce) -> None:
    text = "one\r\ntwo\nthree\u0000four"
    lead = make(salesforce, "Lead", Description=text)
    result = queried(salesforce, f"SELECT Description FROM Lead WHERE Id = '{lead}'")
    assert list(csv.reader(io.StringIO(result, newline=""))) == [["Description"], [text]]


@pytest.mark.parametrize(
    ("name", "delimiter"),
    [("BACKQUOTE", "`"), ("CARET", "^"), ("PIPE", "|"), ("SEMICOLON", ";"), ("TAB", "\t")],
)
def test_columns_are_divided_as_the_job_asks(
    salesforce: Salesforce, name: str, delimiter: str
) -> None:
    result = queried(salesforce, f"{LEADS} LIMIT 1", columnDelimiter=name, lineEnding="CRLF")
    assert result.startswith(f'"Id"{delimiter}"LastName"\r\n')
    assert result.count("\r\n") == 2


def test_columns_came_by_name_before_v50(salesforce: Salesforce) -> None:
    root = "/services/data/v49.0/jobs/query"
    body = {"operation": "query", "query": "SELECT LastName, Id FROM Lead"}
    job_id = salesforce("POST", root, json=body).json()["id"]
    for _ in range(2):
        salesforce("GET", f"{root}/{job_id}")
    assert salesforce("GET", f"{root}/{job_id}/results").text.startswith('"Id","LastName"')


def test_query_all_shows_deleted_records(salesforce: Salesforce) -> None:
    lead = make(salesforce, "Lead")
    salesforce("DELETE", f"sobjects/Lead/{lead}")
    soql = f"SELECT Id, IsDeleted FROM Lead WHERE Id = '{lead}'"
    assert queried(salesforce, soql) == '"Id","IsDeleted"\n'
    assert queried(salesforce, soql, operation="queryAll").splitlines()[1] == f'"{lead}","true"'


def test_a_result_is_read_in_pages_that_repeat_the_header(
    salesforce: Salesforce, admin: Admin
) -> None:
    job_id = query_job(salesforce, LEADS)["id"]
    count = ended(salesforce, QUERY, job_id)["numberRecordsProcessed"]
    first = salesforce("GET", f"{QUERY}/{job_id}/results", params={"maxRecords": 2})
    assert first.headers["Sforce-Locator"] == "Mg"
    rest = {"maxRecords": count, "locator": "Mg"}
    second = salesforce("GET", f"{QUERY}/{job_id}/results", params=rest)
    sizes = [page.headers["Sforce-NumberOfRecords"] for page in (first, second)]
    assert (sizes, second.headers["Sforce-Locator"]) == (["2", str(count - 2)], "null")
    header, *rows = salesforce("GET", f"{QUERY}/{job_id}/results").text.splitlines(keepends=True)
    assert (first.text, second.text) == (header + "".join(rows[:2]), header + "".join(rows[2:]))
    admin.setting(salesforce_bulk_repeats_header=False)
    again = salesforce("GET", f"{QUERY}/{job_id}/results", params=rest)
    assert again.text == "".join(rows[2:])


def test_pages_stay_below_a_cap_whatever_is_asked_for(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_bulk_page_size=3)
    job_id = query_job(salesforce, LEADS)["id"]
    ended(salesforce, QUERY, job_id)
    page = salesforce("GET", f"{QUERY}/{job_id}/results", params={"maxRecords": 1_000})
    assert page.headers["Sforce-NumberOfRecords"] == "3"


def test_result_pages_lead_to_five_pages_at_once(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_bulk_page_size=1)
    job_id = query_job(salesforce, f"{LEADS} LIMIT 7")["id"]
    ended(salesforce, QUERY, job_id)
    base = f"/services/data/v66.0/jobs/query/{job_id}"
    first = salesforce("GET", f"{base}/resultPages").json()
    starts = ["MA", "MQ", "Mg", "Mw", "NA"]
    assert first == {
        "resultPages": [{"resultUrl": f"{base}/results?locator={start}"} for start in starts],
        "nextRecordsUrl": f"{base}/resultPages?locator=NQ",
        "done": False,
    }
    second = salesforce("GET", first["nextRecordsUrl"]).json()
    assert (len(second["resultPages"]), second["nextRecordsUrl"], second["done"]) == (2, None, True)
    rows = [salesforce("GET", page["resultUrl"]).text for page in first["resultPages"]]
    assert len({row.splitlines()[1] for row in rows}) == 5


def test_result_pages_are_there_from_v58_on(salesforce: Salesforce) -> None:
    answer = salesforce("GET", "/services/data/v57.0/jobs/query/750000000000000/resultPages")
    assert refusal(answer)[:2] == (404, "NOT_FOUND")


def test_results_need_the_version_that_the_job_was_made_with(salesforce: Salesforce) -> None:
    job_id = query_job(salesforce, LEADS)["id"]
    ended(salesforce, QUERY, job_id)
    answer = salesforce("GET", f"/services/data/v65.0/jobs/query/{job_id}/results")
    assert answer.status_code == 409


def test_results_are_refused_until_the_job_is_complete(salesforce: Salesforce) -> None:
    job_id = query_job(salesforce, LEADS)["id"]
    answer = salesforce("GET", f"{QUERY}/{job_id}/results")
    assert refusal(answer)[:2] == (400, "INVALIDJOBSTATE")


@pytest.mark.parametrize("locator", ["nowhere!", "LTE", "OTk5OTk5"])
def test_a_locator_that_leads_nowhere_is_refused(salesforce: Salesforce, locator: str) -> None:
    job_id = query_job(salesforce, LEADS)["id"]
    ended(salesforce, QUERY, job_id)
    answer = salesforce("GET", f"{QUERY}/{job_id}/results", params={"locator": locator})
    assert refusal(answer)[:2] == (400, "INVALID_QUERY_LOCATOR")


def test_the_type_of_results_has_no_charset_unless_set(
    salesforce: Salesforce, admin: Admin
) -> None:
    job_id = query_job(salesforce, LEADS)["id"]
    ended(salesforce, QUERY, job_id)
    url = f"{QUERY}/{job_id}/results"
    assert salesforce("GET", url).headers["Content-Type"] == "text/csv"
    admin.setting(salesforce_bulk_content_type="text/csv; charset=UTF-8")
    assert salesforce("GET", url).headers["Content-Type"] == "text/csv; charset=UTF-8"


@pytest.mark.parametrize(
    ("soql", "code", "message"),
    [
        ("SELECT MailingAddress FROM Contact", "API_ERROR",
         "Selecting compound data not supported in Bulk Query"),
        ("SELECT COUNT() FROM Lead", "API_ERROR",
         "Aggregate functions are not supported in Bulk Query"),
        ("SELECT MAX(CreatedDate) FROM Lead", "API_ERROR",
         "Aggregate functions are not supported in Bulk Query"),
        ("SELECT Status FROM Lead GROUP BY Status", "API_ERROR",
         "GROUP BY is not supported in Bulk Query"),
        ("SELECT Id FROM Lead LIMIT 3 OFFSET 2", "API_ERROR",
         "OFFSET is not supported in Bulk Query"),
        ("SELECT Id, (SELECT Id FROM Contacts) FROM Account", "FEATURENOTENABLED",
         "Aggregate Relationships not supported in Bulk V2 Query with CSV content type"),
        ("SELECT Id FROM RecentlyViewed", "INVALIDENTITY",
         "Entity 'RecentlyViewed' is not supported by the Bulk API."),
        ("SELECT Id FRM Lead", "MALFORMED_QUERY", "unexpected token: 'Lead'"),
    ],
)  # fmt: skip
def test_what_bulk_queries_may_not_hold_is_refused_at_once(
    salesforce: Salesforce, soql: str, code: str, message: str
) -> None:
    assert refused_query(salesforce, soql) == (400, code, message)


def test_binary_fields_are_refused() -> None:
    with pytest.raises(Refusal, match="Binary field not supported"):
        check_fields([Field("Body", "Body", "base64")])


def test_unknown_fields_objects_and_formats_are_refused_at_once(salesforce: Salesforce) -> None:
    assert refused_query(salesforce, "SELECT Nope FROM Lead")[1] == "INVALID_FIELD"
    assert refused_query(salesforce, "SELECT Id FROM Nope")[1] == "INVALID_TYPE"
    assert refused_query(salesforce, LEADS, columnDelimiter="COLON")[1] == "INVALIDJOB"
    assert refused_query(salesforce, LEADS, lineEnding="CR")[1] == "INVALIDJOB"
    assert refused_query(salesforce, LEADS, contentType="JSON")[1] == "INVALIDJOB"
    assert refused_query(salesforce, LEADS, operation="insert")[1] == "INVALIDJOB"
    assert refused_query(salesforce, "")[1] == "INVALIDJOB"


def test_a_job_fails_with_the_message_that_is_set(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_bulk_error="Retried more than fifteen times")
    job_id = query_job(salesforce, LEADS)["id"]
    job = ended(salesforce, QUERY, job_id)
    assert (job["state"], job["errorMessage"]) == ("Failed", "Retried more than fifteen times")
    assert refusal(salesforce("GET", f"{QUERY}/{job_id}/results"))[1] == "INVALIDJOBSTATE"


def test_a_job_fails_when_the_org_no_longer_takes_its_query(
    salesforce: Salesforce, admin: Admin
) -> None:
    job_id = query_job(salesforce, LEADS)["id"]
    admin.setting(salesforce_bulk_unsupported="Lead")
    job = ended(salesforce, QUERY, job_id)
    message = "INVALIDENTITY: Entity 'Lead' is not supported by the Bulk API."
    assert (job["state"], job["errorMessage"]) == ("Failed", message)


def test_a_stuck_job_never_ends_but_can_be_aborted(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_bulk_stuck=True)
    job_id = query_job(salesforce, LEADS)["id"]
    states = {salesforce("GET", f"{QUERY}/{job_id}").json()["state"] for _ in range(6)}
    assert states == {"InProgress"}
    aborted = salesforce("PATCH", f"{QUERY}/{job_id}", json={"state": "Aborted"}).json()
    assert (aborted["id"], aborted["state"]) == (job_id, "Aborted")
    assert salesforce("GET", f"{QUERY}/{job_id}").json()["state"] == "Aborted"


def test_a_stuck_job_does_not_even_end_at_once(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_bulk_stuck=True, salesforce_bulk_polls=0)
    job_id = query_job(salesforce, LEADS)["id"]
    assert salesforce("GET", f"{QUERY}/{job_id}").json()["state"] == "InProgress"


def test_a_job_fails_for_what_nobody_foresaw(
    salesforce: Salesforce, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = query_job(salesforce, LEADS)["id"]
    monkeypatch.delattr("connectors.sandbox.salesforce.bulk.query.extraction.add_functions")
    job = ended(salesforce, QUERY, job_id)
    assert (job["state"], job["errorMessage"][:20]) == ("Failed", "UNKNOWN_EXCEPTION : ")


def test_a_completed_job_can_not_be_aborted(salesforce: Salesforce) -> None:
    job_id = query_job(salesforce, LEADS)["id"]
    ended(salesforce, QUERY, job_id)
    answer = salesforce("PATCH", f"{QUERY}/{job_id}", json={"state": "Aborted"})
    message = "Aborting already Completed Job not allowed"
    assert refusal(answer) == (400, "INVALIDJOBSTATE", message)


def test_a_deleted_job_is_gone_with_its_results(salesforce: Salesforce, state: Path) -> None:
    job_id = query_job(salesforce, LEADS)["id"]
    ended(salesforce, QUERY, job_id)
    answer = salesforce("DELETE", f"{QUERY}/{job_id}")
    assert (answer.status_code, answer.content) == (204, b"")
    for path in (f"{QUERY}/{job_id}", f"{QUERY}/{job_id}/results"):
        assert refusal(salesforce("GET", path))[:2] == (404, "NOT_FOUND")
    assert list((state / "bulk").iterdir()) == []


def test_a_job_in_progress_can_not_be_deleted(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_bulk_stuck=True)
    job_id = query_job(salesforce, LEADS)["id"]
    salesforce("GET", f"{QUERY}/{job_id}")
    assert refusal(salesforce("DELETE", f"{QUERY}/{job_id}"))[1] == "INVALIDJOBSTATE"


def test_jobs_are_there_for_seven_days(salesforce: Salesforce, admin: Admin, state: Path) -> None:
    job_id = query_job(salesforce, LEADS)["id"]
    ended(salesforce, QUERY, job_id)
    admin.advance(7 * 86_400)
    salesforce.log_in()
    assert salesforce("GET", f"{QUERY}/{job_id}").status_code == 200
    admin.advance(1)
    assert salesforce("GET", f"{QUERY}/{job_id}").status_code == 404
    assert salesforce("GET", QUERY).json()["records"] == []
    query_job(salesforce, LEADS)
    assert list((state / "bulk").iterdir()) == []


def test_jobs_are_listed_by_type_a_thousand_a_page(
    salesforce: Salesforce, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.sandbox.salesforce.bulk.listing.PAGE_SIZE", 2)
    made = [query_job(salesforce, LEADS)["id"] for _ in range(3)]
    first = salesforce("GET", QUERY, params={"jobType": "V2Query"}).json()
    second = salesforce("GET", first["nextRecordsUrl"]).json()
    assert [job["id"] for page in (first, second) for job in page["records"]] == made
    assert (first["done"], second["done"], second["nextRecordsUrl"]) == (False, True, None)
    assert first["records"][0]["jobType"] == "V2Query"
    for filters in ({"jobType": "Classic"}, {"concurrencyMode": "serial"},
                    {"isPkChunkingEnabled": "true"}):  # fmt: skip
        assert salesforce("GET", QUERY, params=filters).json()["records"] == []


def test_query_jobs_of_a_day_are_limited(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_bulk_query_jobs=1)
    query_job(salesforce, LEADS)
    told = salesforce("GET", "limits").json()["DailyBulkV2QueryJobs"]
    assert told == {"Max": 1, "Remaining": 0}
    message = "Max bulk v2 query jobs (1) per 24 hrs has been reached (2)"
    assert refused_query(salesforce, LEADS) == (400, "LIMIT_EXCEEDED", message)


def test_a_job_and_its_result_survive_a_restart(state: Path) -> None:
    with running_sandbox(state) as first:
        before = Salesforce(first)
        job_id, waiting = (query_job(before, LEADS)["id"] for _ in range(2))
        ended(before, QUERY, job_id)
        result = before("GET", f"{QUERY}/{job_id}/results").content
        before("GET", f"{QUERY}/{waiting}")
    with running_sandbox(state) as second:
        after = Salesforce(second)
        assert after("GET", f"{QUERY}/{job_id}/results").content == result
        assert after("GET", f"{QUERY}/{waiting}").json()["state"] == "JobComplete"
