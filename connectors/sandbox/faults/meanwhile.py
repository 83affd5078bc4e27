"""What others do to the CRMs just before a request of the client under test is answered."""

from collections.abc import Sequence
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.faults.asked import Asked, read_asked
from connectors.sandbox.web import Answer, Call, Handler

Doors = Sequence[tuple[str, Handler]]
"""Who answers others at paths with a prefix, without asking for keys."""


def let_others_act(
    sandbox: Sandbox, doors: Doors, requests: Sequence[dict[str, Any]]
) -> Answer | None:
    """Carry out requests of others, in order, without keys, counts and limits.

    They go to either CRM or to the sandbox's own API; see `connectors.sandbox.faults.asked`. When
    one of them is refused, the fault is not what was ordered: return what to answer instead.
    """
    for asked in map(read_asked, requests):
        door = next(door for prefix, door in doors if asked.path.startswith(prefix))
        made = door(sandbox, _call(asked))
        if made.status >= 400:
            what = f"A fault's own request, {asked.method} {asked.path}, was refused with"
            message = f"{what} {made.status}: {made.rendered().decode()}"
            return Answer(500, message, {"Content-Type": "text/plain"})
    return None


def _call(asked: Asked) -> Call:
    return Call(
        method=asked.method,
        path=asked.path,
        base_url="",
        headers={"content-type": "application/json"},
        query=asked.query,
        body=asked.body,
        size=0,
    )
