import json

import pytest

from connectors.errors import QuotaExhaustedError, RateLimitedError
from connectors.exchange import Reply
from connectors.faults import Allowance, Call, judge
from connectors.records import Quota
from connectors.salesforce.dialect import DIALECT, classify, explain, read_allowance


def test_an_answer_tells_of_the_last_24_hours() -> None:
    headers = {"Sforce-Limit-Info": "api-usage=18/5000, per-app-api-usage=17/250(appName=x)"}
    assert read_allowance(headers) == Allowance(quota=Quota(5_000, 18))


@pytest.mark.parametrize("text", ["", "api-usage=many/5000"])
def test_an_answer_that_does_not_tell_leaves_it_open(text: str) -> None:
    assert read_allowance({"Sforce-Limit-Info": text}) == Allowance()


@pytest.mark.parametrize(
    ("message", "error", "holds"),
    [
        ("TotalRequests Limit exceeded.", QuotaExhaustedError, False),
        ("ConcurrentPerOrgLongTxn Limit exceeded.", RateLimitedError, True),
        ("ConcurrentRequests (Concurrent API Requests) Limit exceeded.", RateLimitedError, True),
    ],
)
def test_one_code_means_the_days_end_or_too_many_at_once(
    message: str, error: type[Exception], holds: bool
) -> None:
    body = [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": message}]
    verdict = judge(DIALECT, explain(Reply(403, {}, json.dumps(body).encode())))
    assert (verdict.error, verdict.holds) == (error, holds)


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/services/oauth2/token"), ("GET", "/services/data")]
)
def test_a_login_costs_none_of_the_days_calls(method: str, path: str) -> None:
    assert classify(method, path) == Call("read", "token", costs=False)


@pytest.mark.parametrize("content", [b"<html>Access Denied</html>", b""])
def test_what_is_no_json_is_not_salesforces_word(content: bytes) -> None:
    assert not explain(Reply(403, {}, content)).heard
    assert explain(Reply(403, {}, b'[{"errorCode": "API_CURRENTLY_DISABLED"}]')).heard


@pytest.mark.parametrize(
    ("told", "shown"),
    [("user hasn't approved this consumer", True), ("Inactive user", True), ("ada@x.de", False)],
)
def test_why_there_is_no_token_is_told_in_words_that_name_nobody(told: str, shown: bool) -> None:
    body = json.dumps({"error": "invalid_grant", "error_description": told}).encode()
    assert explain(Reply(400, {}, body)).names == (told.lower() if shown else "")


@pytest.mark.parametrize(
    ("method", "path", "purpose"),
    [
        ("GET", "/services/data/v66.0/query", "read"),
        ("POST", "/services/oauth2/token", "read"),
        ("POST", "/services/data/v66.0/composite/sobjects/Lead", "read"),
        ("POST", "/services/data/v66.0/jobs/query", "read"),
        ("PATCH", "/services/data/v66.0/composite/sobjects", "write"),
        ("POST", "/services/data/v66.0/sobjects/Lead", "write"),
    ],
)
def test_each_call_has_a_purpose(method: str, path: str, purpose: str) -> None:
    assert classify(method, path).purpose == purpose
