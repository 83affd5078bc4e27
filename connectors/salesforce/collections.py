"""Records updated by sObject Collections: 200 a request, five requests in one composite call.

Source: REST API Developer Guide, "sObject Collections" and "Composite" (at most five of its 25
subrequests may be collections; they inherit no header but those of the session).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

import msgspec

from connectors.answers import convert
from connectors.changes import RecordChange, WriteResult
from connectors.errors import UnreadableAnswerError
from connectors.records import Value
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.dialect import LOCKED
from connectors.salesforce.soql import name
from connectors.values import format_datetime

SIZE, AT_ONCE = 200, 5
KEEP_OWNERS = {"Sforce-Auto-Assign": "FALSE"}
"""Without it Salesforce may run assignment rules on updates and move leads to other owners."""

LOCK_ATTEMPTS = 3
LOCK_SIZE = 50
"""Records of a request that is sent again because of locks."""
_LOCK_WAIT = 1.0
_PATH = "composite/sobjects"


class _Refusal(msgspec.Struct, rename="camel"):
    status_code: str
    fields: list[str] = []


class _SaveResult(msgspec.Struct):
    success: bool
    id: str | None = None
    errors: list[_Refusal] = []


class _Error(msgspec.Struct, rename="camel"):
    error_code: str = "UNKNOWN"


class _Subresult(msgspec.Struct, rename="camel"):
    http_status_code: int
    body: object


class _CompositeAnswer(msgspec.Struct, rename="camel"):
    composite_response: list[_Subresult]


@dataclass(frozen=True)
class Target:
    """What records are written, and by which field they are named: their id, or an external id."""

    object_name: str
    match: str | None = None

    @property
    def path(self) -> str:
        """Where a collection of them is sent."""
        return f"{_PATH}/{name(self.object_name)}/{name(self.match)}" if self.match else _PATH


def update(
    client: SalesforceClient, target: Target, changes: Sequence[RecordChange]
) -> list[WriteResult]:
    """Write at most SIZE * AT_ONCE records by one call; records that were locked, by more.

    Those named by an external id that are not there are created.

    Returns:
        One result for each change, in the given order.

    Raises:
        CrmError: the call failed as a whole; what has been written is to be read back.
    """
    results = {result.record_id: result for result in _send(client, target, changes)}
    for attempt in range(1, LOCK_ATTEMPTS):
        locked = [change for change in changes if results[change.record_id].code == LOCKED]
        if not locked:
            break
        client.pause(_LOCK_WAIT * attempt)
        results |= {result.record_id: result for result in resend(client, target, locked)}
    return [results[change.record_id] for change in changes]


def resend(
    client: SalesforceClient, target: Target, locked: Sequence[RecordChange]
) -> Iterator[WriteResult]:
    """Send records again that were locked: few at once, those of one parent together."""
    for batch in group_by_parent(locked):
        yield from _send_one(client, target, batch)


def group_by_parent(changes: Sequence[RecordChange]) -> Iterator[list[RecordChange]]:
    """Yield batches of LOCK_SIZE at most, no parent in two of them unless it alone has more."""
    batch: list[RecordChange] = []
    in_order = sorted(changes, key=lambda change: change.parent or change.record_id)
    for _, group in groupby(in_order, key=lambda change: change.parent or change.record_id):
        family = list(group)
        if batch and len(batch) + len(family) > LOCK_SIZE:
            yield batch
            batch = []
        batch += family
        while len(batch) > LOCK_SIZE:
            yield batch[:LOCK_SIZE]
            batch = batch[LOCK_SIZE:]
    if batch:
        yield batch


def _send(
    client: SalesforceClient, target: Target, changes: Sequence[RecordChange]
) -> list[WriteResult]:
    parts = [changes[start : start + SIZE] for start in range(0, len(changes), SIZE)]
    if len(parts) > AT_ONCE:
        raise ValueError(f"{len(changes)} records in a call, {SIZE * AT_ONCE} at most")
    if len(parts) <= 1:
        return [result for part in parts for result in _send_one(client, target, part)]
    body = {
        "allOrNone": False,
        "compositeRequest": [
            {
                "method": "PATCH",
                "url": client.path_of(target.path),
                "referenceId": f"part{number}",
                "httpHeaders": KEEP_OWNERS,
                "body": _body(target, part),
            }
            for number, part in enumerate(parts)
        ],
    }
    answer = client.call("composite", "POST", body, KEEP_OWNERS)
    told = convert("salesforce", "composite", answer, _CompositeAnswer).composite_response
    _check_number(told, parts, "composite")
    return [result for part, sub in zip(parts, told, strict=True) for result in _of_part(part, sub)]


def _send_one(
    client: SalesforceClient, target: Target, changes: Sequence[RecordChange]
) -> list[WriteResult]:
    answer = client.call(target.path, "PATCH", _body(target, changes), KEEP_OWNERS)
    return _read(changes, answer)


def _of_part(changes: Sequence[RecordChange], told: _Subresult) -> list[WriteResult]:
    """Return the results of a collection within a composite call, which may be refused whole."""
    if told.http_status_code < 300:
        return _read(changes, told.body)
    errors = convert("salesforce", _PATH, told.body, list[_Error])
    code = errors[0].error_code if errors else "UNKNOWN"
    return [_reject(change, _Refusal(code)) for change in changes]


def _read(changes: Sequence[RecordChange], answer: object) -> list[WriteResult]:
    saved = convert("salesforce", _PATH, answer, list[_SaveResult])
    _check_number(saved, changes, _PATH)
    return [_to_result(change, save) for change, save in zip(changes, saved, strict=True)]


def _check_number(told: Sequence[object], asked: Sequence[object], path: str) -> None:
    if len(told) != len(asked):
        what = f"{len(told)} results came for {len(asked)}"
        raise UnreadableAnswerError("salesforce", path, what)


def _body(target: Target, changes: Sequence[RecordChange]) -> Mapping[str, object]:
    records = [_to_record(target, change) for change in changes]
    return {"allOrNone": False, "records": records}


def _to_record(target: Target, change: RecordChange) -> dict[str, object]:
    values = {field: _format(value) for field, value in change.values.items()}
    key = {target.match or "id": change.record_id}
    return {"attributes": {"type": name(target.object_name)}, **key, **values}


def _format(value: Value) -> str | int | Decimal | bool | None:
    if isinstance(value, datetime):
        return format_datetime(value)
    if isinstance(value, list):
        return ";".join(value)
    return value.isoformat() if isinstance(value, date) else value


def _to_result(change: RecordChange, save: _SaveResult) -> WriteResult:
    if save.success:
        return WriteResult(change.record_id, "accepted")
    return _reject(change, save.errors[0] if save.errors else _Refusal("UNKNOWN"))


def _reject(change: RecordChange, refusal: _Refusal) -> WriteResult:
    # Salesforce's own message quotes the value; the code and the fields' names do not.
    fields = ", ".join(refusal.fields)
    message = f"Salesforce refused {fields}" if fields else "Salesforce refused the record"
    return WriteResult(change.record_id, "rejected", refusal.status_code, message)
