"""What a fault makes of an answer: rows left out, an earlier page, a body that ends too early."""

import threading
from dataclasses import replace
from typing import Any

from connectors.sandbox.faults.plan import Fault
from connectors.sandbox.web import Answer, Call

_ROWS = ("results", "records")
"""Where the pages of the two CRMs have their rows."""


class Remembered:
    """The last answer of every route and of every request, for faults that give it again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_route: dict[tuple[str, str], Answer] = {}
        self._by_request: dict[tuple[Any, ...], Answer] = {}

    def keep(self, call: Call, answer: Answer) -> None:
        """Keep a good answer."""
        if answer.status == 200:
            with self._lock:
                self._by_route[_route(call)] = answer
                self._by_request.setdefault(_request(call), answer)

    def answer(self, call: Call, fault: Fault) -> Answer | None:
        """Return the earlier answer that a fault gives again, if there is one.

        That is what the route answered last, whatever was asked, or what this request was answered
        when it first came.
        """
        if fault.kind == "repeat":
            return self._by_route.get(_route(call))
        return self._by_request.get(_request(call)) if fault.kind == "stale" else None


def _route(call: Call) -> tuple[str, str]:
    # The locator of a Salesforce query is a part of the path: one route for all its pages.
    head, _, last = call.path.rpartition("/")
    return call.method, head if last.startswith("0r8") else call.path


def _request(call: Call) -> tuple[Any, ...]:
    return call.method, call.path, call.query, call.body


def without_rows(answer: Answer) -> Answer:
    """Return a page whose rows are lost while its paging is there; of CSV the header alone."""
    if isinstance(answer.body, dict):
        emptied: dict[str, Any] = {name: [] for name in _ROWS if name in answer.body}
        return replace(answer, body={**answer.body, **emptied})
    header, newline, _ = answer.rendered().partition(b"\n")
    return replace(answer, body=header + newline)


def torn(answer: Answer, fault: Fault) -> Answer:
    """Return an answer that ends too early and does not say so."""
    whole = answer.rendered()
    part = whole[: int(len(whole) * fault.keep)]
    if fault.at_line:
        part = part[: part.rfind(b"\n") + 1]
    is_json = not isinstance(answer.body, str | bytes) and answer.body is not None
    headers = {"Content-Type": "application/json"} if is_json else {}
    return replace(answer, body=part, headers={**headers, **answer.headers})


def body_from_order(fault: Fault) -> Answer:
    """Return the answer that a fault brings with it."""
    return Answer(fault.status, fault.body, fault.headers)
