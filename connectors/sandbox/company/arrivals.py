"""How people come into the CRMs, when, and by what both know that they are one."""

import random
from datetime import datetime, timedelta
from typing import Literal

from connectors.sandbox.company.identities import Link
from connectors.sandbox.company.journeys import Step, System

Arrival = Literal["one", "together", "at_lead", "salesforce_first"]
"""How somebody comes into the CRMs: into one; into both within minutes, HubSpot first or Salesforce
first; or into HubSpot, and into Salesforce when they become a lead."""


def draw_arrival(
    rng: random.Random, channel: str, channel_only: bool
) -> tuple[frozenset[System], Arrival]:
    """Return which CRMs may come to know somebody, and how they come into them."""
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


def draw_since(
    rng: random.Random, systems: frozenset[System], arrival: Arrival, steps: tuple[Step, ...]
) -> dict[System, datetime]:
    """Return when each CRM comes to know somebody on a path: those that ever do."""
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


def draw_link(rng: random.Random, arrival: Arrival, channel_only: bool) -> Link | None:
    """Return what ties the records of somebody whom both CRMs know."""
    if arrival == "one":
        return None
    if rng.random() < 0.65:
        return "id"
    if channel_only:
        return rng.choice(("mobile", "chat"))
    if rng.random() < 0.15:
        return "name"
    links: list[Link] = ["email", "email", "email", "additional_email", "phone", "phone"]
    if arrival == "together":
        links += ["mobile", "chat"]
    return rng.choice(links)


def email_known_at(steps: tuple[Step, ...], channel_only: bool) -> datetime | None:
    """Return when somebody's address becomes known, or None for never."""
    if not channel_only:
        return steps[0].at
    return next((step.at for step in steps if step.stage == "name"), None)
