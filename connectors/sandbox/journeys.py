"""How people of the sandbox company move: the truth that both CRMs are then written from."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log
from typing import Literal

StageKey = Literal[
    "friend",
    "name",
    "engaged",
    "lead",
    "sales_lead",
    "opportunity",
    "customer",
    "recycled",
    "disqualified",
]
TouchKind = Literal["form", "call", "email", "meeting"]


@dataclass(frozen=True)
class Step:
    """A stage and when the person entered it (UTC)."""

    stage: StageKey
    at: datetime


@dataclass(frozen=True)
class Touch:
    """Something that happened with the person: a form they sent, or a task of their owner."""

    kind: TouchKind
    what: str
    at: datetime


_NEXT: dict[StageKey, tuple[tuple[StageKey, float], ...]] = {
    "friend": (("name", 0.5),),
    "name": (("engaged", 0.55),),
    "engaged": (("lead", 0.62),),
    "lead": (("sales_lead", 0.66), ("disqualified", 0.12)),
    "sales_lead": (("opportunity", 0.42), ("recycled", 0.3), ("disqualified", 0.14)),
    "recycled": (("lead", 0.6),),
    "opportunity": (("customer", 0.45),),
}
"""Where a person goes next, with what chance; what is left over to 1 stays for good."""

_DWELL: dict[StageKey, tuple[float, float]] = {
    "friend": (20.0, 0.8),
    "name": (12.0, 0.9),
    "engaged": (15.0, 0.8),
    "lead": (6.0, 0.7),
    "sales_lead": (14.0, 0.7),
    "recycled": (35.0, 0.5),
    "opportunity": (30.0, 0.6),
}
"""Median days in a stage, and the spread of their logarithm."""


def draw_steps(rng: random.Random, first: StageKey, start: datetime, end: datetime) -> list[Step]:
    """Return a person's path from `start`; what would happen after `end` has not happened yet."""
    steps = [Step(first, start)]
    while True:
        stage = _draw_next(rng, steps[-1].stage)
        if stage is None:
            return steps
        median, spread = _DWELL[steps[-1].stage]
        wait = timedelta(days=rng.lognormvariate(log(median), spread))
        at = max(office_hours(rng, steps[-1].at + wait), steps[-1].at + timedelta(minutes=11))
        if at >= end:
            return steps
        steps.append(Step(stage, at))


def _draw_next(rng: random.Random, stage: StageKey) -> StageKey | None:
    draw = rng.random()
    for following, chance in _NEXT.get(stage, ()):
        if draw < chance:
            return following
        draw -= chance
    return None


def office_hours(rng: random.Random, at: datetime) -> datetime:
    """Move a moment to a working day between 8:00 and 18:00 UTC."""
    days = {5: 2, 6: 1}.get(at.weekday(), 0)
    moved = at + timedelta(days=days)
    hour = moved.hour if 8 <= moved.hour < 18 else rng.randrange(8, 18)
    return moved.replace(hour=hour, microsecond=rng.randrange(1000) * 1000)


def draw_touches(
    rng: random.Random, steps: list[Step], end: datetime, fills_forms: bool, has_owner: bool
) -> list[Touch]:
    """Return what happened around the steps, oldest first."""
    touches: list[Touch] = []
    for step in steps:
        if fills_forms:
            touches += _forms_before(rng, step)
        if has_owner:
            touches += _tasks_after(rng, step)
    start = steps[0].at
    return sorted((t for t in touches if start <= t.at < end), key=lambda touch: touch.at)


def _forms_before(rng: random.Random, step: Step) -> Iterator[Touch]:
    shortly = step.at - timedelta(minutes=rng.randrange(2, 10), seconds=rng.randrange(60))
    match step.stage:
        case "friend":
            yield Touch("form", "newsletter", step.at)
        case "name" if rng.random() < 0.3:
            yield Touch("form", rng.choice(("whitepaper", "webinar")), step.at)
        case "engaged":
            yield Touch("form", rng.choice(("whitepaper", "webinar", "contact-us")), shortly)
        case "lead" if rng.random() < 0.7:
            yield Touch("form", rng.choice(("demo-request", "contact-us")), shortly)
        case _:
            pass


def _tasks_after(rng: random.Random, step: Step) -> Iterator[Touch]:
    if step.stage not in ("lead", "sales_lead", "opportunity"):
        return
    at = step.at
    for _ in range(rng.randrange(1, 4)):
        at = office_hours(rng, at + timedelta(hours=rng.expovariate(1 / 30)))
        if at <= step.at:
            continue
        kind: TouchKind = rng.choice(("call", "call", "email", "email", "meeting"))
        yield Touch(kind, rng.choice(_SUBJECTS[kind]), at)


_SUBJECTS: dict[TouchKind, tuple[str, ...]] = {
    "call": ("Call: first conversation", "Call: left a message", "Call: questions on price"),
    "email": ("Email: introduction", "Email: follow-up", "Email: answers to questions"),
    "meeting": ("Meeting: product demo", "Meeting: requirements"),
}
