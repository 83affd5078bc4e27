"""Delivering events to the app: signed, up to a hundred at once, again when it does not take them.

HubSpot's documentation ("Webhooks API", "Validating requests"): an answer other than 2xx within
five seconds is a failure, and an event is tried up to ten times more.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from urllib3.util import Url

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.answers import mixed
from connectors.sandbox.hubspot.loopback import loopback_address
from connectors.sandbox.hubspot.webhooks.post import is_taken
from connectors.sandbox.hubspot.webhooks.target import target_of

BATCH, RETRIES = 100, 10


@dataclass(frozen=True)
class Delivered:
    """How a round of deliveries went: numbers of events."""

    sent: int
    failed: int
    given_up: int


@dataclass(frozen=True)
class _Event:
    id: int
    attempts: int
    body: dict[str, Any]


def deliver(sandbox: Sandbox) -> Delivered:
    """Try every waiting event once; the store is free while the app is asked.

    Two rounds follow one another, so that none sends what the other has on its way.

    Returns:
        The numbers of events that were taken, refused, and refused for the last time.
    """
    with sandbox.courier.round():
        return Delivered(0, 0, 0) if sandbox.courier.is_stopped else _go_round(sandbox)


def _go_round(sandbox: Sandbox) -> Delivered:
    with sandbox.store.transaction():
        target = target_of(sandbox.store)
        waiting = _waiting(sandbox)
    address = None if target is None else loopback_address(target.url)
    if target is None or address is None:
        return Delivered(0, 0, 0)
    sent: list[_Event] = []
    failed: list[_Event] = []
    for start in range(0, len(waiting), BATCH):
        if sandbox.courier.is_stopped:
            break
        batch = waiting[start : start + BATCH]
        taken = _send(sandbox, target.url, address, batch)
        (sent if taken else failed).extend(batch)
    with sandbox.store.transaction():
        return _settle(sandbox, sent, failed)


def push(sandbox: Sandbox) -> None:
    """Deliver in the background what waits by now."""
    sandbox.courier.send(partial(deliver, sandbox))


def _waiting(sandbox: Sandbox) -> list[_Event]:
    """Return what is to be sent: mixed up and with some twice, where the settings say so."""
    rows = sandbox.store.rows("select * from hubspot_events order by id")
    events = [_Event(row["id"], row["attempts"], json.loads(row["body"])) for row in rows]
    every = sandbox.settings.hubspot_webhook_repeats_every
    if every:
        events += events[every - 1 :: every]
    if sandbox.settings.hubspot_webhook_shuffles:
        return mixed(sandbox, events, len(events))
    return events


def _send(sandbox: Sandbox, url: str, address: Url, batch: Sequence[_Event]) -> bool:
    body = json.dumps(
        [{**event.body, "attemptNumber": event.attempts} for event in batch],
        separators=(",", ":"),
        ensure_ascii=False,
    )
    headers = {"Content-Type": "application/json", **signature(sandbox, url, body)}
    return is_taken(address, body.encode(), headers)


def signature(sandbox: Sandbox, url: str, body: str) -> dict[str, str]:
    """Return the headers that prove where a delivery comes from.

    Their time is real, not the sandbox's: receivers compare it with a clock of their own.
    """
    timestamp = str(int(time.time() * 1000))
    secret = sandbox.hubspot_client_secret
    signed = hmac.new(secret.encode(), f"POST{url}{body}{timestamp}".encode(), hashlib.sha256)
    return {
        "X-HubSpot-Signature": hashlib.sha256(f"{secret}{body}".encode()).hexdigest(),
        "X-HubSpot-Signature-Version": "v1",
        "X-HubSpot-Signature-v3": base64.b64encode(signed.digest()).decode(),
        "X-HubSpot-Request-Timestamp": timestamp,
    }


def _settle(sandbox: Sandbox, sent: Sequence[_Event], failed: Sequence[_Event]) -> Delivered:
    store = sandbox.store
    taken = {event.id for event in sent}
    refused = {event.id: event.attempts + 1 for event in failed if event.id not in taken}
    given_up = {known for known, attempts in refused.items() if attempts > RETRIES}
    store.run_many("delete from hubspot_events where id = ?", [(k,) for k in taken | given_up])
    tries = [(attempts, known) for known, attempts in refused.items() if known not in given_up]
    store.run_many("update hubspot_events set attempts = ? where id = ?", tries)
    return Delivered(len(taken), len(refused), len(given_up))
