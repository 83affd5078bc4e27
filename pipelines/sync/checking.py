"""Values that a CRM would refuse, found before they are sent. Pure.

What the CRM's own description says costs no call; what only its rules know, it refuses itself.
"""

from collections.abc import Mapping, Sequence

from connectors.changes import TargetField
from connectors.records import Value
from pipelines.sync.changes import FieldChange
from pipelines.sync.config import Sync

Targets = Mapping[str, TargetField]


def find_fault(changes: Sequence[FieldChange], targets: Targets) -> tuple[str, str] | None:
    """Return the field and the code of the first value that its field does not take."""
    for change in changes:
        target = targets.get(change.field)
        code = _fault_of(target, change.new) if target else None
        if code:
            return change.field, code
    return None


def find_drift(sync: Sync, targets: Targets) -> tuple[str, ...]:
    """Return what has changed in the CRM's description since the mapping was made, in words.

    Nothing where the CRM was not asked for its fields.
    """
    if not targets:
        return ()
    found = []
    for field in sync.fields:
        target = targets.get(field.field)
        if target is None:
            found.append(f"{field.field} is gone, or hidden from our user")
        elif not target.is_writable:
            found.append(f"{field.field} can't be written")
        elif not _fits(field.type, target):
            found.append(f"{field.field} is of type {target.type}, not {field.type}")
    return tuple(found)


def _fault_of(target: TargetField, value: Value) -> str | None:
    if value is None:
        return "REQUIRED_FIELD_MISSING" if target.is_required else None
    chosen = value if isinstance(value, list) else [str(value)]
    if target.options is not None and not set(chosen) <= set(target.options):
        return "NOT_AN_OPTION"
    if target.length is not None and isinstance(value, str) and len(value) > target.length:
        return "STRING_TOO_LONG"
    return None


def _fits(kind: str, target: TargetField) -> bool:
    return kind == target.type or {kind, target.type} <= _NUMBERS


_NUMBERS = frozenset({"integer", "decimal"})
