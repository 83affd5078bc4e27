"""What strangers send that no handler foresees: refused in Salesforce's shape, or not taken."""

import logging
import time
from typing import Any

import pytest
import requests

from connectors.sandbox.salesforce import rows
from tests.sandbox.clients import Salesforce
from tests.sandbox.salesforce_records import LIKELY, make, refusal
from tests.sandbox.subrequests import ROOT, post

JSON = {"Content-Type": "application/json"}
LEAD = f"{ROOT}/sobjects/Lead"


def code_of(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()[0]["errorCode"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"AnnualRevenue": 1' + b"0" * 5_000 + b"}",
        b'{"AnnualRevenue": NaN}',
        b'{"LastName": "\\ud800"}',
        b'{"LastName": "\xed\xa0\x80"}',
        b'{"LastName": ' + b"[" * 200 + b"]" * 200 + b"}",
        b'{"LastName": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_json_that_nobody_can_keep_is_a_parser_error(salesforce: Salesforce, body: bytes) -> None:
    answer = salesforce("POST", "sobjects/Lead", data=body, headers=JSON)
    assert code_of(answer) == (400, "JSON_PARSER_ERROR")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("composite/sobjects", {"records": [{"attributes": "Lead"}]}),
        ("composite/sobjects/Lead", {"ids": 5, "fields": ["Id"]}),
        ("composite/sobjects/Lead", {"ids": ["00Q"], "fields": [5]}),
        ("composite/tree/Lead", {"records": [{"attributes": ["Lead"]}]}),
        ("composite", {"compositeRequest": [{**post("a", "Lead"), "method": ["POST"]}]}),
        ("composite", {"compositeRequest": [{**post("a", "Lead"), "httpHeaders": "x"}]}),
    ],
)
def test_members_of_the_wrong_kind_are_a_parser_error(
    salesforce: Salesforce, path: str, body: Any
) -> None:
    assert code_of(salesforce("POST", path, json=body)) == (400, "JSON_PARSER_ERROR")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("AnnualRevenue", 10**400, "NUMBER_OUTSIDE_VALID_RANGE"),
        ("AnnualRevenue", "1_000", "JSON_PARSER_ERROR"),
        ("NumberOfEmployees", "٣", "JSON_PARSER_ERROR"),
    ],
)
def test_numbers_are_digits_within_the_range(
    salesforce: Salesforce, name: str, value: Any, code: str
) -> None:
    assert refusal(salesforce, "Lead", **{name: value}) == code


@pytest.mark.parametrize("day", ["2026-W01-1", "2026-05-01xyz", "20260501", 5, ["2026-05-01"]])
def test_dates_are_year_month_and_day(salesforce: Salesforce, day: Any) -> None:
    assert refusal(salesforce, "Opportunity", CloseDate=day) == "JSON_PARSER_ERROR"
    assert refusal(salesforce, "Event", StartDateTime=f"{day}T09:00") == "JSON_PARSER_ERROR"


@pytest.mark.parametrize(
    ("service", "body"),
    [
        ("u/abc", b"<a/>"),
        ("u/59.0", b'<?xml version="1.0" encoding="nonsense"?><a/>'),
        ("m/66.0", b'<?xml version="1.0" encoding="gbk"?><a/>'),
        ("m/66.0", b"<a>" * 5_000 + b"</a>" * 5_000),
    ],
)
def test_envelopes_that_can_t_be_read_are_faults(
    salesforce: Salesforce, service: str, body: bytes
) -> None:
    answer = requests.post(f"{salesforce.url}/services/Soap/{service}", body, timeout=10)
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "text/xml;charset=UTF-8"
    assert "<faultcode>" in answer.text


def test_what_nobody_foresaw_is_told_and_logged_without_values(
    salesforce: Salesforce, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise LookupError("Secret Name")

    monkeypatch.setattr(rows, "create_record", fail)
    with caplog.at_level(logging.ERROR):
        answer = salesforce("POST", "sobjects/Lead", json=LIKELY["Lead"])
    assert code_of(answer) == (500, "UNKNOWN_EXCEPTION")
    assert "LookupError at salesforce/rows.py:" in caplog.text
    assert "Secret" not in caplog.text + answer.text
    assert salesforce("GET", "limits").status_code == 200


def test_a_reference_by_key_takes_a_key_that_the_user_sees(salesforce: Salesforce) -> None:
    account_id = make(salesforce, "Account", Name="One of a kind")
    by_name = {"Account": {"Name": "One of a kind"}}
    assert refusal(salesforce, "Contact", **by_name) == "INVALID_FIELD"
    make(salesforce, "Contact", Account={"Id": account_id})
    assert salesforce("DELETE", f"sobjects/Account/{account_id}").status_code == 204
    assert refusal(salesforce, "Contact", Account={"Id": account_id}) == "INVALID_FIELD"


def test_a_reference_by_key_means_one_record(salesforce: Salesforce) -> None:
    for _ in range(2):
        make(salesforce, "Contact", Email="twin@b.example")
    by_mail = {"ReportsTo": {"Email": "twin@b.example"}}
    assert refusal(salesforce, "Contact", **by_mail) == "DUPLICATE_EXTERNAL_ID"


@pytest.mark.parametrize(
    "url", ["%63omposite", "composite#x", "composite/%62atch", "composite/", "@{one.LastName}"]
)
def test_requests_inside_requests_hold_no_further_ones(salesforce: Salesforce, url: str) -> None:
    one = {"method": "GET", "url": f"{LEAD}/{make(salesforce, 'Lead', LastName='composite')}"}
    nested = {"method": "POST", "url": f"{ROOT}/{url}", "referenceId": "two", "body": {}}
    body = {"compositeRequest": [{**one, "referenceId": "one"}, nested]}
    answer = salesforce("POST", "composite", json=body)
    found = answer.json() if answer.status_code == 400 else answer.json()["compositeResponse"][1]
    assert "INVALID_URL" in str(found)


def test_queries_count_however_their_address_is_written(salesforce: Salesforce) -> None:
    url = f"{ROOT}/%71uery?q=SELECT+Id+FROM+Lead"
    asked = [{"method": "GET", "url": url, "referenceId": f"n{n}"} for n in range(6)]
    answer = salesforce("POST", "composite", json={"compositeRequest": asked})
    assert code_of(answer) == (400, "LIMIT_EXCEEDED")


@pytest.mark.parametrize("text", ["where " * 10_000, "(" * 5_000, "NOT " * 5_000])
def test_a_query_of_nothing_but_words_is_refused_at_once(salesforce: Salesforce, text: str) -> None:
    query = f"{ROOT}/tooling/query?q=SELECT Id FROM FieldDefinition WHERE {text}"
    started = time.monotonic()
    asked = {"method": "GET", "url": query, "referenceId": "one"}
    found = salesforce("POST", "composite", json={"compositeRequest": [asked]}).json()
    assert found["compositeResponse"][0]["body"][0]["errorCode"] == "MALFORMED_QUERY"
    assert time.monotonic() - started < 2


def test_a_collection_is_read_with_the_compound_fields_of_describe(
    salesforce: Salesforce,
) -> None:
    described = salesforce("GET", "sobjects/Lead/describe").json()["fields"]
    names = [field["name"] for field in described]
    lead_id = make(salesforce, "Lead", City="Oslo")
    body = {"ids": [lead_id], "fields": names}
    [record] = salesforce("POST", "composite/sobjects/Lead", json=body).json()
    [expected] = salesforce.query(f"SELECT Address FROM Lead WHERE Id = '{lead_id}'")
    assert (record["Address"], set(names) - set(record)) == (expected["Address"], set())


def test_a_request_that_fails_unforeseen_counts(
    salesforce: Salesforce, monkeypatch: pytest.MonkeyPatch
) -> None:
    def used() -> int:
        told = salesforce("GET", "limits").headers["Sforce-Limit-Info"]
        return int(told.removeprefix("api-usage=").partition("/")[0])

    before = used()
    monkeypatch.setattr(rows, "create_record", lambda *_: 1 // 0)
    answer = salesforce("POST", "sobjects/Lead", json=LIKELY["Lead"])
    assert answer.status_code == 500
    assert answer.headers["Sforce-Limit-Info"].startswith(f"api-usage={before + 1}/")
    assert used() == before + 2


@pytest.mark.parametrize("path", ["composite", "sobjects/Lead"])
@pytest.mark.parametrize(
    ("body", "token"),
    [
        (b"[]", "START_ARRAY value ["),
        (b"5", "VALUE_NUMBER_INT value 5"),
        (b'"x"', "VALUE_STRING value x"),
    ],
)
def test_a_body_that_is_no_object_is_told_by_its_token(
    salesforce: Salesforce, path: str, body: bytes, token: str
) -> None:
    [refused] = salesforce("POST", path, data=body, headers=JSON).json()
    rest = "or request may be missing a required field at [line:1, column:1]"
    message = f"Cannot deserialize instance of object from {token} {rest}"
    assert refused == {"errorCode": "JSON_PARSER_ERROR", "message": message}


@pytest.mark.parametrize("body", [b"", b"null"])
def test_a_body_that_is_empty_is_required(salesforce: Salesforce, body: bytes) -> None:
    [refused] = salesforce("POST", "composite", data=body, headers=JSON).json()
    assert refused["message"].startswith("The HTTP entity body is required")
