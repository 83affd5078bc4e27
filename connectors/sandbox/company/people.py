"""The people of the sandbox company, drawn from a seed. Nothing here knows a CRM's fields."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from connectors.sandbox.company.arrivals import (
    Arrival,
    draw_arrival,
    draw_link,
    draw_since,
    email_known_at,
)
from connectors.sandbox.company.calendar import FUTURE, HISTORY, office_moment
from connectors.sandbox.company.firms import Firm, draw_firm
from connectors.sandbox.company.identities import Identity, Link, draw_identity
from connectors.sandbox.company.journeys import StageKey, Step, System, Traveller, draw_path
from connectors.sandbox.company.sales import Part
from connectors.sandbox.company.staff import LEFT_BEFORE_START, sellers
from connectors.sandbox.company.words import channel_chances, generator

_TYPED_IN_LATE = 0.025
"""How many of those whom one CRM knows are typed in by a seller who works on them already."""
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
    systems: frozenset[System]
    """The CRMs that may come to know them."""
    arrival: Arrival
    since: Mapping[System, datetime]
    """When each CRM came to know them, for those that do."""
    link: Link | None
    steps: tuple[Step, ...]
    luck: float
    """A draw between 0 and 1 that decides what odd thing happens to their records, if any."""
    parts: tuple[Part, ...] = ()
    """Their parts in opportunities that were opened with colleagues of theirs."""
    additions: tuple[datetime, ...] = ()
    """When colleagues were added to opportunities that had been opened with them before."""

    def generator(self, purpose: str) -> random.Random:
        """Return the same draws at every call for the same purpose."""
        return generator(self.seed, self.number, purpose)

    @cached_property
    def is_known_to_both(self) -> bool:
        """Whether both CRMs know them, now or later."""
        return len(self.since) == 2

    def traveller_at(self, moment: datetime) -> Traveller:
        """Return what decides on their path after an instant."""
        has_email = not self.is_channel_only
        is_late = self.arrival == "at_lead" and "lead" not in self.stages_before(moment)
        return Traveller(self.channel, self.firm.is_fit, has_email, self.systems, is_late)

    @property
    def other_firm(self) -> int | None:
        """The number of another firm, as fit as theirs, with which they may be confused."""
        numbers = range(self.firm.number - 1, -1, -1)
        return next(
            (n for n in numbers if draw_firm(self.seed, n).is_fit == self.firm.is_fit), None
        )

    @property
    def is_channel_only(self) -> bool:
        """Whether they came without an address, as people do who scan a code."""
        return self.email_since != self.steps[0].at

    def stage_at(self, moment: datetime) -> StageKey | None:
        """Return where the person stands, or None before they appear."""
        reached = [step.stage for step in self.steps if step.at <= moment]
        return reached[-1] if reached else None

    def stages_before(self, moment: datetime) -> list[StageKey]:
        """Return the stages they had entered before an instant."""
        return [step.stage for step in self.steps if step.at < moment]

    def part_at(self, at: datetime) -> Part | None:
        """Return the part in a colleague's opportunity that they got at an instant, if any."""
        return next((part for part in self.parts if part.since == at), None)

    def openings_before(self, at: datetime) -> int:
        """Return how many opportunities had been opened with them before an instant."""
        opened = (step.at for step in self.steps if step.stage == "opportunity")
        return sum(one < at and self.part_at(one) is None for one in opened)

    def with_steps(self, steps: tuple[Step, ...], parts: tuple[Part, ...]) -> "Person":
        """Return the same person on another path; CRMs may come to know them at other times."""
        return replace(
            self,
            steps=steps,
            parts=parts,
            email_since=email_known_at(steps, self.is_channel_only),
            since=draw_since(self.generator("since"), self.systems, self.arrival, steps),
        )


def people_in_all(count: int) -> int:
    """Return how many are drawn for so many known at the seeding: the rest appear later."""
    return round(count * GROWTH)


def firms_in_all(count: int) -> int:
    """Return how many firms so many people work for."""
    return max(8, count // 6)


def firm_number(seed: int, number: int, count: int) -> int:
    """Return the number of the firm that a person works for: low ones have more people."""
    return int(firms_in_all(count) * generator(seed, number, "firm of").random() ** 1.5)


def draw_person(seed: int, number: int, count: int, start: datetime) -> Person:
    """Return person `number` of a company that knows `count` people at `start`, as if alone.

    Numbers from `count` on appear after the start. The same arguments give the same person. What
    colleagues draw them into is not in their path yet: see `groups.draw_colleagues`.
    """
    rng = generator(seed, number, "person")
    firm = draw_firm(seed, firm_number(seed, number, count))
    channel = rng.choices(*channel_chances())[0]
    channel_only = rng.random() < 0.05
    systems, arrival = draw_arrival(rng, channel, channel_only)
    appears = _draw_appearance(rng, start, later=number >= count)
    first = _first_step(rng, appears, systems, arrival, channel_only)
    traveller = Traveller(channel, firm.is_fit, not channel_only, systems, arrival == "at_lead")
    steps = draw_path(rng, traveller, first, start + FUTURE)
    link = draw_link(rng, arrival, channel_only)
    return Person(
        number=number,
        seed=seed,
        start=start,
        identity=draw_identity(rng, number, firm, link, channel_only),
        email_since=email_known_at(steps, channel_only),
        firm=firm,
        channel=channel,
        seller=rng.choice(sellers(firm.territory, appears < start - LEFT_BEFORE_START)),
        starts_as_contact=_may_start_as_contact(arrival, systems, first, channel)
        and rng.random() < 0.4,
        systems=systems,
        arrival=arrival,
        since=draw_since(generator(seed, number, "since"), systems, arrival, steps),
        link=link,
        steps=steps,
        luck=rng.random(),
    )


def _draw_appearance(rng: random.Random, start: datetime, later: bool) -> datetime:
    if later:
        return office_moment(rng, start + FUTURE * rng.random())
    # The company grows: more people appeared lately than a year ago.
    appeared = office_moment(rng, start - HISTORY * (1 - rng.random() ** 0.8))
    return min(appeared, start - timedelta(hours=1, seconds=rng.randrange(7_000)))


def _may_start_as_contact(
    arrival: str, systems: frozenset[System], first: Step, channel: str
) -> bool:
    """Tell whether a person may have been typed in as a Contact right away."""
    in_salesforce = arrival == "one" and systems == {"salesforce"}
    return in_salesforce and first.stage == "name" and channel in ("outbound", "referral")


def _first_step(
    rng: random.Random,
    at: datetime,
    systems: frozenset[System],
    arrival: Arrival,
    channel_only: bool,
) -> Step:
    is_friend = channel_only or (arrival != "salesforce_first" and rng.random() < 0.15)
    stage: StageKey = "friend" if is_friend else "name"
    if stage == "name" and arrival == "one" and rng.random() < _TYPED_IN_LATE:
        stage = rng.choice(("lead", "sales_lead"))
    if systems == {"salesforce"} or arrival == "salesforce_first":
        return Step(stage, at, "salesforce")
    return Step(stage, at, "hubspot")
