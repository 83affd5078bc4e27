"""Which fields of which records to write, and why. Pure: no clock, no I/O."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from connectors.records import Value
from pipelines.sync.config import Policy, Sync, SyncField
from pipelines.sync.values import normalise, to_text

Row = Mapping[str, object]
Verdict = Literal["write", "unchanged", "kept_human"]
Ledger = Mapping[tuple[str, str], Value]
"""Last value we wrote, by (record id, CRM field name); absent where we never wrote."""


@dataclass(frozen=True)
class FieldChange:
    """One planned write: `old` is what the CRM held when we last read it."""

    column: str
    field: str
    old: Value
    new: Value
    policy: Policy
    reason: str


@dataclass(frozen=True)
class RecordPlan:
    """All changes to one record."""

    record_id: str
    person_id: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True)
class Plan:
    """What one sync would write, and how every row of its model is accounted for."""

    sync: str
    records: tuple[RecordPlan, ...]
    source: int
    unchanged: int
    kept_human: int
    no_match: int

    @property
    def digest(self) -> str:
        """Identify the plan by what it would write."""
        lines = [
            [record.record_id, change.field, to_text(change.old), to_text(change.new)]
            for record in self.records
            for change in record.changes
        ]
        text = json.dumps([self.sync, lines], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def plan_changes(
    sync: Sync, wanted: Sequence[Row], current: Mapping[str, Row], ledger: Ledger
) -> Plan:
    """Compare what each record should hold with what it holds.

    Args:
        sync: The sync's mapping and policies.
        wanted: Rows of the sync model: `record_id`, `person_id` and the mapping's columns.
        current: Rows of the current model by record id, same columns.
        ledger: What we last wrote.

    Returns:
        The plan, records in the order of their ids.
    """
    records, counts = [], {"unchanged": 0, "kept_human": 0, "no_match": 0}
    for row in sorted(wanted, key=lambda row: str(row["record_id"])):
        record_id = str(row["record_id"])
        held = current.get(record_id)
        if held is None:
            counts["no_match"] += 1
            continue
        changes, kept = _record_changes(sync, row, held, ledger)
        if changes:
            records.append(RecordPlan(record_id, str(row["person_id"]), changes))
        else:
            counts["kept_human" if kept else "unchanged"] += 1
    return Plan(sync.name, tuple(records), len(wanted), **counts)


def overlay(
    sync: Sync, current: Mapping[str, Row], written: Ledger
) -> dict[str, Mapping[str, object]]:
    """Return current values with what we wrote since they were read."""
    columns = {field.field: field.column for field in sync.fields}
    later: dict[str, dict[str, object]] = {}
    for (record_id, name), value in written.items():
        later.setdefault(record_id, {})[columns[name]] = value
    return {key: {**row, **later.get(key, {})} for key, row in current.items()}


def _record_changes(
    sync: Sync, row: Row, held: Row, ledger: Ledger
) -> tuple[tuple[FieldChange, ...], bool]:
    verdicts: dict[str, Verdict] = {}
    changes: dict[str, FieldChange] = {}
    for field in sorted(sync.fields, key=lambda field: field.with_column is not None):
        old, new = (normalise(side[field.column], field.type) for side in (held, row))
        last = ledger.get((str(row["record_id"]), field.field))
        verdict = decide(field, last, old, new)
        if verdict == "write" and field.with_column and verdicts[field.with_column] != "write":
            verdict = "unchanged" if old is not None else "write"
        verdicts[field.column] = verdict
        if verdict == "write":
            changes[field.column] = _change(field, last, old, new)
    in_order = tuple(changes[f.column] for f in sync.fields if f.column in changes)
    return in_order, "kept_human" in verdicts.values()


def decide(field: SyncField, last: Value, now: Value, wanted: Value) -> Verdict:
    """Merge three ways: the last value we wrote, the value in the CRM now, the value wanted."""
    if now == wanted or _is_noise(field, now, wanted):
        return "unchanged"
    if field.policy == "human_wins" and now != last:
        return "kept_human"
    if field.policy == "fill_empty" and now is not None and now != last:
        return "kept_human"
    return "write"


def _is_noise(field: SyncField, now: Value, wanted: Value) -> bool:
    if not (isinstance(now, Decimal | int) and isinstance(wanted, Decimal | int)):
        return False
    return abs(Decimal(now) - Decimal(wanted)) < Decimal(str(field.min_change))


def _change(field: SyncField, last: Value, old: Value, new: Value) -> FieldChange:
    return FieldChange(field.column, field.field, old, new, field.policy, _reason(last, old, new))


def _reason(last: Value, old: Value, new: Value) -> str:
    if old is None:
        return "first value" if last is None else "was emptied in the CRM"
    if last is not None and old != last:
        return "was changed in the CRM; the field is ours"
    return "no longer known" if new is None else "changed"
