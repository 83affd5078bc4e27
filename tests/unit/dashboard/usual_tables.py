"""Rows of small tables of realistic shape: nine stages, three detours, twelve months."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from dashboard.rows import (
    Opportunity,
    PersonScore,
    StageStock,
    Standing,
    SyncPlan,
    UnmappedValue,
    VelocityMonth,
)
from dashboard.velocity import months_until

AS_OF = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

STAGES = [
    ("awareness", "Awareness", "attract", 0, 1237, 12.0),
    ("friend", "Friend", "attract", 412, 60, 21.0),
    ("name", "Name", "attract", 1830, 310, 34.0),
    ("engaged", "Engaged", "engage", 640, 190, 18.0),
    ("target", "Target", "engage", 221, 84, 11.0),
    ("lead", "Lead", "engage", 137, 71, 6.0),
    ("sales_lead", "Sales Lead", "close", 84, 52, 14.0),
    ("opportunity", "Opportunity", "close", 46, 31, 48.0),
    ("customer", "Customer", "close", 178, 66, 0.0),
]
"""Key, label, phase, people and accounts now, usual days until the next stage."""
DETOURS = [
    ("recycled", "Recycled", 95, 12),
    ("lost", "Lost", 0, 0),
    ("disqualified", "Disqualified", 310, 3),
]
"""Key, label, people and accounts now."""
ENDS_CYCLE = ("recycled", "lost")
LEGACY_STATUS = UnmappedValue(
    "salesforce", "lead", "Status", "Open - Not Contacted", 1400, datetime(2026, 11, 3, tzinfo=UTC)
)


@dataclass(frozen=True)
class Stint:
    """A stay of a person in a stage, of which the page reads only how many are alike."""

    person_id: str
    stage_key: str
    stage_label: str
    stage_rank: int
    path_type: str
    pass_number: int


@dataclass(frozen=True)
class SetAside:
    """A record that the models leave out."""

    source_system: str
    object_name: str
    record_id: str
    reason: str
    detail: str


def stock(
    key: str,
    rank: int,
    people: int,
    phase: str = "attract",
    accounts: int = 0,
    *,
    is_of_accounts: bool = False,
) -> StageStock:
    """One row of stage_stocks, labelled by its key; the phase `detour` lies beside the path."""
    label, path_type = key.replace("_", " ").title(), "detour" if phase == "detour" else "success"
    return _stock(key, label, rank, phase, path_type, people, accounts, is_of_accounts)


def _stock(key: str, *others: Any) -> StageStock:
    *shown, is_of_accounts = others
    return StageStock(key, *shown, ends_cycle=key in ENDS_CYCLE, is_of_accounts=is_of_accounts)


def month(
    period: date, ranks: tuple[int, int], n: int, days: float | None = 10.0, n_open: int = 0
) -> VelocityMonth:
    """One row of velocity_monthly between two of the nine stages (ranks from 1)."""
    (from_key, from_label, *_), (to_key, to_label, *_) = (STAGES[rank - 1] for rank in ranks)
    median = None if days is None else days / 2
    return VelocityMonth(
        period, from_key, from_label, ranks[0], to_key, to_label, ranks[1], n, days, median, n_open
    )


def plan(
    plan_id: int,
    crm: str,
    object_name: str,
    status: str = "applied",
    outcome: tuple[int | None, int | None, int | None] = (None, None, None),
) -> SyncPlan:
    """One row of plans: 122 of 4,000 records to write; outcome is written, rejected, deferred."""
    counts = (4000, 122, 3868, 5, 3, 2)
    return SyncPlan(plan_id, crm, object_name, AS_OF.isoformat(), status, *counts, *outcome)


def usual_stocks() -> list[StageStock]:
    """People in each of the nine stages and three detours."""
    path = [
        _stock(key, label, rank, phase, "success", people, accounts, rank == 1)
        for rank, (key, label, phase, people, accounts, _) in enumerate(STAGES, start=1)
    ]
    beside = [
        _stock(key, label, rank, "Detour", "detour", people, accounts, False)
        for rank, (key, label, people, accounts) in enumerate(DETOURS, start=len(STAGES) + 1)
    ]
    return path + beside


def usual_velocity() -> list[VelocityMonth]:
    """Twelve months of moves to the next stage, a skip, and a seldom step back."""
    dice = random.Random(7)
    rows = []
    for at, period in enumerate(months_until(AS_OF.date(), 12)):
        for rank in range(2, 9):
            days = STAGES[rank - 1][5] * dice.uniform(0.8, 1.25) * (1 + at / 40)
            n = dice.randint(1, 12) + 60 // rank
            rows.append(month(period, (rank, rank + 1), n, round(days, 2), STAGES[rank - 1][3]))
        rows.append(month(period, (3, 6), dice.randint(2, 9), 9.5 + at, 1830))
    return [*rows, month(date(2026, 6, 1), (6, 4), 2, 30.0, 137)]


def usual_stints() -> list[Stint]:
    """Sixty people in every stage but Awareness; the later the stage, the more come back."""
    return [
        Stint(f"p_{at:04d}", place.stage_key, place.stage_label, rank, place.path_type, number)
        for rank, place in enumerate(usual_stocks()[1:], start=2)
        for at in range(60)
        for number in range(1, 2 + (at % (14 - rank) == 0) + (at % 20 == 0))
    ]


def opportunity(
    state: str,
    stage_label: str,
    amount: str | None = "1000.00",
    closed_days_ago: int | None = None,
    people: int = 1,
) -> Opportunity:
    """One row of opportunities."""
    closed_at = None if closed_days_ago is None else AS_OF - timedelta(days=closed_days_ago)
    return Opportunity(stage_label, state, Decimal(amount) if amount else None, closed_at, people)


def usual_opportunities() -> list[Opportunity]:
    """Some in each stage, one without an amount, and one won long ago."""
    open_ones = [
        opportunity("open", label, f"{18_500 * at}.50", people=at % 4)
        for at, label in enumerate(["Prospecting", "Qualification", "Proposal"] * 9, start=1)
    ]
    won = [opportunity("won", "Closed Won", "42500.00", days, 2) for days in range(5, 300, 30)]
    lost = [opportunity("lost", "Closed Lost", "9800.00", days) for days in range(2, 300, 40)]
    return [
        *(*open_ones, *won, *lost),
        opportunity("open", "Negotiation", None),
        opportunity("won", "Closed Won", "1.00", 700),
    ]


def usual_set_aside() -> list[SetAside]:
    """Three reasons in both CRMs."""
    kinds = [
        ("salesforce", "campaign_member", "member_without_person", 1203),
        ("hubspot", "form_submission", "submission_without_contact", 17),
        ("salesforce", "event", "impossible_date", 4),
    ]
    return [
        SetAside(crm, object_name, f"{at:06d}", reason, "")
        for crm, object_name, reason, count in kinds
        for at in range(count)
    ]


def usual_people(count: int = 60) -> tuple[list[PersonScore], list[Standing]]:
    """Scores falling from person to person, and where each of them stands."""
    scores, standings = [], []
    for at in range(count):
        fit, behaviour = Decimal(40 - at % 7), Decimal(60 - at)
        person_id = f"p_{at:04d}"
        scores.append(PersonScore(person_id, fit + behaviour, fit, behaviour, Decimal(0)))
        standings.append(Standing(person_id, STAGES[8 - at % 8][1], float(at % 30)))
    return scores, standings


def usual_tables() -> dict[str, Sequence[Any]]:
    """Every table the page reads."""
    scores, standings = usual_people()
    synced = [
        plan(1, "salesforce", "leads", outcome=(120, 2, 0)),
        plan(2, "hubspot", "contacts", status="waiting"),
    ]
    return {
        "marts.stage_stocks": usual_stocks(),
        "marts.stage_stints": usual_stints(),
        "marts.velocity_monthly": usual_velocity(),
        "marts.opportunities": usual_opportunities(),
        "marts.person_scores": scores,
        "marts.person_lifecycles": standings,
        "marts.set_aside": usual_set_aside(),
        "marts.unmapped_values": [LEGACY_STATUS],
        "state.plans": synced,
    }
