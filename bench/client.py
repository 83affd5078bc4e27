"""The leanest HTTP client there is: what a benchmark measures must be the server."""

import json
import re
import socket
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_CHUNK = 1 << 18


class Connection:
    """One kept-alive connection to a server on this machine."""

    def __init__(self, port: int, headers: Mapping[str, str]) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        listed = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._sent_head = f"Host: 127.0.0.1:{port}\r\n{listed}"
        self.head = b""
        """The status line and headers of the last answer."""
        self.body = b""

    def send(self, method: str, path: str, body: bytes = b"") -> bytes:
        """Send a request and return the answer's body.

        Raises:
            RuntimeError: the answer is no success, or has no length.
        """
        head = f"{method} {path} HTTP/1.1\r\n{self._sent_head}Content-Length: {len(body)}\r\n\r\n"
        self._socket.sendall(head.encode() + body)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._receive()
        self.head, _, start = received.partition(b"\r\n\r\n")
        length = _LENGTH.search(self.head)
        if self.head[9:10] != b"2" or (length is None and self.head[9:12] != b"204"):
            raise RuntimeError(received[:500].decode(errors="replace"))
        self.body = self._rest(start, 0 if length is None else int(length[1]))
        return self.body

    def json(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request with a JSON body and return the decoded answer."""
        answer = self.send(method, path, b"" if body is None else json.dumps(body).encode())
        return json.loads(answer) if answer else None

    def _receive(self) -> bytes:
        received = self._socket.recv(_CHUNK)
        if not received:
            raise RuntimeError("the server hung up")
        return received

    def _rest(self, start: bytes, length: int) -> bytes:
        parts, left = [start], length - len(start)
        while left > 0:
            parts.append(self._receive())
            left -= len(parts[-1])
        return b"".join(parts)

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()


Work = Callable[[Connection], int]
"""Does one round of work on a connection and returns how many units it was."""


def rate(
    connect: Callable[[], Connection], start: Callable[[], Work], count: int, seconds: float
) -> float:
    """Return units a second over so many connections, each with a work of its own.

    Whatever one of them raises is raised here: a part of the work has no rate.
    """

    def run() -> int:
        done = 0
        with closing(connect()) as connection:
            work = start()
            end = time.perf_counter() + seconds
            while time.perf_counter() < end:
                done += work(connection)
        return done

    began = time.perf_counter()
    with ThreadPoolExecutor(count) as pool:
        running = [pool.submit(run) for _ in range(count)]
        done = sum(one.result() for one in running)
    return done / (time.perf_counter() - began)
