import json

import pytest

from connectors.exchange import Reply
from connectors.faults import Allowance, Call, judge
from connectors.hubspot.dialect import build_dialect, classify, explain, read_allowance
from connectors.pace import Rate, Told
from connectors.records import Quota

LIMITS = {
    "X-HubSpot-RateLimit-Daily": "650000",
    "X-HubSpot-RateLimit-Daily-Remaining": "649000",
    "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
    "X-HubSpot-RateLimit-Max": "190",
    "X-HubSpot-RateLimit-Remaining": "150",
}


@pytest.mark.parametrize(
    ("method", "path", "call"),
    [
        ("GET", "/crm/v3/objects/contacts", Call("read")),
        ("POST", "/crm/v3/objects/contacts/search", Call("read", "search")),
        ("POST", "/crm/objects/2026-09/contacts/search", Call("read", "search")),
        ("POST", "/crm/v3/lists/search", Call("read")),
        ("POST", "/crm/v3/objects/contacts/batch/read", Call("read")),
        ("POST", "/crm/v3/objects/contacts/batch/update", Call("write")),
        ("DELETE", "/crm/v3/objects/contacts/1", Call("write")),
        ("POST", "/oauth/v3/token", Call("read", "token", costs=False)),
        ("POST", "/oauth/2026-03/token", Call("read", "token", costs=False)),
    ],
)
def test_each_call_has_a_purpose_and_a_lane(method: str, path: str, call: Call) -> None:
    assert classify(method, path) == call


def test_an_answer_tells_of_the_window_and_of_the_day() -> None:
    assert read_allowance(LIMITS) == Allowance(Told(190, 10.0, 150), Quota(650_000, 1_000))


def test_a_search_tells_of_the_day_only_and_an_app_of_the_window_only() -> None:
    of_the_day = {name: text for name, text in LIMITS.items() if "Daily" in name}
    of_the_window = {name: text for name, text in LIMITS.items() if "Daily" not in name}
    assert read_allowance(of_the_day) == Allowance(quota=Quota(650_000, 1_000))
    assert read_allowance(of_the_window) == Allowance(lane=Told(190, 10.0, 150))


@pytest.mark.parametrize("odd", ["", "-1", "many", "1.5", "0"])
def test_a_limit_that_is_no_number_is_passed_over(odd: str) -> None:
    assert read_allowance({**LIMITS, "X-HubSpot-RateLimit-Max": odd}).lane is None


@pytest.mark.parametrize(
    ("status", "body", "code", "holds"),
    [
        (429, {"policyName": "TEN_SECONDLY_ROLLING"}, "TEN_SECONDLY_ROLLING", True),
        (429, {"policyName": "SECONDLY"}, "SECONDLY", True),
        (429, {"policyName": "NEW_POLICY"}, "NEW_POLICY", True),
        (423, {"category": "LOCKED"}, "LOCKED", False),
        (477, {"category": "MIGRATION_IN_PROGRESS"}, "477", True),
        (530, "error code: 1016", "530", False),
        (400, {"status": "BAD_REFRESH_TOKEN"}, "BAD_REFRESH_TOKEN", False),
        (403, {"status": "error", "message": "hidden"}, "", False),
    ],
)
def test_a_refusal_has_a_code_and_may_be_meant_for_every_call(
    status: int, body: object, code: str, holds: bool
) -> None:
    fault = explain(Reply(status, {}, json.dumps(body).encode()))
    assert (fault.code, judge(build_dialect(), fault).holds) == (code, holds)


@pytest.mark.parametrize(
    ("reply", "heard"),
    [
        (Reply(403, {"Content-Type": "text/html"}, b"<html>Attention Required!</html>"), False),
        (Reply(404, {"Content-Type": "text/html"}, b"<html>Not here</html>"), False),
        (Reply(403, {}, b""), False),
        (Reply(403, {}, b"[]"), True),
        (Reply(404, {"X-HubSpot-NotFound": "true"}, b"<html>resource not found</html>"), True),
        (Reply(403, {}, b'{"status": "error", "message": "hidden"}'), True),
    ],
)
def test_a_page_is_hubspots_own_only_where_its_header_says_so(reply: Reply, heard: bool) -> None:
    assert explain(reply).heard is heard


def test_an_allowance_is_only_the_beginning() -> None:
    assert build_dialect(110).rates == {"default": Rate(110, 10.0), "search": Rate(4, 1.0)}
    assert build_dialect(None).rates == {}
