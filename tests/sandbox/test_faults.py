import time

import pytest
import requests

from connectors.sandbox.faults import Fault, FaultPlan
from tests.sandbox.clients import CONTACTS, Admin, HubSpot


def test_a_fault_lets_some_pass_and_strikes_some() -> None:
    plan = FaultPlan()
    plan.order([Fault(path_prefix="/crm", method="post", skip=1, count=2, status=502)])
    asked = [("POST", "/crm/a"), ("GET", "/crm/a"), ("POST", "/ui"), *[("POST", "/crm/b")] * 3]
    struck = [plan.strike(method, path) is not None for method, path in asked]
    assert struck == [False, False, False, True, True, False]


def test_a_kind_of_fault_that_does_not_exist_is_refused(admin: Admin) -> None:
    assert admin("POST", "faults", [{"kind": "nope"}]).status_code == 400
    assert admin("POST", "faults", [{"nope": 1}]).status_code == 400


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
