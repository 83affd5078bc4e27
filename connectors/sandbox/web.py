"""Requests and answers as the handlers see them, and how a request finds its handler."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from connectors.sandbox.calls import Kind
from connectors.sandbox.context import Sandbox


@dataclass(frozen=True)
class Call:
    """One HTTP request, read to its end. Header names are in lower case."""

    method: str
    path: str
    base_url: str
    headers: Mapping[str, str]
    query: Sequence[tuple[str, str]]
    body: bytes
    size: int
    """Bytes of the request line and headers, which Salesforce limits."""
    arguments: Mapping[str, str] = field(default_factory=dict)
    """The named parts of the path."""

    def one(self, name: str, default: str = "") -> str:
        """Return the first value of a query parameter."""
        return next((value for key, value in self.query if key == name), default)

    def many(self, name: str) -> list[str]:
        """Return the values of a parameter that may be repeated, comma-separated or both."""
        texts = [value for key, value in self.query if key == name]
        return [part.strip() for text in texts for part in text.split(",") if part.strip()]

    def json(self) -> Any:
        """Return the decoded body, or None when it is empty.

        Raises:
            ValueError: the body is no JSON.
        """
        return json.loads(self.body) if self.body.strip() else None


@dataclass(frozen=True)
class FilePart:
    """A run of bytes of a file, for answers too big to be held in memory."""

    path: Path
    start: int
    length: int

    def chunks(self, size: int = 1 << 20) -> Iterator[bytes]:
        """Yield the bytes, in order."""
        left = self.length
        with self.path.open("rb") as file:
            file.seek(self.start)
            while left > 0 and (chunk := file.read(min(size, left))):
                left -= len(chunk)
                yield chunk


@dataclass(frozen=True)
class Answer:
    """One HTTP answer: text, bytes or a part of a file as they are, None as an empty body.

    Any other body is sent as JSON.
    """

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def rendered(self) -> bytes:
        """Return the bytes of the body."""
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        if isinstance(self.body, FilePart):
            return b"".join(self.body.chunks())
        if isinstance(self.body, str):
            return self.body.encode()
        return json.dumps(self.body, separators=(",", ":"), ensure_ascii=False).encode()


Handler = Callable[[Sandbox, Call], Answer]


@dataclass(frozen=True)
class Endpoint:
    """A method and a path with {named} parts, who answers it, and what it counts as."""

    method: str
    path: str
    handler: Handler
    kind: Kind = "read"


def find_endpoint(
    endpoints: Iterable[Endpoint], method: str, path: str
) -> tuple[Endpoint, dict[str, str]] | None:
    """Return the endpoint for a request with the named parts of its path, or None."""
    for endpoint in endpoints:
        found = _pattern(endpoint.path).fullmatch(path)
        if found and endpoint.method == method:
            return endpoint, found.groupdict()
    return None


def methods_of(endpoints: Iterable[Endpoint], path: str) -> list[str]:
    """Return the methods that a path takes; none when nobody knows the path."""
    return [e.method for e in endpoints if _pattern(e.path).fullmatch(path)]


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "/?")
