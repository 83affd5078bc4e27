"""Asking again where an answer contradicts what HubSpot has said before."""

from collections.abc import Callable
from typing import TypeVar

from connectors.errors import UnreadableAnswerError

WAITS = (1.0, 4.0)
"""Seconds before it is asked a second and a third time. A replica that lags behind is not cured by
hurry, and few lag for longer."""

Answer = TypeVar("Answer")


class ContradictionError(UnreadableAnswerError):
    """HubSpot's answer contradicts another one."""


def insist(ask: Callable[[], Answer], pause: Callable[[float], None]) -> Answer:
    """Return an answer without contradictions, asked for up to three times.

    A lagging replica or a cache gives a page that is empty, of before or another's; the next one
    to be asked mostly knows better. Answers that are none at all are the transport's to repeat.

    Args:
        ask: Asks once.
        pause: Waits so many seconds.

    Raises:
        ContradictionError: none of the answers made sense.
    """
    for seconds in WAITS:
        try:
            return ask()
        except ContradictionError:
            pause(seconds)
    return ask()
