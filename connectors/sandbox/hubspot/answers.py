"""What the answers of several topics have in common."""

import random
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from connectors.sandbox.clock import instant
from connectors.sandbox.context import Sandbox
from connectors.sandbox.web import Answer

View = dict[str, Any]
"""A JSON object as answers show it."""
Entry = TypeVar("Entry")


def completed(
    sandbox: Sandbox, results: Sequence[View], errors: Sequence[View] = (), status: int = 200
) -> Answer:
    """Return the answer to a batch: a 207 as soon as something of it was refused."""
    now = instant(sandbox.clock.now)
    body = {"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now}
    if not errors:
        return Answer(status, body)
    return Answer(207, {**body, "numErrors": len(errors), "errors": errors})


def mixed(sandbox: Sandbox, entries: Iterable[Entry], key: object) -> list[Entry]:
    """Return entries in no order, but for one key in the same one in every run of a seed."""
    shuffled = list(entries)
    random.Random(f"{sandbox.seed}:{key}").shuffle(shuffled)  # noqa: S311 - to mix, not to hide
    return shuffled
