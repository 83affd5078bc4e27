"""Waiting out what something on the way shows in a CRM's place for a while.

A page of HTML at the first call or at a login is maintenance, or an address that is no CRM's:
nobody can tell which, so it is waited for as a 503 is, and both are named.
"""

from collections.abc import Callable
from typing import TypeVar

from connectors.errors import UnreadableAnswerError
from connectors.faults import CHECK_BASE_URL

WAITS = (2.0, 8.0)
"""Seconds before it is asked a second and a third time: with the transport's own retries some 15,
as long as a 503 is waited for."""

Answer = TypeVar("Answer")


def outlast(ask: Callable[[], Answer], pause: Callable[[float], None]) -> Answer:
    """Return the answer to what ends a whole run where it stays without one.

    Args:
        ask: Asks, by a transport that has retries of its own.
        pause: Waits so many seconds.

    Raises:
        UnreadableAnswerError: no answer was the CRM's.
    """
    for seconds in WAITS:
        try:
            return ask()
        except UnreadableAnswerError:
            pause(seconds)
    try:
        return ask()
    except UnreadableAnswerError as fault:
        fault.next_step = f"run again; if it stays so, {CHECK_BASE_URL}"
        raise
