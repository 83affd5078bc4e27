"""How people move: the truth that both CRMs are then written from."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import log
from typing import Literal

from connectors.sandbox.company.calendar import CLOSES, office_moment
from connectors.sandbox.company.words import words

StageKey = Literal[
    "friend",
    "name",
    "engaged",
    "target",
    "lead",
    "sales_lead",
    "opportunity",
    "customer",
    "recycled",
    "lost",
    "disqualified",
]
System = Literal["salesforce", "hubspot"]
Deed = Literal["", "form", "response", "meeting", "call", "email"]
"""What somebody did that made them engaged; empty where a colleague decided."""


@dataclass(frozen=True)
class Step:
    """A stage, when the person entered it (UTC), and the system that saw it first."""

    stage: StageKey
    at: datetime
    system: System
    deed: Deed = ""
    by_hand: bool = False
    """Whether a colleague set it by mistake, or put such a mistake right."""


@dataclass(frozen=True)
class Traveller:
    """What decides on a path: who somebody is, and which CRMs can see them."""

    channel: str
    is_fit: bool
    has_email: bool
    """Whether their address is known from the start; who lacks one sends no form."""
    systems: frozenset[System]
    late_in_salesforce: bool
    """Whether Salesforce will only hear of them when they become a lead."""

    def home(self, stage: StageKey) -> System:
        """Return the system in which a stage is entered."""
        if len(self.systems) == 1:
            return next(iter(self.systems))
        return "hubspot" if stage in _MARKETING else "salesforce"


_MARKETING: frozenset[StageKey] = frozenset({"friend", "name", "target", "lead"})
NEAREST = timedelta(minutes=11)
"""The least time between two steps, so that what the two CRMs tell each other fits between."""

_NEXT: dict[StageKey, tuple[tuple[StageKey, float], ...]] = {
    "friend": (("name", 0.42), ("engaged", 0.26)),
    "name": (("engaged", 0.47),),
    "engaged": (("lead", 0.5),),
    "target": (("lead", 0.62),),
    "lead": (("sales_lead", 0.41), ("recycled", 0.27), ("disqualified", 0.14)),
    "sales_lead": (
        ("opportunity", 0.2),
        ("recycled", 0.36),
        ("disqualified", 0.14),
        ("engaged", 0.05),
    ),
    "recycled": (("engaged", 0.42), ("lead", 0.3)),
    "opportunity": (("customer", 0.48), ("lost", 0.42)),
    "lost": (("engaged", 0.45),),
}
"""Where a person goes next, with what chance; what is left over to 1 stays for good."""

_ONWARD: frozenset[StageKey] = frozenset({"engaged", "lead", "sales_lead", "opportunity"})
_STRAIGHT_TO_LEAD = {"referral": 0.1, "outbound": 0.06}
"""Channels that bring some who become Leads without having done anything."""

_DWELL: dict[StageKey, tuple[float, float]] = {
    "friend": (16.0, 0.9),
    "name": (14.0, 1.0),
    "engaged": (9.0, 0.9),
    "target": (6.0, 0.9),
    "lead": (3.0, 0.8),
    "sales_lead": (12.0, 0.7),
    "recycled": (32.0, 0.6),
    "opportunity": (28.0, 0.6),
    "lost": (45.0, 0.5),
}
"""Median days in a stage, and the spread of their logarithm."""

_SHORTEST = {"sales_lead": timedelta(days=1), "opportunity": timedelta(days=2)}
_SOLD_AT_ONCE = 0.08
"""How many of the opportunities that are won, are won on the day they were opened."""
_AT_ONCE = 0.03
"""How many of those engaged become Leads within the same second, where one CRM sees it all."""
_SET_BACK = 0.06
"""How many Leads are set back to New by hand, and put right after some minutes."""


def draw_path(
    rng: random.Random, traveller: Traveller, first: Step, end: datetime
) -> tuple[Step, ...]:
    """Return a person's steps from the first one until `end`, in order of time."""
    steps = [first]
    while (following := _draw_step(rng, traveller, steps[-1])).at < end:
        steps.append(following)
        if following.stage == "lead":
            traveller = replace(traveller, late_in_salesforce=False)
        if following.stage == "engaged" and traveller.is_fit:
            steps.append(Step("target", following.at, following.system))
        if following.stage == "lead" and traveller.systems == {"salesforce"}:
            steps += _draw_set_back(rng, following, end)
    return tuple(steps)


def _draw_set_back(rng: random.Random, lead: Step, end: datetime) -> list[Step]:
    """Return how somebody is taken for a name again, for minutes that are too long for a slip."""
    back = office_moment(rng, lead.at + timedelta(minutes=rng.randrange(15, 300)))
    right = back + timedelta(seconds=rng.randrange(360, 2400))
    if rng.random() >= _SET_BACK or right >= end or right.hour >= CLOSES:
        return []
    return [
        Step("name", back, lead.system, by_hand=True),
        Step("lead", right, lead.system, by_hand=True),
    ]


def _draw_step(rng: random.Random, traveller: Traveller, last: Step) -> Step:
    stage = _draw_next(rng, traveller, last.stage)
    if stage is None:
        return Step(last.stage, datetime.max.replace(tzinfo=last.at.tzinfo), last.system)
    at = _draw_moment(rng, traveller, last, stage)
    if stage != "engaged" or last.stage == "sales_lead":
        return Step(stage, at, traveller.home(stage))
    system = rng.choice(sorted(traveller.systems))
    if traveller.late_in_salesforce:
        system = "hubspot"
    return Step(stage, at, system, _draw_deed(rng, system, traveller.has_email))


def _draw_moment(rng: random.Random, traveller: Traveller, last: Step, stage: StageKey) -> datetime:
    median, spread = _DWELL[last.stage]
    wait = timedelta(days=rng.lognormvariate(log(median), spread))
    at = office_moment(rng, last.at + max(wait, _SHORTEST.get(last.stage, NEAREST)))
    if stage == "customer" and rng.random() < _SOLD_AT_ONCE:
        soon = office_moment(rng, last.at + timedelta(hours=rng.uniform(0.5, 4)))
        return soon if soon.date() == last.at.date() else at
    is_from_engaged = stage == "lead" and last.stage in ("engaged", "target")
    if is_from_engaged and len(traveller.systems) == 1 and rng.random() < _AT_ONCE:
        return last.at
    return at


def _draw_next(rng: random.Random, traveller: Traveller, stage: StageKey) -> StageKey | None:
    draw = rng.random()
    for following, chance in _chances(traveller, stage):
        if draw < chance:
            return following
        draw -= chance
    return None


def _chances(traveller: Traveller, stage: StageKey) -> Iterator[tuple[StageKey, float]]:
    pull: float = words()["channels"][traveller.channel]["pull"]
    if stage == "name" and traveller.has_email:
        yield "lead", _STRAIGHT_TO_LEAD.get(traveller.channel, 0.0)
    for following, chance in _NEXT.get(stage, ()):
        if (stage, following) == ("sales_lead", "engaged") and "hubspot" in traveller.systems:
            continue
        yield following, chance * (pull if following in _ONWARD else 1.0)


_DEEDS: dict[System, tuple[tuple[Deed, ...], tuple[int, ...]]] = {
    "salesforce": (("response", "meeting", "call"), (55, 25, 20)),
    "hubspot": (("form", "meeting", "email", "call"), (65, 12, 13, 10)),
}


def _draw_deed(rng: random.Random, system: System, has_email: bool) -> Deed:
    if not has_email:
        return rng.choice(("meeting", "call"))
    deeds, weights = _DEEDS[system]
    return rng.choices(deeds, weights)[0]
