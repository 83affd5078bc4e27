"""What others ask of the sandbox `meanwhile`, as a fault orders it."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from connectors.sandbox.paths import decoded_path

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PARTS = ("method", "path", "body")


@dataclass(frozen=True)
class Asked:
    """One request: its path and query are decoded, its body is not."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    body: bytes


def read_asked(entry: Any) -> Asked:
    """Read a request: its `path` with its query, its `method` (POST without one), a JSON `body`.

    Raises:
        ValueError: it has no path, a method that there isn't, or something else.
    """
    if not isinstance(entry, dict) or not str(entry.get("path", "")).startswith("/"):
        raise ValueError("each of a fault's requests has a path, which begins with /")
    unknown = [name for name in entry if name not in _PARTS]
    method = str(entry.get("method", "POST")).upper()
    if unknown or method not in _METHODS:
        raise ValueError(f"a fault's requests have {', '.join(_PARTS)}; methods are {_METHODS}")
    path, _, query = str(entry["path"]).partition("?")
    body = entry.get("body")
    return Asked(
        method=method,
        path=decoded_path(path),
        query=tuple(parse_qsl(query, keep_blank_values=True)),
        body=b"" if body is None else json.dumps(body).encode(),
    )
