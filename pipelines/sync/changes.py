"""What a plan is made of: changes to fields of records."""

from dataclasses import dataclass
from typing import Literal

from connectors.records import Value
from pipelines.sync.config import Policy

State = Literal["planned", "unchanged", "kept_human", "no_match", "rejected", "deferred"]
"""What becomes of one row of the sync model; `planned` is settled by applying the plan."""


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
    parent: str | None = None
    """The record that the CRM locks as well when this one is written."""
    is_new: bool = False
    """Whether the plan creates the record."""


@dataclass(frozen=True)
class LeftAlone:
    """A record, or a field of one, that a plan does not write, and why."""

    record_id: str
    person_id: str
    state: State
    reason: str
    field: str = ""
    """Empty where it is the whole record."""
    now: Value = None
    wanted: Value = None
