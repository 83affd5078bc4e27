"""Opportunities as the truth has them: who opened them, who has a part in them, how they end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from connectors.sandbox.company.journeys import Step, System

Role = Literal["Decision Maker", "Economic Buyer", "Evaluator", "Influencer", "Business User"]


@dataclass(frozen=True)
class Sale:
    """One opportunity, opened with one person; colleagues of theirs may have a part in it too."""

    opener: int
    """The number of the person it was opened with."""
    count: int
    """How many had been opened with that person before."""
    system: System
    opened: datetime
    closing: Step | None
    """The step of everybody in it when it is won or lost; None while it stays open."""


@dataclass(frozen=True)
class Part:
    """A colleague's part in a sale that was opened with somebody else."""

    sale: Sale
    since: datetime
    role: Role
