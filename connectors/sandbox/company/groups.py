"""Buying groups: colleagues who are drawn into the opportunities of one of them."""

import random
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from heapq import heapify, heappop, heappush
from itertools import accumulate
from typing import get_args

from connectors.sandbox.company.calendar import FUTURE, office_moment
from connectors.sandbox.company.journeys import NEAREST, StageKey, Step, draw_path
from connectors.sandbox.company.people import (
    Person,
    draw_person,
    firm_number,
    firms_in_all,
    people_in_all,
)
from connectors.sandbox.company.sales import Part, Role, Sale

BIG = 150
"""Employees from which on an account has others who decide with somebody."""
_MOST = 4
"""Colleagues who may join a sale, beside the person it was opened with."""
_OPEN_TO_JOIN: frozenset[StageKey] = frozenset(
    {"name", "engaged", "target", "lead", "sales_lead", "recycled", "lost"}
)
_LATEST = timedelta(days=60)
"""How long colleagues are still drawn into an opportunity."""
_KNOWN_FOR = timedelta(minutes=30)
"""How long a CRM must have known somebody, so that both have told each other of them."""


@lru_cache(maxsize=1024)
def draw_colleagues(seed: int, firm: int, count: int, start: datetime) -> tuple[Person, ...]:
    """Return everybody who works for a firm, by number, in a company that knows `count` people.

    People are drawn one by one; then their opportunities draw in colleagues, the earliest first.
    """
    return _draw_colleagues(seed, _workplaces(seed, count).numbers(firm), count, start)


def draw_everybody(seed: int, count: int, start: datetime) -> Iterator[Person]:
    """Yield everybody, firm by firm, and keep none of them."""
    workplaces = _workplaces(seed, count)
    for firm in range(firms_in_all(count)):
        yield from _draw_colleagues(seed, workplaces.numbers(firm), count, start)


def _draw_colleagues(
    seed: int, numbers: Iterable[int], count: int, start: datetime
) -> tuple[Person, ...]:
    return _Firm(draw_person(seed, number, count, start) for number in numbers).grouped()


@dataclass(frozen=True)
class _Workplaces:
    """Who works where, in 4 bytes a person: the numbers of people in the order of their firms."""

    people: "array[int]"
    first: "array[int]"
    """Where each firm's people begin, and behind the last firm where they end."""

    def numbers(self, firm: int) -> "array[int]":
        """Return the numbers of those who work for a firm, in order."""
        return self.people[self.first[firm] : self.first[firm + 1]]


@lru_cache(maxsize=4)
def _workplaces(seed: int, count: int) -> _Workplaces:
    firms = array("I", (firm_number(seed, n, count) for n in range(people_in_all(count))))
    sizes = array("I", bytes(4 * firms_in_all(count)))
    for firm in firms:
        sizes[firm] += 1
    first = array("I", accumulate(sizes, initial=0))
    people, free = array("I", bytes(4 * len(firms))), first[:]
    for number, firm in enumerate(firms):
        people[free[firm]] = number
        free[firm] += 1
    return _Workplaces(people, first)


class _Firm:
    """The people of a firm while it is settled who joins whose opportunity."""

    def __init__(self, people: Iterator[Person]) -> None:
        self._people = {person.number: person for person in people}
        self._settled: dict[int, datetime] = {}
        """Until when nobody may change people's paths any more, since others' follow from them."""
        self._openings = [opening for one in self._people.values() for opening in _openings(one)]
        heapify(self._openings)

    def grouped(self) -> tuple[Person, ...]:
        """Return the people with the parts they have in each other's opportunities."""
        while self._openings:
            at, number = heappop(self._openings)
            opener = self._people[number]
            # Whoever joined another's opportunity meanwhile may never have opened their own.
            if _opens_at(opener, at) and opener.firm.employees >= BIG:
                self._gather(opener, sale_opened_at(opener, at))
        return tuple(self._people.values())

    def _gather(self, opener: Person, sale: Sale) -> None:
        rng = opener.generator(f"group {sale.opened}")
        others = [number for number in self._people if number != opener.number]
        wanted = rng.randrange(1, _MOST + 1)
        for number in rng.sample(others, len(others)):
            at = _draw_joining(rng, sale, opener.start + FUTURE)
            part = Part(sale, at, rng.choice(get_args(Role)))
            colleague = self._people[number]
            if wanted and _may_join(colleague, part) and self._settled.get(number, at) <= at:
                self._join(colleague, part)
                wanted -= 1

    def _join(self, person: Person, part: Part) -> None:
        joined = with_part(person, part)
        self._people[person.number] = joined
        for opening in _openings(joined):
            if opening[0] > part.since:
                heappush(self._openings, opening)
        for number in (person.number, part.sale.opener):
            self._settle(number, part.sale)
        if part.since > part.sale.opened:
            opener = self._people[part.sale.opener]
            added = (*opener.additions, part.since)
            self._people[opener.number] = replace(opener, additions=added)

    def _settle(self, number: int, sale: Sale) -> None:
        end = self._people[number].start + FUTURE if sale.closing is None else sale.closing.at
        self._settled[number] = max(end, self._settled.get(number, end))


def with_part(person: Person, part: Part) -> Person:
    """Return a person whose path leads into a colleague's opportunity, and on from its end."""
    sale = part.sale
    steps = [step for step in person.steps if step.at < part.since]
    steps.append(Step("opportunity", part.since, sale.system))
    if sale.closing is not None:
        closing = Step(sale.closing.stage, sale.closing.at, sale.system)
        rng = person.generator(f"after {part.since}")
        steps += draw_path(rng, person.traveller_at(part.since), closing, person.start + FUTURE)
    return person.with_steps(tuple(steps), (*person.parts, part))


def sale_opened_at(person: Person, at: datetime) -> Sale:
    """Return the sale that was opened with a person at an instant."""
    following = next((step for step in person.steps if step.at > at), None)
    system = next(step.system for step in person.steps if step.at == at)
    return Sale(person.number, person.openings_before(at), system, at, following)


def _openings(person: Person) -> list[tuple[datetime, int]]:
    steps = (step for step in person.steps if step.stage == "opportunity")
    return [(step.at, person.number) for step in steps if person.part_at(step.at) is None]


def _opens_at(person: Person, at: datetime) -> bool:
    return (at, person.number) in _openings(person)


def _draw_joining(rng: random.Random, sale: Sale, end: datetime) -> datetime:
    """Return when somebody joins: at once or later."""
    if rng.random() < (0.5 if sale.system == "salesforce" else 0.6):
        return sale.opened
    closed = end if sale.closing is None else sale.closing.at
    length = min(closed - sale.opened, _LATEST)
    return office_moment(rng, sale.opened + length * rng.uniform(0.05, 0.7))


def _may_join(person: Person, part: Part) -> bool:
    at, sale = part.since, part.sale
    before = [step for step in person.steps if step.at < at]
    known = person.since.get(sale.system)
    return (
        bool(before)
        and before[-1].stage in _OPEN_TO_JOIN
        and at - before[-1].at >= NEAREST
        and not any(step.at == at for step in person.steps)
        and known is not None
        and at - known >= _KNOWN_FOR
        # Whoever Salesforce knows is sold to in Salesforce.
        and (sale.system == "salesforce" or "salesforce" not in person.since)
        and _has_time(part)
    )


def _has_time(part: Part) -> bool:
    closing = part.sale.closing
    return closing is None or closing.at - part.since >= NEAREST
