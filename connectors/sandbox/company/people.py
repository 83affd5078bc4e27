"""The people of the sandbox company, drawn from a seed. Nothing here knows a CRM's fields."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal

from connectors.sandbox.company.calendar import FUTURE, HISTORY, office_moment
from connectors.sandbox.company.firms import Firm, draw_firm
from connectors.sandbox.company.identities import Identity, Link, draw_identity
from connectors.sandbox.company.journeys import StageKey, Step, System, Traveller, draw_path
from connectors.sandbox.company.staff import LEFT_BEFORE_START, sellers
from connectors.sandbox.company.words import channel_chances, generator

Arrival = Literal["one", "together", "at_lead", "salesforce_first"]
"""How somebody comes into the CRMs: into one; into both within minutes, HubSpot first or Salesforce
first; or into HubSpot, and into Salesforce when they become a lead."""
GROWTH = 1.25
"""People drawn for every person known at the seeding: the others appear later."""


@dataclass(frozen=True)
class Person:
    """One human, before any CRM writes them down. Times are UTC."""

    number: int
    seed: int
    start: datetime
    """When the company was seeded: its history ends here, its future begins."""
    identity: Identity
    email_since: datetime | None
    """When their address became known: None for never."""
    firm: Firm
    channel: str
    seller: int
    """The number of the colleague who has them."""
    starts_as_contact: bool
    """Whether Salesforce has them as a Contact from the start, never as a Lead."""
    since: Mapping[System, datetime]
    """When each CRM came to know them, for those that do."""
    link: Link | None
    steps: tuple[Step, ...]
    luck: float
    """A draw between 0 and 1 that decides what odd thing happens to their records, if any."""

    def generator(self, purpose: str) -> random.Random:
        """Return the same draws at every call for the same purpose."""
        return generator(self.seed, self.number, purpose)

    @cached_property
    def is_known_to_both(self) -> bool:
        """Whether both CRMs know them, now or later."""
        return len(self.since) == 2

    @property
    def is_channel_only(self) -> bool:
        """Whether they came without an address, as people do who scan a code."""
        return self.email_since != self.steps[0].at

    def stage_at(self, moment: datetime) -> StageKey | None:
        """Return where the person stands, or None before they appear."""
        reached = [step.stage for step in self.steps if step.at <= moment]
        return reached[-1] if reached else None


def people_in_all(count: int) -> int:
    """Return how many are drawn for so many known at the seeding: the rest appear later."""
    return round(count * GROWTH)


def firms_in_all(count: int) -> int:
    """Return how many firms so many people work for."""
    return max(8, count // 6)


def draw_person(seed: int, number: int, count: int, start: datetime) -> Person:
    """Return person `number` of a company that knows `count` people at `start`.

    Numbers from `count` on appear after the start. The same arguments give the same person.
    """
    rng = generator(seed, number, "person")
    firm = draw_firm(seed, rng.randrange(firms_in_all(count)))
    channel = rng.choices(*channel_chances())[0]
    channel_only = rng.random() < 0.05
    systems, arrival = _draw_arrival(rng, channel, channel_only)
    appears = _draw_appearance(rng, start, later=number >= count)
    first = _first_step(rng, appears, systems, arrival, channel_only)
    traveller = Traveller(channel, firm.is_fit, not channel_only, systems, arrival == "at_lead")
    steps = draw_path(rng, traveller, first, start + FUTURE)
    link = _draw_link(rng, arrival, channel_only)
    return Person(
        number=number,
        seed=seed,
        start=start,
        identity=draw_identity(rng, number, firm, link, channel_only),
        email_since=_email_since(steps, channel_only),
        firm=firm,
        channel=channel,
        seller=rng.choice(sellers(firm.territory, appears < start - LEFT_BEFORE_START)),
        starts_as_contact=arrival == "one"
        and systems == {"salesforce"}
        and first.stage == "name"
        and channel in ("outbound", "referral")
        and rng.random() < 0.4,
        since=_draw_since(rng, systems, arrival, steps),
        link=link,
        steps=steps,
        luck=rng.random(),
    )


def _draw_arrival(
    rng: random.Random, channel: str, channel_only: bool
) -> tuple[frozenset[System], Arrival]:
    draw = rng.random()
    if draw < 0.44:
        return frozenset(("salesforce",)), "one"
    if draw < 0.82:
        return frozenset(("hubspot",)), "one"
    both: frozenset[System] = frozenset(("salesforce", "hubspot"))
    if channel_only:
        return both, "together"
    if channel == "outbound":
        return both, "salesforce_first"
    return both, rng.choices(("together", "at_lead", "salesforce_first"), (5, 3, 2))[0]


def _draw_appearance(rng: random.Random, start: datetime, later: bool) -> datetime:
    if later:
        return office_moment(rng, start + FUTURE * rng.random())
    # The company grows: more people appeared lately than a year ago.
    appeared = office_moment(rng, start - HISTORY * (1 - rng.random() ** 0.8))
    return min(appeared, start - timedelta(hours=1, seconds=rng.randrange(7_000)))


def _first_step(
    rng: random.Random,
    at: datetime,
    systems: frozenset[System],
    arrival: Arrival,
    channel_only: bool,
) -> Step:
    is_friend = channel_only or (arrival != "salesforce_first" and rng.random() < 0.15)
    stage: StageKey = "friend" if is_friend else "name"
    if systems == {"salesforce"} or arrival == "salesforce_first":
        return Step(stage, at, "salesforce")
    return Step(stage, at, "hubspot")


def _draw_since(
    rng: random.Random, systems: frozenset[System], arrival: Arrival, steps: tuple[Step, ...]
) -> dict[System, datetime]:
    appeared = steps[0].at
    # Less than the least time between two steps, so that nobody has moved on by then.
    synced = timedelta(seconds=rng.randrange(120, 600))
    match arrival:
        case "one":
            return dict.fromkeys(systems, appeared)
        case "together":
            return {"hubspot": appeared, "salesforce": appeared + synced}
        case "salesforce_first":
            return {"salesforce": appeared, "hubspot": appeared + synced}
        case "at_lead":
            lead = next((step for step in steps if step.stage == "lead"), None)
            known: dict[System, datetime] = {"hubspot": appeared}
            return known if lead is None else known | {"salesforce": lead.at + synced}


def _draw_link(rng: random.Random, arrival: Arrival, channel_only: bool) -> Link | None:
    if arrival == "one":
        return None
    if rng.random() < 0.65:
        return "id"
    if channel_only:
        return rng.choice(("mobile", "chat"))
    links: list[Link] = ["email", "email", "email", "additional_email"]
    if arrival == "together":
        links += ["mobile", "chat"]
    return rng.choice(links)


def _email_since(steps: tuple[Step, ...], channel_only: bool) -> datetime | None:
    if not channel_only:
        return steps[0].at
    return next((step.at for step in steps if step.stage == "name"), None)
