"""An app beside the sandbox: its server that webhooks go to, and its developer."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from connectors.sandbox.server import RunningSandbox
from tests.sandbox.clients import Admin

APP = "/webhooks/v3/3141592"


def answer_plainly(handler: BaseHTTPRequestHandler, status: int = 204) -> None:
    """Answer with a status and nothing else."""
    handler.send_response(status)
    handler.end_headers()


@dataclass
class Receiver:
    """An app's server on loopback: keeps what it gets, and answers."""

    url: str = ""
    bodies: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answer: Callable[[BaseHTTPRequestHandler], None] = answer_plainly

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for body in self.bodies for event in json.loads(body)]


@contextmanager
def listening_receiver() -> Iterator[Receiver]:
    """Serve from a thread while the block lasts."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            receiver.bodies.append(self.rfile.read(length).decode())
            receiver.headers.append(dict(self.headers.items()))
            receiver.answer(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hooks?app=1"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield receiver
        server.shutdown()


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


def deliver(admin: Admin) -> dict[str, int]:
    told: dict[str, int] = admin("POST", "webhooks/deliver").json()
    return told
