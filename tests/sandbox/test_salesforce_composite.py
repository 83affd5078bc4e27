"""Requests inside requests: composite and batch, and the limits of collections."""

from typing import Any

import pytest

from tests.sandbox.clients import Admin, Salesforce
from tests.sandbox.salesforce_records import make, values
from tests.sandbox.subrequests import BAD_LEAD, ROOT, post, undone


def composite(salesforce: Salesforce, *requests: dict[str, Any], **body: Any) -> Any:
    body = {"compositeRequest": list(requests), **body}
    answer = salesforce("POST", "composite", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["compositeResponse"]


def count(salesforce: Salesforce, kind: str) -> int:
    found: int = salesforce("GET", "query", params={"q": f"SELECT COUNT() FROM {kind}"}).json()[
        "totalSize"
    ]
    return found


def test_a_composite_request_passes_values_on(salesforce: Salesforce) -> None:
    read = {"method": "GET", "url": f"{ROOT}/sobjects/Contact/@{{c.id}}?fields=AccountId"}
    results = composite(
        salesforce,
        post("a", "Account", Name="Probe"),
        post("c", "Contact", LastName="P", AccountId="@{a.id}"),
        {**read, "referenceId": "r"},
    )
    account_id = results[0]["body"]["id"]
    assert results[0] == {
        "body": {"id": account_id, "success": True, "errors": []},
        "httpHeaders": {"Location": f"{ROOT}/sobjects/Account/{account_id}"},
        "httpStatusCode": 201,
        "referenceId": "a",
    }
    assert results[2]["body"]["AccountId"] == account_id


def test_without_all_or_none_only_dependents_of_a_failure_fail(salesforce: Salesforce) -> None:
    bad, dependent, free = composite(
        salesforce,
        post("lead", "Lead", **BAD_LEAD),
        post("task", "Task", Subject="Call", WhoId="@{lead.id}"),
        post("account", "Account", Name="Free"),
    )
    assert bad["body"][0]["errorCode"] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    assert dependent["body"][0]["message"].startswith(
        "Invalid reference specified. No value for lead.id found in lead."
    )
    assert [r["httpStatusCode"] for r in (bad, dependent, free)] == [400, 400, 201]


def test_all_or_none_undoes_what_was_done_and_leaves_the_rest(salesforce: Salesforce) -> None:
    before = count(salesforce, "Account")
    first, second, third = composite(
        salesforce,
        post("one", "Account", Name="One"),
        post("two", "Lead", **BAD_LEAD),
        post("three", "Account", Name="Three"),
        allOrNone=True,
    )
    assert first == undone("one")
    assert third == undone("three")
    assert second["body"][0]["errorCode"] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    assert count(salesforce, "Account") == before


def test_all_or_none_of_the_whole_overrides_that_of_a_collection(salesforce: Salesforce) -> None:
    typed = {"attributes": {"type": "Lead"}}
    records = [{**typed, "LastName": "A", "Company": "C"}, {**typed, **BAD_LEAD}]
    many = {"method": "POST", "url": f"{ROOT}/composite/sobjects", "referenceId": "many"}
    body = {"records": records, "allOrNone": False}
    [loose] = composite(salesforce, {**many, "body": body})
    before = count(salesforce, "Lead")
    [strict] = composite(salesforce, {**many, "body": body}, allOrNone=True)
    assert [row["success"] for row in loose["body"]] == [True, False]
    assert [row["success"] for row in strict["body"]] == [False, False]
    assert count(salesforce, "Lead") == before


def test_five_collections_count_as_one_request(salesforce: Salesforce, admin: Admin) -> None:
    [lead_id] = salesforce.lead_ids(1)
    record = {"attributes": {"type": "Lead"}, "id": lead_id, "Title": "CEO"}
    many = {"method": "PATCH", "url": f"{ROOT}/composite/sobjects"}
    requests = [
        {**many, "referenceId": f"c{number}", "body": {"records": [record]}} for number in range(5)
    ]
    before = salesforce("GET", "limits").headers["Sforce-Limit-Info"]
    composite(salesforce, *requests)
    after = salesforce("GET", "limits").headers["Sforce-Limit-Info"]
    used = [int(info.removeprefix("api-usage=").partition("/")[0]) for info in (before, after)]
    assert used[1] - used[0] == 2
    assert admin("GET", "calls").json()["salesforce"]["write"] == 1


@pytest.mark.parametrize(
    ("requests", "code"),
    [
        ([post(f"a{number}", "Account", Name="A") for number in range(26)], "LIMIT_EXCEEDED"),
        (
            [
                {"method": "GET", "url": f"{ROOT}/query?q=x", "referenceId": f"q{number}"}
                for number in range(6)
            ],
            "LIMIT_EXCEEDED",
        ),
        ([post("same", "Account", Name="A")] * 2, "DUPLICATE_VALUE"),
        ([{"method": "POST", "url": f"{ROOT}/composite", "referenceId": "c"}], "INVALID_URL"),
        ([{**post("a", "Lead"), "httpHeaders": {"Accept": "x"}}], "INVALID_HTTP_HEADER"),
        ([{"method": "post", "url": ROOT, "referenceId": "c"}], "JSON_PARSER_ERROR"),
        ([{"method": "GET", "url": ROOT, "referenceId": "a b"}], "JSON_PARSER_ERROR"),
        ([{"method": "GET", "url": ROOT, "referenceId": "_a"}], "JSON_PARSER_ERROR"),
    ],
)
def test_a_composite_request_has_its_limits(
    salesforce: Salesforce, requests: list[Any], code: str
) -> None:
    answer = salesforce("POST", "composite", json={"compositeRequest": requests})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)


def test_subrequests_have_headers_of_their_own(salesforce: Salesforce) -> None:
    lead_id = make(salesforce, "Lead")
    request = {"method": "PATCH", "url": f"{ROOT}/sobjects/Lead/{lead_id}", "referenceId": "p"}
    since = {"If-Unmodified-Since": "Tue, 30 Jun 2020 12:00:00 GMT"}
    body = {"Title": "CEO"}
    [refused] = composite(salesforce, {**request, "httpHeaders": since, "body": body})
    kept = salesforce.lead(lead_id)["OwnerId"]
    [done] = composite(salesforce, {**request, "body": body})
    assert (refused["httpStatusCode"], done["httpStatusCode"], done["body"]) == (412, 204, None)
    # The outer Sforce-Auto-Assign is not theirs: the Lead is assigned anew.
    assert salesforce.lead(lead_id)["OwnerId"] != kept


def test_references_reach_into_answers_of_collections_and_queries(salesforce: Salesforce) -> None:
    lead_id = make(salesforce, "Lead", LastName="Deep")
    soql = "SELECT+Id+FROM+Lead+WHERE+LastName='Deep'"
    task = post("task", "Task", WhoId="@{found.records[0].Id}", Subject="For @{found.totalSize}")
    query = {"method": "GET", "url": f"{ROOT}/query?q={soql}", "referenceId": "found"}
    _, made = composite(salesforce, query, task)
    assert values(salesforce, made["body"]["id"], "Task", "WhoId", "Subject") == (lead_id, "For 1")


def test_a_batch_answers_each_request_and_counts_each(salesforce: Salesforce) -> None:
    [lead_id] = salesforce.lead_ids(1)
    path = f"v66.0/sobjects/Lead/{lead_id}"
    requests = [
        {"method": "PATCH", "url": path, "richInput": {"Title": "CEO"}},
        {"method": "GET", "url": f"{path}?fields=Title"},
        {"method": "GET", "url": "v66.0/sobjects/Nope/1"},
    ]
    answer = salesforce("POST", "composite/batch", json={"batchRequests": requests})
    body = answer.json()
    assert body["hasErrors"] is True
    assert [entry["statusCode"] for entry in body["results"]] == [204, 200, 404]
    assert body["results"][1]["result"]["Title"] == "CEO"
    spent = [
        int(info.removeprefix("api-usage=").partition("/")[0])
        for info in (answer.headers["Sforce-Limit-Info"], usage(salesforce))
    ]
    assert spent[1] - spent[0] == 3


def test_a_batch_counts_once_where_the_org_does_so(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_batch_counts_each=False)
    requests = [{"method": "GET", "url": "v66.0/limits"}] * 3
    answer = salesforce("POST", "composite/batch", json={"batchRequests": requests})
    spent = [
        int(info.removeprefix("api-usage=").partition("/")[0])
        for info in (answer.headers["Sforce-Limit-Info"], usage(salesforce))
    ]
    assert spent[1] - spent[0] == 1


def usage(salesforce: Salesforce) -> str:
    return str(salesforce("GET", "limits").headers["Sforce-Limit-Info"])


def test_jobs_do_not_run_inside_other_requests(salesforce: Salesforce) -> None:
    job = {"operation": "query", "query": "SELECT Id FROM Lead"}
    job_id = salesforce("POST", "jobs/query", json=job).json()["id"]
    body = {"batchRequests": [{"method": "GET", "url": f"v66.0/jobs/query/{job_id}"}]}
    [found] = salesforce("POST", "composite/batch", json=body).json()["results"]
    assert (found["statusCode"], found["result"][0]["errorCode"]) == (400, "INVALID_URL")


def test_a_batch_may_halt_at_the_first_error(salesforce: Salesforce) -> None:
    missing = {"method": "GET", "url": "v66.0/sobjects/Nope/1"}
    body = {"batchRequests": [missing, {"method": "GET", "url": "v66.0/limits"}]}
    results = salesforce("POST", "composite/batch", json={**body, "haltOnError": True}).json()
    halted_at = results["results"][1]
    assert (halted_at["statusCode"], halted_at["result"][0]["errorCode"]) == (
        412,
        "BATCH_PROCESSING_HALTED",
    )


def test_a_batch_holds_25_requests(salesforce: Salesforce) -> None:
    requests = [{"method": "GET", "url": "v66.0/limits"}] * 26
    answer = salesforce("POST", "composite/batch", json={"batchRequests": requests})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "LIMIT_EXCEEDED")


def test_a_collection_changes_its_type_ten_times_at_most(salesforce: Salesforce) -> None:
    records = [
        {"attributes": {"type": kind}, "LastName": "A", "Company": "C"}
        for kind in ("Lead", "Contact") * 6
    ]
    answer = salesforce("POST", "composite/sobjects", json={"records": records})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "LIMIT_EXCEEDED")


def test_records_of_a_collection_that_share_an_id_all_fail(salesforce: Salesforce) -> None:
    [lead_id, other] = salesforce.lead_ids(2)
    records = ({"id": lead_id, "Title": "A"}, {"id": lead_id[:15]}, {"id": other})
    *twice, alone = salesforce.update(*records)
    assert [result["errors"][0]["statusCode"] for result in twice] == ["DUPLICATE_VALUE"] * 2
    assert (salesforce.lead(lead_id)["Title"] == "A", alone["success"]) == (False, True)


def test_a_record_says_its_object(salesforce: Salesforce) -> None:
    bare = {"records": [{"LastName": "A", "Company": "B"}]}
    [made] = salesforce("POST", "composite/sobjects", json=bare).json()
    tree = salesforce("POST", "composite/tree/Lead", json=bare).json()
    told = (made["errors"][0]["message"], tree[0]["message"])
    assert told == ("Must send a concrete entity type.",) * 2


def test_each_record_of_a_tree_has_a_reference_id(salesforce: Salesforce) -> None:
    record = {"attributes": {"type": "Lead"}, "LastName": "A", "Company": "B"}
    [refused] = salesforce("POST", "composite/tree/Lead", json={"records": [record]}).json()
    message = "Include a reference ID for each record in the request."
    assert refused == {"errorCode": "INVALID_INPUT", "message": message}


def test_a_field_list_that_is_no_list_is_refused(salesforce: Salesforce) -> None:
    body = {"ids": salesforce.lead_ids(1), "fields": "Id"}
    answer = salesforce("POST", "composite/sobjects/Lead", json=body)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "JSON_PARSER_ERROR")


def test_a_collection_is_read_by_fields_that_are_named(salesforce: Salesforce) -> None:
    body = {"ids": salesforce.lead_ids(1)}
    answer = salesforce("POST", "composite/sobjects/Lead", json=body)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "MISSING_ARGUMENT")


def test_many_are_read_by_get_too(salesforce: Salesforce) -> None:
    ids = [*salesforce.lead_ids(2), "00Q5e0000000zzzEAA"]
    params = {"ids": ",".join(ids), "fields": "Id"}
    found = salesforce("GET", "composite/sobjects/Lead", params=params).json()
    assert [record and record["Id"] for record in found] == [*ids[:2], None]
