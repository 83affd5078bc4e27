import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import requests

from connectors.sandbox.clock import START
from connectors.sandbox.faults.bodies import remember
from connectors.sandbox.faults.plan import Fault, FaultPlan
from connectors.sandbox.faults.presets import presets
from connectors.sandbox.web import Answer, Call
from tests.sandbox.clients import CONTACTS, Admin, HubSpot, Salesforce
from tests.sandbox.salesforce_records import make

WHOLE = "/services/data/v66.0/query"
LEADS = {"q": "SELECT Id FROM Lead ORDER BY Id"}


def struck(fault: Fault, *asked: tuple[str, str], now: datetime = START) -> list[bool]:
    plan = FaultPlan(seed=7)
    plan.order([fault])
    return [plan.strike(method, path, now) is not None for method, path in asked]


def test_a_fault_lets_some_pass_and_strikes_some() -> None:
    asked = [("POST", "/crm/a"), ("GET", "/crm/a"), ("POST", "/ui"), *[("POST", "/crm/b")] * 3]
    fault = Fault(path_prefix="/crm", method="post", skip=1, count=2, status=502)
    assert struck(fault, *asked) == [False, False, False, True, True, False]


def test_a_fault_strikes_paths_of_a_pattern() -> None:
    asked = [("POST", "/crm/v3/objects/deals/search"), ("POST", "/crm/v3/objects/deals")]
    assert struck(Fault(path="*/search", count=9), *asked) == [True, False]


def test_a_fault_strikes_by_chance_and_the_seed_decides() -> None:
    asked = [("GET", "/crm")] * 200
    strikes = struck(Fault(probability=0.25, count=200), *asked)
    assert strikes == struck(Fault(probability=0.25, count=200), *asked)
    assert 30 < sum(strikes) < 70


@pytest.mark.parametrize(
    ("span", "strikes"),
    [
        ({"not_before": "2026-06-30T12:00:01Z"}, False),
        ({"not_before": "2026-06-30T12:00:00Z"}, True),
        ({"not_after": "2026-06-30T12:00:00"}, True),
        ({"not_after": "2026-06-30T13:59:59+02:00"}, False),
    ],
)
def test_a_fault_strikes_within_a_span_of_the_clock(span: dict[str, str], strikes: bool) -> None:
    now = datetime(2026, 6, 30, 12, tzinfo=UTC)
    assert struck(Fault(**span), ("GET", "/crm"), now=now) == [strikes]


def test_a_kind_of_fault_that_does_not_exist_is_refused(admin: Admin) -> None:
    assert admin("POST", "faults", [{"kind": "nope"}]).status_code == 400
    assert admin("POST", "faults", [{"nope": 1}]).status_code == 400
    assert admin("POST", "faults", [{"preset": "nope"}]).status_code == 400
    assert admin("POST", "faults", [{"count": "2"}]).status_code == 400
    assert admin("GET", "faults").json() == []


def test_an_ordered_answer_comes_instead(hubspot: HubSpot, admin: Admin) -> None:
    fault = {"status": 503, "body": "<html>busy</html>", "headers": {"Retry-After": "3"}}
    admin("POST", "faults", [{"path_prefix": "/crm", **fault}])
    answer = hubspot("GET", CONTACTS)
    assert (answer.status_code, answer.text) == (503, "<html>busy</html>")
    assert answer.headers["Retry-After"] == "3"
    assert hubspot("GET", CONTACTS).status_code == 200


def test_a_dropped_request_is_not_carried_out(hubspot: HubSpot, admin: Admin) -> None:
    before = admin.dump()
    admin("POST", "faults", [{"kind": "drop"}])
    with pytest.raises(requests.ConnectionError):
        hubspot.create(email="a@b.example")
    assert admin.dump() == before


def test_a_request_dropped_after_is_carried_out(hubspot: HubSpot, admin: Admin) -> None:
    admin("POST", "faults", [{"kind": "after"}])
    with pytest.raises(requests.ConnectionError):
        hubspot.create(email="a@b.example")
    params = {"idProperty": "email"}
    assert hubspot("GET", f"{CONTACTS}/a@b.example", params=params).status_code == 200


def test_a_delayed_answer_comes_late(hubspot: HubSpot, admin: Admin) -> None:
    admin("POST", "faults", [{"kind": "delay", "seconds": 0.3}])
    started = time.monotonic()
    assert hubspot("GET", CONTACTS).status_code == 200
    assert time.monotonic() - started >= 0.3


def test_faults_can_be_called_off(hubspot: HubSpot, admin: Admin) -> None:
    admin("POST", "faults", [{"count": 99}])
    admin("DELETE", "faults")
    assert hubspot("GET", CONTACTS).status_code == 200


@pytest.mark.parametrize("name", [n for n, p in presets().items() if "status" in p["fault"]])
def test_a_named_fault_answers_as_the_crm_does_on_a_bad_day(
    name: str, hubspot: HubSpot, admin: Admin
) -> None:
    fault = presets()[name]["fault"]
    admin("POST", "faults", [{"preset": name}]).raise_for_status()
    path = fault.get("path", "*").replace("*", fault.get("path_prefix", "") + "/x", 1)
    answer = hubspot("GET", path)
    assert answer.status_code == fault["status"]
    body = fault["body"]
    if "correlationId" in body:
        body = {**body, "correlationId": answer.headers["X-HubSpot-Correlation-Id"]}
    assert (answer.text if isinstance(body, str) else answer.json()) == body
    headers = fault.get("headers", {})
    assert {header: answer.headers[header] for header in headers} == headers


def test_each_refusal_has_a_correlation_id_of_its_own(hubspot: HubSpot, admin: Admin) -> None:
    admin("POST", "faults", [{"preset": "hubspot-locked", "count": 2}])
    bodies = [hubspot("GET", CONTACTS).json() for _ in range(2)]
    assert len({body["correlationId"] for body in bodies}) == 2


def test_a_cut_body_breaks_off_before_its_promised_end(hubspot: HubSpot, admin: Admin) -> None:
    admin("POST", "faults", [{"preset": "body-cut"}])
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        hubspot("GET", CONTACTS)


def test_a_torn_body_ends_too_early_and_does_not_say_so(hubspot: HubSpot, admin: Admin) -> None:
    whole = hubspot("GET", CONTACTS).content
    admin("POST", "faults", [{"preset": "body-torn"}])
    torn = hubspot("GET", CONTACTS)
    assert (torn.status_code, torn.content) == (200, whole[: len(whole) // 2])
    assert int(torn.headers["Content-Length"]) == len(torn.content)


def test_a_slow_body_comes_in_time(hubspot: HubSpot, admin: Admin) -> None:
    whole = hubspot("GET", CONTACTS).content
    admin("POST", "faults", [{"preset": "slow", "bytes_per_second": 5 * len(whole)}])
    started = time.monotonic()
    assert hubspot("GET", CONTACTS).content == whole
    assert time.monotonic() - started >= 0.1


def test_a_stalled_body_falls_silent_and_goes_on(hubspot: HubSpot, admin: Admin) -> None:
    whole = hubspot("GET", CONTACTS).content
    admin("POST", "faults", [{"preset": "stalled", "seconds": 0.2}])
    started = time.monotonic()
    assert hubspot("GET", CONTACTS).content == whole
    assert time.monotonic() - started >= 0.2


def test_a_lost_page_has_paging_and_no_rows(hubspot: HubSpot, admin: Admin) -> None:
    whole = hubspot("GET", CONTACTS, params={"limit": 5}).json()
    admin("POST", "faults", [{"preset": "page-lost"}])
    lost = hubspot("GET", CONTACTS, params={"limit": 5}).json()
    assert lost == {**whole, "results": []}


def test_a_batch_of_reads_names_half_of_what_it_found_as_failed(
    hubspot: HubSpot, admin: Admin
) -> None:
    made = [hubspot.create(email=f"{name}@b.example") for name in "abcd"]
    body = {"inputs": [{"id": one} for one in made]}
    whole = hubspot("POST", f"{CONTACTS}/batch/read", json=body).json()["results"]
    admin("POST", "faults", [{"preset": "hubspot-batch-in-part"}])
    answer = hubspot("POST", f"{CONTACTS}/batch/read", json=body)
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["category"]) == (207, "INTERNAL_ERROR")
    assert answer.json()["results"] == whole[:2]
    assert error["context"] == {"ids": [row["id"] for row in whole[2:]]}


def test_a_page_comes_twice_with_its_paging(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_page_size=10)
    admin("POST", "faults", [{"preset": "page-twice", "path": "*/query/*"}])
    first = salesforce("GET", WHOLE, params=LEADS).json()
    assert salesforce("GET", first["nextRecordsUrl"]).json()["records"] == first["records"]
    assert salesforce("GET", first["nextRecordsUrl"]).json()["records"] != first["records"]


def test_a_stale_page_is_what_the_same_request_was_answered_first(
    hubspot: HubSpot, admin: Admin
) -> None:
    contact = hubspot.create(email="a@b.example", city="Oslo")
    admin("POST", "faults", [{"preset": "page-stale", "method": "GET", "skip": 1}])
    cities = []
    for city in ("Rome", "Bonn"):
        cities.append(hubspot.read(contact, "city")["city"])
        hubspot.patch(contact, city=city)
    assert [*cities, hubspot.read(contact, "city")["city"]] == ["Oslo", "Oslo", "Bonn"]


def test_a_skewed_clock_shows_in_the_date_header_alone(hubspot: HubSpot, admin: Admin) -> None:
    admin("POST", "faults", [{"preset": "clock-ahead"}])
    dates = [hubspot("GET", CONTACTS).headers["Date"][17:25] for _ in range(2)]
    assert dates == ["13:00:00", "12:00:00"]


def test_a_record_changes_between_two_pages(hubspot: HubSpot, admin: Admin) -> None:
    contact = hubspot.create(email="a@b.example", city="Oslo")
    edit = {"crm": "hubspot", "record_id": contact, "values": {"city": "Rome"}, "user": 1}
    meanwhile = {"path": "/__sandbox/edits", "body": edit}
    admin("POST", "faults", [{"kind": "meanwhile", "skip": 1, "requests": [meanwhile]}])
    assert [hubspot.read(contact, "city")["city"] for _ in range(2)] == ["Oslo", "Rome"]


def test_others_use_no_key_and_do_not_count(salesforce: Salesforce, admin: Admin) -> None:
    [lead] = salesforce.lead_ids(1)
    path = f"/services/data/v66.0/sobjects/Lead/{lead}"
    removal = {"method": "DELETE", "path": path}
    admin("POST", "faults", [{"kind": "meanwhile", "requests": [removal]}])
    admin("POST", "calls/reset")
    assert salesforce("GET", path).status_code == 404
    assert admin("GET", "calls").json()["salesforce"]["write"] == 0


def test_a_column_is_added_before_a_request(hubspot: HubSpot, admin: Admin) -> None:
    made = {"name": "shoe_size", "label": "Shoe size", "type": "number", "fieldType": "number"}
    made["groupName"] = "contactinformation"
    request = {"path": "/crm/v3/properties/contacts", "body": made}
    admin("POST", "faults", [{"kind": "meanwhile", "requests": [request]}])
    names = [p["name"] for p in hubspot("GET", "/crm/v3/properties/contacts").json()["results"]]
    assert "shoe_size" in names


def test_a_request_of_others_that_is_refused_is_an_error_of_the_sandbox(
    hubspot: HubSpot, admin: Admin
) -> None:
    admin("POST", "faults", [{"kind": "meanwhile", "requests": [{"path": "/crm/v3/nope"}]}])
    refused = hubspot("GET", CONTACTS)
    assert (refused.status_code, "/crm/v3/nope, was refused with 404" in refused.text) == (
        500,
        True,
    )


def test_all_sessions_can_end_in_the_middle(salesforce: Salesforce, admin: Admin) -> None:
    admin("POST", "faults", [{"preset": "salesforce-all-sessions-ended"}])
    refused = [salesforce("GET", WHOLE, params=LEADS).status_code for _ in range(2)]
    salesforce.log_in()
    assert [*refused, salesforce("GET", WHOLE, params=LEADS).status_code] == [401, 401, 200]


def test_the_quota_can_be_gone(salesforce: Salesforce, hubspot: HubSpot, admin: Admin) -> None:
    orders = [{"preset": f"{crm}-quota-gone"} for crm in ("salesforce", "hubspot")]
    admin("POST", "faults", orders)
    refused = salesforce("GET", WHOLE, params=LEADS)
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (403, "REQUEST_LIMIT_EXCEEDED")
    assert hubspot("GET", CONTACTS).json()["policyName"] == "DAILY"


def test_every_answer_can_take_longer(hubspot: HubSpot, admin: Admin) -> None:
    admin.setting(latency_ms=100)
    started = time.monotonic()
    hubspot("GET", CONTACTS)
    assert time.monotonic() - started >= 0.1


def test_too_many_long_requests_at_once_are_refused(salesforce: Salesforce, admin: Admin) -> None:
    admin.setting(salesforce_concurrent_limit=1, salesforce_long_request_seconds=0.1)
    admin("POST", "faults", [{"kind": "delay", "seconds": 0.4}])
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(salesforce, "GET", "limits")
        time.sleep(0.2)
        refused = salesforce("GET", "limits")
        assert (refused.status_code, slow.result().status_code) == (403, 200)
    assert refused.json()[0]["message"] == "ConcurrentPerOrgLongTxn Limit exceeded."


@pytest.mark.parametrize(
    "wrong",
    [
        {"headers": {"Retry-After": 2}},
        {"headers": {"Retry-After": "2\r\nX: y"}},
        {"headers": {"": "x"}},
        {"headers": {"a b": "x"}},
        {"headers": {"Content-Length": "5"}},
        {"kind": "skew", "seconds": 1e300},
        {"kind": "delay", "seconds": 1e300},
        {"kind": "delay", "seconds": -1},
        {"keep": 5},
        {"keep": -1},
        {"bytes_per_second": 0},
        {"count": 1.5},
        {"probability": 7},
        {"preset": "hubspot-locked", "kind": "torn"},
        {"status": 1000},
        {"requests": [{"method": "POST"}]},
        {"requests": [{"path": "crm/v3/objects/contacts"}]},
        {"requests": [{"path": "/crm", "method": "BREW"}]},
        {"requests": [{"path": "/crm", "boby": {}}]},
        {"requests": [{"path": "/__sandbox/nope"}]},
        {"requests": [{"path": "/__sandbox/live", "method": "GET"}]},
    ],
)
def test_an_order_that_could_not_be_carried_out_is_refused(
    admin: Admin, wrong: dict[str, object]
) -> None:
    assert admin("POST", "faults", [{"kind": "meanwhile", **wrong}]).status_code == 400
    assert admin("GET", "faults").json() == []


def test_others_use_every_part_of_the_own_api(hubspot: HubSpot, admin: Admin) -> None:
    days = {"path": "/__sandbox/live", "body": {"days": 1}}
    asked = [days, {"path": "/__sandbox/webhooks/deliver"}, {"path": "/__sandbox/dump"}]
    asked[2]["method"] = "GET"
    admin("POST", "faults", [{"kind": "meanwhile", "requests": asked}]).raise_for_status()
    assert hubspot("GET", CONTACTS).status_code == 200
    assert admin("GET", "clock").json() == {"now": "2026-07-01T12:00:00Z"}


def test_addresses_that_others_ask_for_are_decoded(hubspot: HubSpot, admin: Admin) -> None:
    contact = hubspot.create(email="a+b@c.example")
    path = f"{CONTACTS}/a%2Bb%40c.example?idProperty=%65mail"
    asked = {"method": "PATCH", "path": path, "body": {"properties": {"city": "Oslo"}}}
    admin("POST", "faults", [{"kind": "meanwhile", "requests": [asked]}])
    assert hubspot.read(contact, "city")["city"] == "Oslo"


def test_each_stale_order_remembers_from_its_own_time_on(hubspot: HubSpot, admin: Admin) -> None:
    contact = hubspot.create(email="a@b.example", city="Oslo")
    order = {"preset": "page-stale", "method": "GET", "skip": 1}
    cities = []
    for city in ("Rome", "Bonn"):
        admin("POST", "faults", [order])
        cities.append(hubspot.read(contact, "city")["city"])
        hubspot.patch(contact, city=city)
        cities.append(hubspot.read(contact, "city")["city"])
    assert cities == ["Oslo", "Oslo", "Rome", "Rome"]


def test_a_fault_remembers_only_what_it_is_about_and_not_for_ever() -> None:
    plan = FaultPlan(seed=7)
    plan.order([Fault(kind="stale", path="/crm/*", method="GET"), Fault(kind="drop", path="/x")])
    asked = [("GET", "/crm/a"), ("POST", "/crm/a"), ("GET", "/x"), ("GET", "/crm")]
    assert [len(plan.remembering(*one)) for one in asked] == [1, 0, 0, 1]
    [fault] = plan.remembering("GET", "/crm/a")
    for number in range(300):
        call = Call("GET", f"/crm/{number}", "", {}, (), b"", 0)
        remember([fault], call, Answer())
    assert len(fault.memory) == 200
    assert plan.strike("GET", "/crm/a", START) is fault
    assert plan.remembering("GET", "/crm/a") == []


def test_others_wait_for_rows_that_the_client_has_locked(
    salesforce: Salesforce, admin: Admin
) -> None:
    account = make(salesforce, "Account")
    contact = make(salesforce, "Contact", AccountId=account)
    admin.setting(salesforce_lock_seconds=60)
    path = f"/services/data/v66.0/sobjects/Contact/{contact}"
    asked = {"method": "PATCH", "path": path, "body": {"Title": "CEO"}}
    admin("POST", "faults", [{"kind": "meanwhile", "method": "GET", "requests": [asked]}])
    make(salesforce, "Contact", AccountId=account)
    assert salesforce("GET", path).status_code == 500
    assert salesforce("GET", path).json()["Title"] is None
