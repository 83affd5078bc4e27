import json

import pytest

from connectors.errors import QuotaExhaustedError, RateLimitedError
from connectors.exchange import Reply
from connectors.faults import Allowance, judge
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
