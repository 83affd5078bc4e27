"""When things happen: office hours, and the campaigns that run in them."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from connectors.sandbox.company.words import words

HISTORY = timedelta(days=548)
"""How long the company has had its CRMs when it is seeded: 18 months."""
FUTURE = timedelta(days=120)
"""How far people's paths are drawn beyond the seeding."""
OPENS, CLOSES = 8, 18
"""Office hours, UTC."""
CAMPAIGN_EVERY = timedelta(days=28)
RUNS_FOR = timedelta(days=20)


def office_moment(rng: random.Random, at: datetime) -> datetime:
    """Return a whole second of a working day, 8:00 to 18:00 UTC, at or after a moment."""
    day = at
    if (at.hour, at.minute) >= (CLOSES - 1, 59):
        day += timedelta(days=1)
    day += timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))
    if day.date() == at.date() and at.hour >= OPENS:
        return at.replace(microsecond=0) + timedelta(seconds=rng.randrange(1, 60))
    return day.replace(
        hour=rng.randrange(OPENS, CLOSES), minute=rng.randrange(60), second=rng.randrange(60)
    ).replace(microsecond=0)


@dataclass(frozen=True)
class Campaign:
    """Something marketing runs for some weeks."""

    number: int
    name: str
    type: str
    starts: date
    ends: date
    budget: int
    cost: int


@cache
def campaigns(start: datetime) -> tuple[Campaign, ...]:
    """Return the campaigns of the years around a seeding, in order."""
    first = (start - HISTORY).date() - CAMPAIGN_EVERY
    count = (HISTORY + FUTURE) // CAMPAIGN_EVERY + 1
    return tuple(_campaign(number, first + CAMPAIGN_EVERY * number) for number in range(count))


def _campaign(number: int, starts: date) -> Campaign:
    kinds = words()["campaigns"]
    name, kind, budget = kinds[number % len(kinds)]
    return Campaign(
        number=number,
        name=f"{name} {starts:%B %Y}",
        type=kind,
        starts=starts,
        ends=starts + RUNS_FOR,
        budget=budget,
        cost=round(budget * (0.8 + number * 7 % 10 / 25)),
    )


def campaign_at(start: datetime, at: datetime, types: frozenset[str]) -> int:
    """Return the number of the last campaign of some types that had begun by a moment."""
    return max(c.number for c in campaigns(start) if c.type in types and c.starts <= at.date())
