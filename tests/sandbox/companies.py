"""A company drawn once for every test about it."""

from functools import cache

from connectors.sandbox.clock import START
from connectors.sandbox.company.people import Person, people_in_all
from connectors.sandbox.company.rendering import Company, Story

COUNT = 2_000
COMPANY = Company(7, COUNT, START)


@cache
def people() -> tuple[Person, ...]:
    """Everybody the company knows at its start."""
    return tuple(COMPANY.person(number) for number in range(COUNT))


@cache
def everybody() -> tuple[Person, ...]:
    """Everybody, those who appear later included."""
    return tuple(COMPANY.person(number) for number in range(people_in_all(COUNT)))


@cache
def stories() -> tuple[Story, ...]:
    """What both CRMs tell of one person in four."""
    return tuple(Story(person) for person in everybody()[::4])
