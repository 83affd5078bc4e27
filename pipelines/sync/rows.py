"""Plans, receipts and their rows in the state store. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pipelines.sync.changes import FieldChange, RecordPlan
from pipelines.sync.config import Sync
from pipelines.sync.guards import Finding
from pipelines.sync.plan import Plan
from pipelines.sync.undo import Written
from pipelines.sync.values import from_text, to_text


@dataclass(frozen=True)
class StoredPlan:
    """A plan as kept."""

    plan_id: int
    digest: str
    status: str
    as_of: datetime
    records: tuple[RecordPlan, ...]
    kind: str = "sync"
    """Or "undo"."""
    undoes: int | None = None
    """The plan that an undo takes back."""


@dataclass(frozen=True)
class Receipt:
    """What became of one field that was sent."""

    record_id: str
    field: str
    value: str | None
    state: str
    code: str = ""


@dataclass(frozen=True)
class Intent:
    """Records that were about to be sent when we last wrote this down."""

    intent_id: int
    plan_id: int
    record_ids: tuple[str, ...]
    job_id: str | None = None
    """The CRM's job that does it, where one was begun."""


def plan_row(
    sync: Sync, plan: Plan, as_of: datetime, snapshot: str, findings: Sequence[Finding]
) -> dict[str, Any]:
    """Return a plan as a row, without its status."""
    return {
        "sync": sync.name,
        "crm": sync.crm,
        "object_name": sync.object,
        "digest": plan.digest,
        "as_of": to_text(as_of),
        "snapshot": snapshot,
        "findings": "; ".join(map(str, findings)),
        "source": plan.source,
        "planned": len(plan.records),
        "unchanged": plan.unchanged,
        "kept_human": plan.kept_human,
        "no_match": plan.no_match,
        "held_back": plan.held_back,
    }


def change_rows(sync: Sync, plan_id: int, plan: Plan) -> Iterable[dict[str, Any]]:
    """Yield a plan's changes as rows, in its order."""
    types = {field.field: field.type for field in sync.fields}
    pairs = ((record, change) for record in plan.records for change in record.changes)
    for position, (record, change) in enumerate(pairs):
        yield {
            "plan_id": plan_id,
            "position": position,
            "record_id": record.record_id,
            "person_id": record.person_id,
            "parent": record.parent,
            "is_new": record.is_new,
            "column_name": change.column,
            "field_name": change.field,
            "field_type": types[change.field],
            "old_value": to_text(change.old),
            "new_value": to_text(change.new),
            "policy": change.policy,
            "reason": change.reason,
        }


def receipt_row(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as the part of a row that is its own."""
    return {
        "record_id": receipt.record_id,
        "field_name": receipt.field,
        "value": receipt.value,
        "state": receipt.state,
        "code": receipt.code,
    }


def records_of(rows: Iterable[Mapping[str, Any]]) -> tuple[RecordPlan, ...]:
    """Read a plan's records from its rows, in their order."""
    records: dict[str, RecordPlan] = {}
    changes: dict[str, list[FieldChange]] = {}
    for row in rows:
        key = row["record_id"]
        old, new = (from_text(row[side], row["field_type"]) for side in ("old_value", "new_value"))
        change = FieldChange(
            row["column_name"], row["field_name"], old, new, row["policy"], row["reason"]
        )
        changes.setdefault(key, []).append(change)
        records[key] = RecordPlan(key, row["person_id"], (), row["parent"], bool(row["is_new"]))
    return tuple(replace(record, changes=tuple(changes[key])) for key, record in records.items())


def written_of(row: Mapping[str, Any]) -> Written:
    """Read a field that was written from the row of its change and the value of its receipt."""
    (record,) = records_of([row])
    value = from_text(row["value"], row["field_type"])
    return Written(
        record.record_id,
        record.person_id,
        record.parent,
        record.changes[0],
        value,
        is_new=record.is_new,
    )
