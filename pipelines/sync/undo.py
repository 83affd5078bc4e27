"""Taking back what a plan wrote, where the CRM still holds it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors.records import Value
from pipelines.sync.changes import FieldChange, LeftAlone, RecordPlan
from pipelines.sync.config import Sync
from pipelines.sync.plan import Plan


@dataclass(frozen=True)
class Written:
    """A field that a plan wrote."""

    record_id: str
    person_id: str
    parent: str | None
    change: FieldChange
    value: Value
    """What the CRM held afterwards."""
    is_new: bool = False
    """Whether the plan created the record with it."""


def plan_undo(
    sync: Sync,
    plan_id: int,
    written: Sequence[Written],
    now: Mapping[str, Mapping[str, Value]],
) -> Plan:
    """Return the plan that gives each field back the value that it had before.

    Args:
        sync: What the plan was of.
        plan_id: The plan that is taken back.
        written: What it wrote, in its order.
        now: What the records hold now, by field name, normalised; those that are gone are missing.

    Returns:
        The plan. A value that is no longer the one we wrote is somebody else's, and stays.
    """
    records: list[RecordPlan] = []
    left_alone: list[LeftAlone] = []
    no_match = kept = 0
    for record_id, fields in _by_record(written).items():
        held, first = now.get(record_id), fields[0]
        if held is None:
            no_match += 1
            left_alone.append(LeftAlone(record_id, first.person_id, "no_match", "not there"))
            continue
        if first.is_new:
            kept += 1
            left_alone.append(LeftAlone(record_id, first.person_id, "kept_human", _MADE))
            continue
        ours = [field for field in fields if held[field.change.field] == field.value]
        left_alone += [_stands(field, held) for field in fields if field not in ours]
        if not ours:
            kept += 1
            continue
        changes = tuple(_back(field, plan_id) for field in ours)
        records.append(RecordPlan(record_id, first.person_id, changes, first.parent))
    source = len(records) + no_match + kept
    return Plan(sync.name, tuple(records), source, 0, kept, no_match, 0, tuple(left_alone))


_MADE = "the plan created it: delete it in the CRM"


def _by_record(written: Sequence[Written]) -> Mapping[str, list[Written]]:
    found: dict[str, list[Written]] = {}
    for field in written:
        found.setdefault(field.record_id, []).append(field)
    return found


def _back(field: Written, plan_id: int) -> FieldChange:
    change = field.change
    reason = f"undo of plan {plan_id}"
    return FieldChange(change.column, change.field, field.value, change.old, change.policy, reason)


def _stands(field: Written, held: Mapping[str, Value]) -> LeftAlone:
    name = field.change.field
    why = "changed since we wrote it"
    here = (name, held[name], field.change.old)
    return LeftAlone(field.record_id, field.person_id, "kept_human", why, *here)
