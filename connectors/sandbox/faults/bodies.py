"""What a fault makes of an answer: rows left out, an earlier page, a body that ends too early."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from connectors.sandbox.faults.plan import Fault
from connectors.sandbox.web import Answer, Call

_ROWS = ("results", "records")
"""Where the pages of the two CRMs have their rows."""
_KEPT = 200
"""Answers that are kept for one fault."""


def remember(faults: Iterable[Fault], call: Call, answer: Answer) -> None:
    """Keep a good answer for faults that give it again, but no more than so many for each."""
    for fault in faults if answer.status == 200 else ():
        key, memory = _key(fault, call), fault.memory
        if key in memory and fault.kind == "stale":
            continue
        if key in memory or len(memory) < _KEPT:
            memory[key] = answer


def remembered(fault: Fault, call: Call) -> Answer | None:
    """Return the earlier answer that a fault gives again, if there is one.

    That is what the route answered last, whatever was asked, or what this request was answered
    when it first came since the order.
    """
    earlier: Answer | None = fault.memory.get(_key(fault, call))
    return earlier


def _key(fault: Fault, call: Call) -> tuple[Any, ...]:
    if fault.kind == "repeat":
        return _route(call)
    return call.method, call.path, tuple(call.query), call.body


def _route(call: Call) -> tuple[str, str]:
    # The locator of a Salesforce query is a part of the path: one route for all its pages.
    head, _, last = call.path.rpartition("/")
    return call.method, head if last.startswith("0r8") else call.path


def without_rows(answer: Answer) -> Answer:
    """Return a page whose rows are lost while its paging is there; of CSV the header alone."""
    if isinstance(answer.body, dict):
        emptied: dict[str, Any] = {name: [] for name in _ROWS if name in answer.body}
        return replace(answer, body={**answer.body, **emptied})
    header, newline, _ = answer.rendered().partition(b"\n")
    return replace(answer, body=header + newline)


def failed_in_part(call: Call, answer: Answer) -> Answer:
    """Return the answer to a HubSpot batch of reads that could not read half of what it found."""
    if not call.path.endswith("/batch/read") or not isinstance(answer.body, dict):
        return answer
    rows = answer.body.get("results", [])
    kept, lost = rows[: len(rows) // 2], rows[len(rows) // 2 :]
    context = {"fromObjectId": [row["from"]["id"] for row in lost if "from" in row]}
    if not context["fromObjectId"]:
        context = {"ids": [row["id"] for row in lost]}
    fault = {"status": "error", "category": "INTERNAL_ERROR", "message": "internal error"}
    errors = [*answer.body.get("errors", []), {**fault, "context": context}]
    body = {**answer.body, "results": kept, "numErrors": len(errors), "errors": errors}
    return replace(answer, status=207, body=body)


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
    """Return the answer that a fault brings with it; HubSpot's correlation ids differ each time."""
    body = fault.body
    if not isinstance(body, dict) or "correlationId" not in body:
        return Answer(fault.status, body, fault.headers)
    correlation_id = f"{str(body['correlationId'])[:-4]}{fault.count:04x}"
    headers = {"X-HubSpot-Correlation-Id": correlation_id, **fault.headers}
    return Answer(fault.status, {**body, "correlationId": correlation_id}, headers)
