"""Webhooks: what is delivered, signed how, how often, and again when it is not taken."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from hubspot.utils.signature import Signature

from connectors.sandbox.courier import Courier
from connectors.sandbox.hubspot.webhooks import post
from connectors.sandbox.server import RunningSandbox, running_sandbox
from tests.sandbox.clients import Admin, HubSpot
from tests.sandbox.webhooks import Developer, Receiver, answer_plainly, deliver


def test_a_creation_and_a_change_are_delivered_in_one_request(
    developer: Developer, hubspot: HubSpot, admin: Admin, receiver: Receiver
) -> None:
    created = developer.subscribe("contact.creation")
    changed = developer.subscribe("contact.propertyChange", propertyName="city")
    contact = int(hubspot.create(email="a@b.example"))
    hubspot.patch(str(contact), city="Bonn", phone="1")
    assert deliver(admin) == {"sent": 2, "failed": 0, "given_up": 0, "waiting": 0}
    usual = {
        "portalId": 24681357,
        "appId": 3141592,
        "occurredAt": 1782820800000,
        "attemptNumber": 0,
        "objectId": contact,
        "changeSource": "INTEGRATION",
        "sourceId": "4096512",
    }
    [[first, second]] = [json.loads(body) for body in receiver.bodies]
    assert first == usual | {
        "eventId": 101,
        "subscriptionId": int(created),
        "subscriptionType": "contact.creation",
        "changeFlag": "CREATED",
    }
    assert second == usual | {
        "eventId": 102,
        "subscriptionId": int(changed),
        "subscriptionType": "contact.propertyChange",
        "propertyName": "city",
        "propertyValue": "Bonn",
    }


def test_deliveries_are_signed_as_the_sdk_verifies_it(
    developer: Developer, hubspot: HubSpot, admin: Admin, receiver: Receiver
) -> None:
    developer.subscribe("contact.creation")
    hubspot.create(email="ä@b.example")
    deliver(admin)
    [headers], [body] = receiver.headers, receiver.bodies
    asked = {
        "signature": headers["X-HubSpot-Signature-v3"],
        "request_body": body,
        "http_uri": receiver.url,
        "signature_version": "v3",
        "timestamp": headers["X-HubSpot-Request-Timestamp"],
    }
    secret = developer.keys["client_secret"]
    assert Signature.is_valid(client_secret=secret, **asked)
    assert not Signature.is_valid(client_secret="another", **asked)
    v1 = headers["X-HubSpot-Signature"]
    assert Signature.is_valid(v1, secret, body, signature_version="v1")


def test_what_is_not_taken_is_tried_ten_times_more(
    developer: Developer, hubspot: HubSpot, admin: Admin, receiver: Receiver
) -> None:
    developer.subscribe("contact.creation")
    hubspot.create(email="a@b.example")
    receiver.answer = partial(answer_plainly, status=500)
    rounds = [deliver(admin) for _ in range(12)]
    assert [told["failed"] for told in rounds] == [1] * 11 + [0]
    assert rounds[10] == {"sent": 0, "failed": 1, "given_up": 1, "waiting": 0}
    assert [event["attemptNumber"] for event in receiver.events] == list(range(11))


def test_a_hundred_events_are_the_most_of_a_request(
    developer: Developer, hubspot: HubSpot, admin: Admin, receiver: Receiver
) -> None:
    developer.subscribe("contact.creation")
    for start in (0, 100):
        inputs = [{"properties": {"email": f"p{start + n}@b.example"}} for n in range(60)]
        assert hubspot.batch("create", inputs).status_code == 201
    deliver(admin)
    assert [len(json.loads(body)) for body in receiver.bodies] == [100, 20]


def test_events_may_come_twice_and_out_of_order(
    developer: Developer, hubspot: HubSpot, admin: Admin, receiver: Receiver
) -> None:
    developer.subscribe("contact.creation")
    for name in "abcdef":
        hubspot.create(email=f"{name}@b.example")
    admin.setting(hubspot_webhook_repeats_every=3, hubspot_webhook_shuffles=True)
    assert deliver(admin)["sent"] == 6
    ids = [event["eventId"] for event in receiver.events]
    assert sorted(ids) == [101, 102, 103, 103, 104, 105, 106, 106]
    assert ids != sorted(ids)


def test_events_go_out_by_themselves_where_the_settings_say_so(
    developer: Developer, hubspot: HubSpot, admin: Admin, receiver: Receiver
) -> None:
    developer.subscribe("contact.creation")
    admin.setting(hubspot_webhook_pushes=True)
    hubspot.create(email="a@b.example")
    deadline = time.monotonic() + 5
    while admin("GET", "webhooks").json()["waiting"] and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [event["subscriptionType"] for event in receiver.events] == ["contact.creation"]


def test_two_deliveries_at_once_send_each_event_once(
    developer: Developer, hubspot: HubSpot, admin: Admin, receiver: Receiver
) -> None:
    developer.subscribe("contact.creation")
    hubspot.create(email="a@b.example")
    both_arrived = threading.Barrier(2)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        with suppress(threading.BrokenBarrierError):
            both_arrived.wait(0.3)
        answer_plainly(handler)

    receiver.answer = answer
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(deliver, (admin, admin)))
    assert sorted(one["sent"] for one in told) == [0, 1]
    assert [event["eventId"] for event in receiver.events] == [101]


def test_whoever_asks_for_a_delivery_during_one_gets_another_behind_it() -> None:
    courier, under_way, go_on = Courier(), threading.Event(), threading.Event()
    rounds: list[int] = []

    def go_round() -> None:
        rounds.append(len(rounds))
        under_way.set()
        go_on.wait(5)

    courier.send(go_round)
    under_way.wait(5)
    courier.send(go_round)
    courier.send(go_round)
    go_on.set()
    courier.stop()
    assert rounds == [0, 1]


def test_what_is_on_its_way_is_settled_before_the_sandbox_ends(
    state: Path, receiver: Receiver
) -> None:
    arrived = threading.Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        arrived.set()
        time.sleep(0.2)
        answer_plainly(handler)

    receiver.answer = answer
    with running_sandbox(state) as first:
        create_and_push(first, receiver)
        assert arrived.wait(5)
    with running_sandbox(state) as second:
        assert Admin(second)("GET", "webhooks").json() == {"waiting": 0}


def create_and_push(running: RunningSandbox, receiver: Receiver) -> None:
    developer = Developer(running)
    developer.aim_at(receiver)
    developer.subscribe("contact.creation")
    Admin(running).setting(hubspot_webhook_pushes=True)
    HubSpot(running).create(email="a@b.example")


def test_an_app_that_answers_byte_by_byte_has_five_seconds_for_all_of_it(
    developer: Developer,
    hubspot: HubSpot,
    admin: Admin,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(post, "TIMEOUT_SECONDS", 0.3)
    receiver.answer = dribble
    developer.subscribe("contact.creation")
    hubspot.create(email="a@b.example")
    assert deliver(admin) == {"sent": 0, "failed": 1, "given_up": 0, "waiting": 1}


def dribble(handler: BaseHTTPRequestHandler) -> None:
    """Answer 204 in two seconds, without ever falling silent for long."""
    with suppress(OSError):
        for byte in b"HTTP/1.0 204 No Content\r\n\r\n":
            handler.wfile.write(bytes([byte]))
            time.sleep(0.08)


def test_what_an_app_says_beside_its_status_is_not_waited_for(
    developer: Developer, hubspot: HubSpot, admin: Admin, receiver: Receiver
) -> None:
    closed = threading.Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        closed.wait(5)

    receiver.answer = answer
    developer.subscribe("contact.creation")
    hubspot.create(email="a@b.example")
    assert deliver(admin)["sent"] == 1
    closed.set()
