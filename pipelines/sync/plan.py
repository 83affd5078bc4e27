"""Which fields of which records to write, and why. Pure: no clock, no I/O."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from connectors.records import Value
from pipelines.sync.changes import FieldChange, LeftAlone, RecordPlan, State
from pipelines.sync.checking import Targets, find_fault
from pipelines.sync.config import Sync, SyncField
from pipelines.sync.held import HAS_LEFT
from pipelines.sync.memory import Key, Memory, Row
from pipelines.sync.merging import Sides, Verdict, decide
from pipelines.sync.refusals import is_held_back
from pipelines.sync.values import normalise, to_text


@dataclass(frozen=True)
class Terms:
    """What a sync is planned by, besides rows."""

    sync: Sync
    as_of: datetime
    targets: Targets = field(default_factory=dict)
    """The CRM's own description of its fields; nothing is checked against one that is not there."""
    orders: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By column, its values from the first to the last."""

    def order_of(self, column: SyncField) -> Sequence[str]:
        """Return a column's values from the first to the last; none where nobody said."""
        return column.order or self.orders.get(column.column, ())


@dataclass(frozen=True)
class Plan:
    """What one sync would write, and how every row of its model is accounted for."""

    sync: str
    records: tuple[RecordPlan, ...]
    source: int
    unchanged: int
    kept_human: int
    no_match: int
    held_back: int = 0
    """Rows whose values the CRM would refuse, or has refused too short a time ago."""
    left_alone: tuple[LeftAlone, ...] = ()
    """Records and fields that are not written though they are not as wanted."""

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

    @property
    def adds_up(self) -> bool:
        """Tell whether every row of the sync model has one outcome."""
        counted = self.unchanged + self.kept_human + self.no_match + self.held_back
        return self.source == len(self.records) + counted


def plan_changes(
    terms: Terms, wanted: Sequence[Row], current: Mapping[str, Row], memory: Memory
) -> Plan:
    """Compare what each record should hold with what it holds.

    Args:
        terms: The sync, and what the CRM says of its fields.
        wanted: Rows of the sync model: `record_id`, `person_id` and the mapping's columns.
        current: Rows of the current model by record id: the same columns, and `parent`.
        memory: What earlier runs left behind.

    Returns:
        The plan. Records of one parent stand together, so that batches don't lock one another
        out; otherwise they are in the order of their ids.
    """
    counts: Counter[State] = Counter()
    records: list[RecordPlan] = []
    left_alone: list[LeftAlone] = []
    for row in sorted(wanted, key=lambda row: str(row["record_id"])):
        state, record, alone = plan_record(terms, row, current.get(str(row["record_id"])), memory)
        counts[state] += 1
        left_alone.extend(alone)
        if record is not None:
            records.append(record)
    return Plan(
        terms.sync.name,
        tuple(sorted(records, key=lambda record: (record.parent or "", record.record_id))),
        len(wanted),
        counts["unchanged"],
        counts["kept_human"],
        counts["no_match"],
        counts["rejected"],
        tuple(left_alone),
    )


def plan_record(
    terms: Terms, row: Row, held: Row | None, memory: Memory
) -> tuple[State, RecordPlan | None, tuple[LeftAlone, ...]]:
    """Return what becomes of one row: its state, what to write, and what is left alone."""
    record_id, person_id = str(row["record_id"]), str(row["person_id"])
    is_new = held is None and terms.sync.mode != "update"
    absent = _why_absent(terms.sync, held)
    if absent:
        return "no_match", None, (LeftAlone(record_id, person_id, "no_match", absent),)
    if held is not None and terms.sync.mode == "create":
        return "unchanged", None, ()
    kept: tuple[LeftAlone, ...] = ()
    if held is None:
        changes = _first_values(terms.sync, row)
    else:
        changes, kept = _merge(terms, row, held, memory)
    if not changes:
        return ("kept_human" if kept else "unchanged"), None, kept
    refused = _why_held_back(terms, record_id, changes, memory)
    if refused is not None:
        where, code = refused
        alone = LeftAlone(record_id, person_id, "rejected", code, where)
        return "rejected", None, (*kept, alone)
    parent = _text((held or row).get("parent"))
    return "planned", RecordPlan(record_id, person_id, changes, parent, is_new), kept


def _merge(
    terms: Terms, row: Row, held: Row, memory: Memory
) -> tuple[tuple[FieldChange, ...], tuple[LeftAlone, ...]]:
    record_id, person_id = str(row["record_id"]), str(row["person_id"])
    verdicts: dict[str, Verdict] = {}
    changes: dict[str, FieldChange] = {}
    kept: list[LeftAlone] = []
    for column in _in_turn(terms.sync, has_left=bool(row.get(HAS_LEFT))):
        sides = _sides(column, row, held, (record_id, column.field), memory)
        verdict = decide(column, sides, terms.as_of, terms.order_of(column))
        if verdict == "write" and column.with_column and verdicts[column.with_column] != "write":
            verdict = "unchanged" if sides.now is not None else "write"
        verdicts[column.column] = verdict
        if verdict == "write":
            changes[column.column] = _change(column, sides)
        if verdict == "kept_human":
            why = f"a person's value stands ({column.policy})"
            here = (column.field, sides.now, sides.wanted)
            kept.append(LeftAlone(record_id, person_id, "kept_human", why, *here))
    in_order = tuple(changes[f.column] for f in terms.sync.fields if f.column in changes)
    return in_order, tuple(kept)


def _in_turn(sync: Sync, *, has_left: bool) -> Sequence[SyncField]:
    """Return the columns to compare, those that follow another one after it.

    In a record that has left the model only our own values are taken away.
    """
    fields = [column for column in sync.fields if not column.once]
    if has_left:
        return [
            column.model_copy(update={"policy": "clear", "with_column": None}) for column in fields
        ]
    return sorted(fields, key=lambda column: column.with_column is not None)


def _why_absent(sync: Sync, held: Row | None) -> str:
    """Return why there is nothing to write to, empty where there is or will be."""
    if held is None:
        return "not there" if sync.mode == "update" else ""
    return "was deleted in the CRM" if held.get("is_deleted") else ""


def _first_values(sync: Sync, row: Row) -> tuple[FieldChange, ...]:
    """Return what a new record gets: every value there is."""
    wanted = ((column, _wanted(column, row)) for column in sync.fields)
    return tuple(
        FieldChange(column.column, column.field, None, value, column.policy, "new record")
        for column, value in wanted
        if value is not None
    )


def _wanted(column: SyncField, row: Row) -> Value:
    """Return what a field should hold, in the CRM's words."""
    value = normalise(row[column.column], column.type)
    return column.values.get(str(value)) if column.values else value


def _sides(column: SyncField, row: Row, held: Row, key: Key, memory: Memory) -> Sides:
    now, wanted = normalise(held[column.column], column.type), _wanted(column, row)
    edit = memory.edits.get(key)
    since = edit.since if edit is not None and edit.value == now else None
    return Sides(memory.ledger.get(key), now, wanted, since)


def _why_held_back(
    terms: Terms, record_id: str, changes: Sequence[FieldChange], memory: Memory
) -> tuple[str, str] | None:
    """Return the field, where one is known, and the code for which nothing is sent."""
    fault = find_fault(changes, terms.targets)
    if fault is not None:
        return fault
    refusal = memory.refusals.get(record_id)
    if refusal is not None and is_held_back(refusal, changes, terms.as_of):
        return "", refusal.code
    return None


def _change(column: SyncField, sides: Sides) -> FieldChange:
    new = None if column.policy == "clear" else sides.wanted
    reason = _reason(column, sides, new)
    return FieldChange(column.column, column.field, sides.now, new, column.policy, reason)


def _reason(column: SyncField, sides: Sides, new: Value) -> str:
    if sides.now is None:
        return "first value" if sides.last is None else "was emptied in the CRM"
    if sides.last is not None and sides.now != sides.last:
        if column.policy == "human_wins_for":
            return f"was changed in the CRM more than {column.days} days ago"
        return "was changed in the CRM; the field is ours"
    return "no longer known" if new is None else "changed"


def _text(value: object) -> str | None:
    return None if value is None else str(value)
