"""Batches of HubSpot's records, written by id or by a unique property: a result for each.

HubSpot answers 207 when part of a batch fails, 400 for the whole batch when one value is invalid,
and 200 for values it silently leaves as they were; each becomes a result of its own row.
Source: developers.hubspot.com, "Batch update", "Batch upsert".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from connectors.changes import RecordChange, WriteResult
from connectors.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    RejectedRequestError,
)
from connectors.hubspot.answers import BatchAnswer, BatchError, Record
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.dialect import UNKNOWN_PROPERTY
from connectors.hubspot.paths import Paths
from connectors.records import FieldType, Value
from connectors.values import format_text, parse, to_epoch_ms

NOT_TAKEN = "NOT_TAKEN"
"""HubSpot accepted the batch and kept another value, as it does for backward lifecycle stages."""

NO_RESULT = "NO_RESULT"

MERGED = "MERGED"
"""HubSpot answered with another record: the one into which this one was merged since."""


@dataclass(frozen=True)
class Target:
    """What records are written, and by which property they are named: their id, or a unique one."""

    object_name: str
    match: str | None = None

    def path(self, paths: Paths) -> str:
        """Return where a batch of them is sent."""
        if self.match is None:
            return paths.batch_update(self.object_name)
        return paths.batch_upsert(self.object_name)


def send(
    client: HubSpotClient, target: Target, changes: Sequence[RecordChange]
) -> list[WriteResult]:
    """Write the records; a batch refused as a whole is halved until the bad row is alone."""
    if not changes:
        return []
    inputs = [_to_input(change, target.match) for change in changes]
    try:
        answer = client.post(target.path(client.paths), {"inputs": inputs}, BatchAnswer)
    except (InvalidRequestError, NotFoundError, ConflictError) as refusal:
        return _send_halves(client, target, changes, refusal)
    return _to_results(changes, answer, target.match)


def _send_halves(
    client: HubSpotClient,
    target: Target,
    changes: Sequence[RecordChange],
    refusal: RejectedRequestError,
) -> list[WriteResult]:
    # An unknown property spoils every row alike: halving would only repeat the refusal.
    if len(changes) == 1 or refusal.code == UNKNOWN_PROPERTY:
        return [_reject(change.record_id, refusal.code) for change in changes]
    middle = len(changes) // 2
    halves = changes[:middle], changes[middle:]
    return [result for half in halves for result in send(client, target, half)]


def _to_input(change: RecordChange, match: str | None) -> dict[str, object]:
    properties = {name: format_text(value) for name, value in change.values.items()}
    by = {"idProperty": match} if match is not None else {}
    return {"id": change.record_id, **by, "properties": properties}


def _to_results(
    changes: Sequence[RecordChange], answer: BatchAnswer, match: str | None
) -> list[WriteResult]:
    updated = {_named(record, match): record for record in answer.results}
    refused = {key: error for error in answer.errors for key in error.context.get("ids", [])}
    others = updated.keys() - {change.record_id for change in changes}
    unanswered = MERGED if others else NO_RESULT
    return [_to_result(change, updated, refused, unanswered) for change in changes]


def _named(record: Record, match: str | None) -> str:
    """Return what a record was written by."""
    return record.id if match is None else str(record.properties.get(match))


def _to_result(
    change: RecordChange,
    updated: Mapping[str, Record],
    refused: Mapping[str, BatchError],
    unanswered: str,
) -> WriteResult:
    record = updated.get(change.record_id)
    if record is None:
        error = refused.get(change.record_id)
        return _reject(change.record_id, error.category if error else unanswered)
    kept = [name for name, sent in change.values.items() if not _is_taken(name, sent, record)]
    if kept:
        message = f"HubSpot kept its own value of {', '.join(kept)}"
        return WriteResult(change.record_id, "rejected", NOT_TAKEN, message)
    return WriteResult(change.record_id, "accepted")


def _reject(record_id: str, code: str) -> WriteResult:
    return WriteResult(record_id, "rejected", code, "HubSpot refused the record")


def _is_taken(name: str, sent: Value, record: Record) -> bool:
    """Compare with what came back; HubSpot returns the properties that it changed."""
    if name not in record.properties:
        return True
    returned = record.properties[name]
    try:
        return _comparable(parse(_kind_of(sent), returned)) == _comparable(sent)
    except ValueError:
        return False


def _comparable(value: Value) -> Value:
    if isinstance(value, datetime):
        return to_epoch_ms(value)
    return None if value == "" else value


def _kind_of(value: Value) -> FieldType:
    for python_type, kind in _KINDS:
        if isinstance(value, python_type):
            return kind
    return "string"


_KINDS: tuple[tuple[type, FieldType], ...] = (
    (bool, "boolean"),
    (int, "integer"),
    (Decimal, "decimal"),
    (datetime, "datetime"),
    (date, "date"),
)
"""Narrow types first: a bool is an int and a datetime is a date."""
