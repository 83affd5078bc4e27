"""Who works at the company that sells."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from connectors.sandbox.company.words import words


@dataclass(frozen=True)
class Colleague:
    """Somebody with a login; a machine's login belongs to a workflow or an integration."""

    number: int
    first: str
    last: str
    login: str
    title: str | None = None
    team: str | None = None
    left: bool = False
    machine: bool = False

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"

    @property
    def email(self) -> str:
        """The address they log in with."""
        return f"{self.login}@sandbox.example"


@cache
def staff() -> tuple[Colleague, ...]:
    """Return everybody, by number; 0 runs sales operations."""
    return tuple(Colleague(number, **entry) for number, entry in enumerate(words()["staff"]))


LEFT_BEFORE_START = timedelta(days=100)
"""When those who left had left, before the seeding."""


@cache
def sellers(territory: str, with_former: bool) -> tuple[int, ...]:
    """Return the numbers of those who sell in a territory, at need with those who left."""
    team = (one for one in staff() if one.team == territory)
    return tuple(one.number for one in team if with_former or not one.left)


@cache
def machine(login: str) -> int:
    """Return the number of a machine's login."""
    return next(one.number for one in staff() if one.login == login)


OPERATIONS = 0
"""The number of the colleague who runs sales operations."""
