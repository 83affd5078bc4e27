"""Requests and answers as the handlers see them, and how a request finds its handler."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from connectors.sandbox.calls import Kind
from connectors.sandbox.context import Sandbox
from connectors.sandbox.paths import SLASH


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
    caller: str = ""
    """Who makes it, in the words of its CRM, where that has been found out."""

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
            ValueError: the body is no JSON, or holds halves of characters.
        """
        text = self.body.decode("utf-8-sig")
        if not text.strip():
            return None
        try:
            decoded = json.loads(text)
        except RecursionError:
            raise ValueError("lists within lists without end") from None
        if "\\u" in text:  # as which halves of characters can hide; nothing takes them in
            json.dumps(decoded, ensure_ascii=False).encode()
        return decoded


@dataclass(frozen=True)
class FilePart:
    """A run of bytes of a file, for answers too big to be held in memory."""

    path: Path
    start: int
    length: int
    prefix: bytes = b""
    """What comes before them, such as the header of a table."""

    @property
    def size(self) -> int:
        """How many bytes are sent."""
        return len(self.prefix) + self.length

    def chunks(self, size: int = 1 << 20) -> Iterator[bytes]:
        """Yield the bytes, in order."""
        if self.prefix:
            yield self.prefix
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
    later: Callable[[], "Answer"] | None = None
    """Long work that ends in the true answer, done after the request's own transaction."""

    def settled(self) -> "Answer":
        """Return the answer once its long work is done, if there is any."""
        if self.later is None:
            return self
        done = self.later()
        return replace(done, headers={**self.headers, **done.headers})

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
        return msgspec.json.encode(self.body)


Handler = Callable[[Sandbox, Call], Answer]


@dataclass(frozen=True)
class Endpoint:
    """A method and a path with {named} parts, who answers it, and what it counts as."""

    method: str
    path: str
    handler: Handler
    kind: Kind = "read"


class Routes:
    """Endpoints as a tree by the parts of their paths, so that hundreds are found as fast as ten.

    Where several fit a request, the first one listed answers it.
    """

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        """Plant the tree.

        Raises:
            ValueError: a path has a {named} part that is not all between two slashes.
        """
        self._root = _Branch()
        for place, endpoint in enumerate(endpoints):
            branch = self._root
            for part in _parts(endpoint.path):
                if "{" in part and not (part.startswith("{") and part.endswith("}")):
                    raise ValueError(endpoint.path)
                branch = branch.below.setdefault("{}" if "{" in part else part, _Branch())
            branch.ends.append((place, endpoint))

    def fitting(self, path: str) -> list[Endpoint]:
        """Return the endpoints whose paths fit, whatever their methods, in the order listed."""
        branches = [self._root]
        for part in _parts(path):
            # A part may be a name of the path's own and stand for a {named} part at once.
            names = (part, "{}") if part else ("",)
            branches = [b.below[name] for b in branches for name in names if name in b.below]
        return [endpoint for _, endpoint in sorted(_ends(branches), key=lambda end: end[0])]


@dataclass
class _Branch:
    """What paths with the same beginning go on with; {} stands for any named part."""

    below: dict[str, "_Branch"] = field(default_factory=dict)
    ends: list[tuple[int, Endpoint]] = field(default_factory=list)


def _parts(path: str) -> list[str]:
    return path.removesuffix("/").split("/")


def _ends(branches: Iterable[_Branch]) -> Iterator[tuple[int, Endpoint]]:
    return (end for branch in branches for end in branch.ends)


def find_endpoint(routes: Routes, method: str, path: str) -> tuple[Endpoint, dict[str, str]] | None:
    """Return the endpoint for a request with the named parts of its path, or None."""
    for endpoint in routes.fitting(path):
        if endpoint.method == method:
            pairs = zip(_parts(endpoint.path), _parts(path), strict=True)
            named = ((name[1:-1], text) for name, text in pairs if name[:1] == "{")
            return endpoint, {name: text.replace(SLASH, "/") for name, text in named}
    return None


def methods_of(routes: Routes, path: str) -> list[str]:
    """Return the methods that a path takes; none when nobody knows the path."""
    return [endpoint.method for endpoint in routes.fitting(path)]
