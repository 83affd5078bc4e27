"""What an opportunity is worth and when it moves, whichever CRM keeps it."""

import random
from datetime import datetime, timedelta

from connectors.sandbox.company.calendar import FUTURE, office_moment
from connectors.sandbox.company.journeys import Step
from connectors.sandbox.company.people import Person


def draw_amount(rng: random.Random, person: Person) -> int:
    """Return an opportunity's worth in US dollars: more at bigger companies."""
    scale = 1.8 if person.firm.is_fit else 1.0
    return 100 * round(rng.lognormvariate(5.0, 0.5) * scale)


def draw_moves(
    rng: random.Random, person: Person, opened: datetime, following: Step | None, most: int
) -> list[datetime]:
    """Return when an opportunity moves on between its first day and its last, in order."""
    end = person.start + FUTURE if following is None else following.at
    moves: list[datetime] = []
    moved = opened
    for _ in range(rng.randrange(1, most + 1)):
        moved = office_moment(rng, moved + timedelta(days=0.3 + rng.expovariate(1 / 8)))
        if moved >= end:
            break
        moves.append(moved)
    return moves
