"""The people of the sandbox company, drawn from a seed."""

import random
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from connectors.sandbox.journeys import (
    StageKey,
    Step,
    Touch,
    draw_steps,
    draw_touches,
    office_hours,
)

Systems = Literal["salesforce", "hubspot", "both"]
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Person:
    """One human, before any CRM writes them down. Times are UTC."""

    number: int
    first_name: str
    last_name: str
    email: str
    company: str
    title: str
    phone: str
    country: str
    industry: str
    employees: int
    channel: str
    owner: int
    """Which seller has them: 1 to 6; user 0 runs sales operations."""
    systems: Systems
    linked: bool
    """Whether the HubSpot contact of a person in both knows the Lead's id."""
    steps: tuple[Step, ...]
    touches: tuple[Touch, ...]
    luck: float
    """A draw between 0 and 1 that decides the odd cases: no address, deleted, converted."""


@cache
def company() -> dict[str, Any]:
    """Return the words people are drawn from."""
    path = Path(__file__).parent / "company.yaml"
    listed: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return listed


def draw_people(count: int, seed: int, now: datetime) -> list[Person]:
    """Return people in the order they appeared over the year before `now`.

    The same seed gives the same people, whatever else the process does.
    """
    people = [_draw_person(random.Random(f"{seed}:{n}"), n, count, now) for n in range(count)]  # noqa: S311 - invented people
    return sorted(people, key=lambda person: (person.steps[0].at, person.number))


def _draw_person(rng: random.Random, number: int, count: int, now: datetime) -> Person:
    words = company()
    first, first_ascii, last, last_ascii = _draw_name(rng)
    firm = _company_name(rng.randrange(max(8, count // 6)))
    systems = _draw_systems(rng)
    steps = tuple(_draw_path(rng, systems, now))
    touches = draw_touches(
        rng, list(steps), now, fills_forms=systems != "salesforce", has_owner=systems != "hubspot"
    )
    channels: dict[str, list[Any]] = words["channels"]
    return Person(
        number=number,
        first_name=first,
        last_name=last,
        email=f"{first_ascii}.{last_ascii}.{number}@{_slug(firm)}.example",
        company=firm,
        title=rng.choice(words["titles"]),
        phone=f"+1 555 01{rng.randrange(100):02d} {rng.randrange(1000):03d}",
        country=rng.choice(words["countries"]),
        industry=rng.choice(words["industries"]),
        employees=rng.choice(words["employees"]),
        channel=rng.choices(list(channels), [entry[0] for entry in channels.values()])[0],
        owner=rng.randrange(1, len(words["users"])),
        systems=systems,
        linked=rng.random() < 0.7,
        steps=steps,
        touches=tuple(touches),
        luck=rng.random(),
    )


def _draw_systems(rng: random.Random) -> Systems:
    draw = rng.random()
    return "salesforce" if draw < 0.45 else "hubspot" if draw < 0.85 else "both"


def _draw_path(rng: random.Random, systems: Systems, now: datetime) -> list[Step]:
    # The company grows: more people appeared lately than a year ago.
    start = office_hours(rng, now - YEAR * (1 - rng.random() ** 0.8))
    first: StageKey = "friend" if systems != "salesforce" and rng.random() < 0.15 else "name"
    return draw_steps(rng, first, min(start, now - timedelta(hours=2)), now)


def _draw_name(rng: random.Random) -> tuple[str, str, str, str]:
    groups = company()["name_groups"]
    group = groups[1] if rng.random() < 0.15 else groups[0]
    return (*_spellings(rng.choice(group["given"])), *_spellings(rng.choice(group["family"])))


def _spellings(entry: str | Sequence[str]) -> tuple[str, str]:
    if not isinstance(entry, str):
        return entry[0], entry[1]
    return entry, _slug(entry)


def _company_name(number: int) -> str:
    first, second = company()["company_first"], company()["company_second"]
    return f"{first[number % len(first)]} {second[(number * 7 + number // 26) % len(second)]}"


def _slug(text: str) -> str:
    plain = text.replace("ø", "o").replace("Ø", "O").replace("ı", "i")
    decomposed = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", decomposed.lower())
