"""Asking again where an answer contradicts what HubSpot has said before."""

from collections.abc import Callable
from typing import TypeVar

from connectors.errors import UnreadableAnswerError

ATTEMPTS = 3

Answer = TypeVar("Answer")


class ContradictionError(UnreadableAnswerError):
    """HubSpot's answer contradicts another one."""


def insist(ask: Callable[[], Answer]) -> Answer:
    """Return an answer without contradictions, asked for up to three times.

    A lagging replica or a cache gives a page that is empty, of before or another's; the next one
    to be asked mostly knows better. Answers that are none at all are the transport's to repeat.

    Raises:
        ContradictionError: none of the answers made sense.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return ask()
        except ContradictionError:
            continue
    return ask()
