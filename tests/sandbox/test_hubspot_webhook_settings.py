"""Webhooks: the app's settings and subscriptions, and what of them is refused."""

from typing import Any

import pytest

from tests.sandbox.clients import HubSpot
from tests.sandbox.webhooks import APP, Developer, Receiver


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


def test_a_change_that_does_not_say_whether_it_is_active_leaves_a_subscription_as_it_was(
    developer: Developer,
) -> None:
    path = f"{APP}/subscriptions/{developer.subscribe('contact.creation')}"
    assert developer("PATCH", path, {}).json()["active"] is True
    assert developer("PATCH", path, {"active": "no"}).status_code == 400
    assert developer("GET", path).json()["active"] is True


def test_settings_are_read_and_deleted(developer: Developer, receiver: Receiver) -> None:
    read = developer("GET", f"{APP}/settings").json()
    assert read == {
        "targetUrl": receiver.url,
        "throttling": {"period": "SECONDLY", "maxConcurrentRequests": 5},
        "createdAt": "2026-06-30T12:00:00Z",
        "updatedAt": "2026-06-30T12:00:00Z",
    }
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


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example/",
        "http://127.0.0.1.example/",
        "http://10.0.0.1/",
        "http://hooks.example\\@127.0.0.1/",
        "http://127.0.0.1\\@hooks.example/",
        "http://127.0.0.1@hooks.example/",
        "http://user:word@127.0.0.1/",
        "http://127.0.0.1\t.hooks.example/",
        "http://127.0.0.1:99999/",
        "http://[x",
        "ftp://127.0.0.1/",
        "//127.0.0.1/",
        "127.0.0.1:80",
    ],
)
def test_nothing_is_delivered_beyond_loopback(developer: Developer, url: str) -> None:
    before = developer("GET", f"{APP}/settings").json()
    assert developer("PUT", f"{APP}/settings", {"targetUrl": url}).status_code == 400
    assert developer("GET", f"{APP}/settings").json() == before


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1:8443/a?b=c", "http://[::1]:80", "http://LOCALHOST/"]
)
def test_loopback_has_several_names(developer: Developer, url: str) -> None:
    assert developer("PUT", f"{APP}/settings", {"targetUrl": url}).json()["targetUrl"] == url


@pytest.mark.parametrize("most", ["many", 0, -1, 2.5, True, None, 10**20])
def test_an_app_takes_a_whole_number_of_requests_at_once(
    developer: Developer, receiver: Receiver, most: Any
) -> None:
    body = {"targetUrl": receiver.url, "throttling": {"maxConcurrentRequests": most}}
    assert developer("PUT", f"{APP}/settings", body).status_code == 400
