"""What others do to the CRMs just before a request of the client under test is answered."""

import json
from collections.abc import Sequence
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.web import Call, Handler

Doors = Sequence[tuple[str, Handler]]
"""Who carries out requests to paths with a prefix, without asking for keys."""


def carry_out(sandbox: Sandbox, doors: Doors, requests: Sequence[dict[str, Any]]) -> None:
    """Carry out requests of others, in order, without keys, counts and limits.

    Each has a `method` (POST without one), a `path` of either CRM or of the sandbox's own API,
    and a `body` to be sent as JSON.

    Raises:
        RuntimeError: one of them was refused, so that the fault is not what was ordered.
    """
    for entry in requests:
        call = _call(entry)
        door = next(door for prefix, door in doors if call.path.startswith(prefix))
        made = door(sandbox, call)
        if made.status >= 400:
            raise RuntimeError(
                f"A fault's own request, {call.method} {call.path}, was refused with "
                f"{made.status}: {made.rendered().decode()}"
            )


def _call(entry: dict[str, Any]) -> Call:
    body = entry.get("body")
    path, _, query = str(entry["path"]).partition("?")
    return Call(
        method=str(entry.get("method", "POST")).upper(),
        path=path,
        base_url="",
        headers={"content-type": "application/json"},
        query=tuple(_pair(part) for part in query.split("&") if part),
        body=b"" if body is None else json.dumps(body).encode(),
        size=0,
    )


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name, value
