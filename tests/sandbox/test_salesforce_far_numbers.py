"""Numbers of thousands of digits, of other scripts, or next to nothing: refused or taken."""

import pytest

from tests.sandbox.bulk import INGEST, ended, ingest_job, query_job
from tests.sandbox.clients import Salesforce
from tests.sandbox.packages import deploy, field_xml, object_xml, problems, zipped
from tests.sandbox.subrequests import post

LONG = "9" * 5_000
TINY = "1e-99999999999999999999"


@pytest.mark.parametrize("count", [LONG, "٣"])
def test_the_most_records_of_a_page_are_a_number_in_ascii(
    salesforce: Salesforce, count: str
) -> None:
    job_id = query_job(salesforce, "SELECT Id FROM Lead")["id"]
    ended(salesforce, "jobs/query", job_id)
    answer = salesforce("GET", f"jobs/query/{job_id}/results", params={"maxRecords": count})
    assert (answer.status_code, answer.json()[0]["message"]) == (
        400,
        f"Invalid maxRecords: {count}",
    )


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/services/data/v{LONG}.0", 404),
        (f"/services/async/{LONG}.0/job/750", 400),
        (f"query/0r8000000000001AAA-{LONG}", 400),
        (f"jobs/query?queryLocator=OTk5&limit={LONG}", 200),
        (f"sobjects/Lead/listviews?limit={LONG}", 200),
    ],
)
def test_a_number_of_any_length_in_an_address_is_no_error_of_the_server(
    salesforce: Salesforce, path: str, status: int
) -> None:
    assert salesforce("GET", path).status_code == status


def test_a_page_size_that_is_out_of_range_is_the_usual_one(salesforce: Salesforce) -> None:
    headers = {"Sforce-Query-Options": f"batchSize={LONG}"}
    answer = salesforce("GET", "query", params={"q": "SELECT Id FROM Lead"}, headers=headers)
    assert answer.status_code == 200


def test_a_reference_to_a_place_far_behind_a_list_leads_to_nothing(salesforce: Salesforce) -> None:
    second = post("b", "Lead", LastName=f"@{{a.errors[{LONG}]}}", Company="P")
    body = {"compositeRequest": [post("a", "Lead", LastName="A", Company="P"), second]}
    answer = salesforce("POST", "composite", json=body).json()["compositeResponse"]
    assert answer[1]["httpStatusCode"] == 400


@pytest.mark.parametrize("value", [TINY, "0e999999999999999999999"])
def test_a_number_next_to_nothing_is_zero(salesforce: Salesforce, value: str) -> None:
    [lead_id] = salesforce.lead_ids(1)
    answer = salesforce("PATCH", f"sobjects/Lead/{lead_id}", json={"AnnualRevenue": value})
    assert (answer.status_code, salesforce.lead(lead_id)["AnnualRevenue"]) == (204, 0)


def test_a_number_next_to_nothing_in_a_cell_does_not_fail_the_job(salesforce: Salesforce) -> None:
    data = f"LastName,Company,AnnualRevenue\nA,P,{TINY}\nB,P,1\n"
    job = ended(salesforce, INGEST, ingest_job(salesforce, "insert", data))
    assert (job["state"], job["numberRecordsFailed"]) == ("JobComplete", 0)


@pytest.mark.parametrize("precision", ["--5", LONG, "٣"])
def test_a_part_that_is_no_number_fails_its_component(
    salesforce: Salesforce, precision: str
) -> None:
    field = field_xml("Far__c", type="Number", precision=precision, scale=0)
    package = zipped({"CustomField": ["Lead.Far__c"]}, Lead_object=object_xml(field))
    told = f"'{precision}' is not a valid value for the type xsd:int"
    [problem] = problems(deploy(salesforce, package))
    assert told in problem
