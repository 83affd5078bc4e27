"""Rows of the published tables this screen reads: each field is a column."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True)
class StageStock:
    """`marts.stage_stocks`: how many people and accounts stand in a configured stage now."""

    stage_key: str
    stage_label: str
    stage_rank: int
    phase: str
    path_type: str
    people: int
    accounts: int
    ends_cycle: bool
    """Whether leaving it begins a person's next cycle."""
    is_of_accounts: bool
    """Whether only accounts can stand in it."""


@dataclass(frozen=True)
class StagePeople:
    """`marts.stage_stocks`, people alone: for a part of the page that counts no accounts."""

    stage_key: str
    people: int


@dataclass(frozen=True)
class StageCycle:
    """`marts.stage_stocks`, the stages alone: for a part of the page that counts nobody in them."""

    stage_key: str
    ends_cycle: bool


@dataclass(frozen=True)
class PassCount:
    """`marts.stage_stints`, counted: stays that were people's nth in a stage."""

    stage_key: str
    stage_label: str
    stage_rank: int
    path_type: str
    pass_number: int
    n: int


@dataclass(frozen=True)
class VelocityMonth:
    """`marts.velocity_monthly`: completed moves of one transition in the month they ended in."""

    period_month: date
    from_stage_key: str
    from_stage_label: str
    from_stage_rank: int
    to_stage_key: str
    to_stage_label: str
    to_stage_rank: int
    n: int
    mean_days: float | None
    median_days: float | None
    n_open: int
    """Stays still open in the from stage at the end of the month, or at as_of."""


@dataclass(frozen=True)
class Opportunity:
    """`marts.opportunities`: one opportunity of either CRM; state is open, won or lost."""

    stage_label: str | None
    state: str
    amount: Decimal | None
    closed_at: datetime | None
    """When it was last won or lost; None while it is open."""
    people: int


@dataclass(frozen=True)
class PersonScore:
    """`marts.person_scores`, without the reasons: those can tell who somebody is."""

    person_id: str
    score: Decimal
    fit: Decimal
    behaviour: Decimal
    adjustment: Decimal


@dataclass(frozen=True)
class Standing:
    """`marts.person_lifecycles`: where one person stands."""

    person_id: str
    stage_label: str
    days_in_stage: float


@dataclass(frozen=True)
class SetAsideCount:
    """`marts.set_aside`, counted: records that the models leave out for the same reason."""

    source_system: str
    object_name: str
    reason: str
    n: int


@dataclass(frozen=True)
class UnmappedValue:
    """`marts.unmapped_values`: a stage value that no rule maps."""

    source_system: str
    object_name: str
    field_name: str
    field_value: str
    record_count: int
    last_seen_at: datetime


@dataclass(frozen=True)
class SyncPlan:
    """`state.plans`: one plan of a sync and, once it is applied, what became of its records.

    source = unchanged + kept_human + no_match + held_back + planned, and planned = written +
    rejected + deferred; the last three are None until the plan is applied.
    """

    plan_id: int
    crm: str
    object_name: str
    as_of: str
    status: str
    source: int
    planned: int
    unchanged: int
    kept_human: int
    no_match: int
    held_back: int
    written: int | None
    rejected: int | None
    deferred: int | None


@dataclass(frozen=True)
class SyncRun:
    """`state.plans`: a plan as people decide about it."""

    plan_id: int
    sync: str
    kind: str
    as_of: str
    status: str
    findings: str
    digest: str
    planned: int
    written: int | None
    rejected: int | None
    deferred: int | None


@dataclass(frozen=True)
class NotWritten:
    """`state.left_alone`, counted: fields or records that are not as wanted, and why."""

    sync: str
    state: str
    reason: str
    field_name: str
    n: int


@dataclass(frozen=True)
class NotWrittenOfOwner:
    """`state.left_alone`, counted by whose the records are."""

    sync: str
    owner_id: str | None
    state: str
    n: int


@dataclass(frozen=True)
class Pause:
    """`state.pauses`: a sync that writes nothing until it is resumed."""

    sync: str
    paused_by: str
    why: str
    paused_at: str
