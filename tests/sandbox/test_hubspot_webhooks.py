"""Webhooks: subscriptions, what is delivered, signed how, and again when it is not taken."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
from hubspot.utils.signature import Signature

from connectors.sandbox.server import RunningSandbox
from tests.sandbox.clients import Admin, HubSpot

APP = "/webhooks/v3/3141592"


@dataclass
class Receiver:
    """An app's server on loopback: keeps what it gets, answers with a status."""

    status: int = 204
    url: str = ""
    bodies: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for body in self.bodies for event in json.loads(body)]


@pytest.fixture(scope="module")
def listening() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            receiver.bodies.append(self.rfile.read(length).decode())
            receiver.headers.append(dict(self.headers.items()))
            self.send_response(receiver.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hooks?app=1"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield receiver
        server.shutdown()


@pytest.fixture
def receiver(listening: Receiver) -> Receiver:
    listening.status, listening.bodies, listening.headers = 204, [], []
    return listening


class Developer:
    """Calls with the key of the developer whose app it is."""

    def __init__(self, running: RunningSandbox) -> None:
        self.url, self.keys = running.url, running.credentials["hubspot"]

    def __call__(self, method: str, path: str, body: Any = None) -> requests.Response:
        params = {"hapikey": self.keys["developer_api_key"]}
        url = self.url + path
        return requests.request(method, url, params=params, json=body, timeout=10)

    def aim_at(self, receiver: Receiver) -> None:
        body = {"targetUrl": receiver.url, "throttling": {"maxConcurrentRequests": 5}}
        assert self("PUT", f"{APP}/settings", body).status_code == 200

    def subscribe(self, event: str, **more: Any) -> str:
        body = {"eventType": event, "active": True, **more}
        answer = self("POST", f"{APP}/subscriptions", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


@pytest.fixture
def developer(running: RunningSandbox, receiver: Receiver) -> Developer:
    made = Developer(running)
    made.aim_at(receiver)
    return made


def deliver(admin: Admin) -> dict[str, int]:
    told: dict[str, int] = admin("POST", "webhooks/deliver").json()
    return told


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
    receiver.status = 500
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


def test_removals_merges_and_restores_are_told(
    developer: Developer, hubspot: HubSpot, admin: Admin, receiver: Receiver
) -> None:
    for event in ("deletion", "restore", "merge", "privacyDeletion"):
        developer.subscribe(f"contact.{event}")
    first, second = (int(hubspot.create(email=f"{name}@b.example")) for name in "ab")
    hubspot("DELETE", f"/crm/v3/objects/contacts/{first}")
    restored = {"crm": "hubspot", "object": "contacts", "record_id": str(first), "user": 0}
    admin("POST", "restores", restored).raise_for_status()
    merge = {"primaryObjectId": str(first), "objectIdToMerge": str(second)}
    survivor = hubspot("POST", "/crm/v3/objects/contacts/merge", json=merge).json()["id"]
    erased = {"objectId": survivor}
    hubspot("POST", "/crm/v3/objects/contacts/gdpr-delete", json=erased).raise_for_status()
    deliver(admin)
    told = [(event["subscriptionType"], event["objectId"]) for event in receiver.events]
    assert told == [
        ("contact.deletion", first),
        ("contact.restore", first),
        ("contact.merge", int(survivor)),
        ("contact.privacyDeletion", int(survivor)),
    ]
    merged = receiver.events[2]
    assert (merged["primaryObjectId"], merged["mergedObjectIds"]) == (first, [second])
    assert merged["newObjectId"] == int(survivor)


def test_an_association_is_told_at_both_ends(
    developer: Developer, hubspot: HubSpot, admin: Admin, receiver: Receiver
) -> None:
    developer.subscribe("contact.associationChange")
    developer.subscribe("company.associationChange")
    contact = hubspot.create(email="a@b.example")
    body = {"properties": {"name": "B"}}
    company = hubspot("POST", "/crm/v3/objects/companies", json=body).json()["id"]
    path = f"/crm/v4/objects/contacts/{contact}/associations"
    hubspot("PUT", f"{path}/default/companies/{company}")
    deliver(admin)
    told = [(e["associationType"], e["fromObjectId"], e["toObjectId"]) for e in receiver.events]
    assert told == [
        ("CONTACT_TO_COMPANY", int(contact), int(company)),
        ("COMPANY_TO_CONTACT", int(company), int(contact)),
    ]
    hubspot("DELETE", f"{path}/companies/{company}")
    deliver(admin)
    assert {event["associationRemoved"] for event in receiver.events[2:]} == {True}


def test_subscriptions_of_the_new_kind_are_to_any_object(
    developer: Developer, hubspot: HubSpot, admin: Admin, receiver: Receiver
) -> None:
    developer.subscribe("object.creation", objectTypeId="0-3")
    hubspot("POST", "/crm/v3/objects/deals", json={"properties": {"dealname": "D"}})
    hubspot.create(email="a@b.example")
    deliver(admin)
    [event] = receiver.events
    assert (event["subscriptionType"], event["objectTypeId"]) == ("object.creation", "0-3")


def test_nothing_is_told_to_a_subscription_that_is_not_active(
    developer: Developer, hubspot: HubSpot, admin: Admin, receiver: Receiver
) -> None:
    known = developer.subscribe("contact.creation")
    path = f"{APP}/subscriptions/{known}"
    assert developer("PATCH", path, {"active": False}).json()["active"] is False
    hubspot.create(email="a@b.example")
    inputs = [{"id": int(known), "active": True}]
    changed = developer("POST", f"{APP}/subscriptions/batch/update", {"inputs": inputs}).json()
    assert changed["results"] == [developer("GET", path).json()]
    hubspot.create(email="b@b.example")
    assert deliver(admin)["sent"] == 1
    assert developer("DELETE", path).status_code == 204
    assert developer("GET", f"{APP}/subscriptions").json() == {"results": []}


def test_what_is_not_delivered_yet_goes_with_its_subscription(
    developer: Developer, hubspot: HubSpot, admin: Admin
) -> None:
    known = developer.subscribe("contact.creation")
    hubspot.create(email="a@b.example")
    assert admin("GET", "webhooks").json() == {"waiting": 1}
    developer("DELETE", f"{APP}/subscriptions/{known}")
    assert admin("GET", "webhooks").json() == {"waiting": 0}


@pytest.mark.parametrize(
    "body",
    [
        {"eventType": "contact.nonsense"},
        {"eventType": "contact.propertyChange"},
        {"eventType": "contact.creation", "propertyName": "city"},
        {"eventType": "object.creation", "objectTypeId": "0-999"},
        {"eventType": "butterfly.creation"},
    ],
)
def test_subscriptions_that_make_no_sense_are_refused(developer: Developer, body: Any) -> None:
    assert developer("POST", f"{APP}/subscriptions", body).status_code == 400


def test_a_subscription_exists_once(developer: Developer) -> None:
    developer.subscribe("contact.creation")
    again = developer("POST", f"{APP}/subscriptions", {"eventType": "contact.creation"})
    assert again.status_code == 409


def test_settings_are_read_deleted_and_lead_to_loopback_only(
    developer: Developer, receiver: Receiver
) -> None:
    read = developer("GET", f"{APP}/settings").json()
    assert read == {
        "targetUrl": receiver.url,
        "throttling": {"period": "SECONDLY", "maxConcurrentRequests": 5},
        "createdAt": "2026-06-30T12:00:00Z",
        "updatedAt": "2026-06-30T12:00:00Z",
    }
    for url in ("https://hooks.example/", "http://127.0.0.1.example/", "http://10.0.0.1/"):
        refused = developer("PUT", f"{APP}/settings", {"targetUrl": url})
        assert refused.status_code == 400
    assert developer("DELETE", f"{APP}/settings").status_code == 204
    statuses = [
        developer("GET", f"{root}/settings").status_code for root in (APP, "/webhooks/v3/1")
    ]
    assert statuses == [404, 404]


def test_a_service_key_has_no_webhooks_and_a_developers_key_no_records(
    developer: Developer, hubspot: HubSpot
) -> None:
    assert hubspot("GET", f"{APP}/settings").status_code == 403
    assert developer("GET", "/crm/v3/objects/contacts").status_code == 401


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
