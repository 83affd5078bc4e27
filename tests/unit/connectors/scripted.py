"""A real HTTP server on loopback that answers by script and remembers what it was asked."""

import json
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

DATE = "Sun, 22 Nov 2026 10:00:00 GMT"


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: str

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """An answer of the script; anything but text and bytes is sent as JSON."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    promised_bytes: int | None = None
    """A Content-Length larger than the body: the answer breaks off."""


Reply = Answer | Callable[[Asked], Answer]


class Script:
    """Answers by method and path. The last answer of a queue is repeated."""

    def __init__(self) -> None:
        self.base_url = ""
        self.asked: list[Asked] = []
        self._replies: dict[tuple[str, str], deque[Reply]] = defaultdict(deque)

    def on(self, method: str, path: str, *replies: Reply) -> None:
        self._replies[method, path].extend(replies)

    def asked_for(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.path == path]

    def reply(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        replies = self._replies[asked.method, asked.path]
        if not replies:
            return Answer({"message": f"no script for {asked.method} {asked.path}"}, status=418)
        reply = replies.popleft() if len(replies) > 1 else replies[0]
        return reply if isinstance(reply, Answer) else reply(asked)


@contextmanager
def serve(script: Script) -> Iterator[Script]:
    server = _Server(("127.0.0.1", 0), _handler_of(script))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    script.base_url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _rendered(body: Any) -> bytes:
    if isinstance(body, bytes):
        return body
    return (body if isinstance(body, str) else json.dumps(body)).encode()


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_request: object) -> None:
        """Stay silent about clients that hang up, as those with a time-out do."""


def _handler_of(script: Script) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            body = self.rfile.read(size).decode()
            asked = Asked(self.command, parts.path, query, dict(self.headers), body)
            self.send(script.reply(asked))

        def send(self, answer: Answer) -> None:
            content = _rendered(answer.body)
            self.send_response_only(answer.status)
            for name, value in {"Date": DATE, **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(answer.promised_bytes or len(content)))
            self.end_headers()
            self.wfile.write(content)
            self.close_connection = answer.promised_bytes is not None

        do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 - http.server looks for these names

        def log_message(self, *_parts: object) -> None:
            """Stay silent."""

    return Handler
