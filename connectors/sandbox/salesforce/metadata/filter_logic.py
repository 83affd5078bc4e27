"""The logic of a list view's filters: `1 AND (2 OR NOT 3)`.

logic := term {AND term} | term {OR term}      mixing needs parentheses
term  := NOT term | ( logic ) | number of a filter
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from connectors.sandbox.salesforce.errors import Refusal

_TOKEN = re.compile(r"\s*(\d+|AND|OR|NOT|[()])", re.IGNORECASE | re.ASCII)
_DEEPEST = 20
"""Parentheses within one another."""


@dataclass(frozen=True)
class Both:
    """Terms of which all or some hold."""

    word: Literal["and", "or"]
    terms: tuple["Logic", ...]


@dataclass(frozen=True)
class Not:
    """A term that does not hold."""

    term: "Logic"


Logic = Both | Not | int
"""A number is that of a filter, from 0."""


def read_logic(text: str | None, count: int) -> Logic:
    """Return what a filter logic says; without one, all filters hold.

    Args:
        text: The logic, whose filters count from 1.
        count: How many filters there are, at least one.

    Raises:
        Refusal: it makes no sense, or names a filter that is not there.
    """
    if not text:
        return Both("and", tuple(range(count))) if count > 1 else 0
    return _Reader(text, count).whole()


def as_soql(logic: Logic, filters: Sequence[str]) -> str:
    """Return the logic with conditions in place of the filters' numbers."""
    if isinstance(logic, int):
        return filters[logic]
    if isinstance(logic, Not):
        return f"(NOT {as_soql(logic.term, filters)})"
    terms = (as_soql(term, filters) for term in logic.terms)
    return f"({f' {logic.word.upper()} '.join(terms)})"


def as_described(logic: Logic, conditions: Sequence[Any]) -> dict[str, Any]:
    """Return the logic as a list view's description holds it: a tree of conditions."""
    if isinstance(logic, int):
        return dict(conditions[logic])
    if isinstance(logic, Not):
        return {"condition": as_described(logic.term, conditions)}
    terms = [as_described(term, conditions) for term in logic.terms]
    return {"conditions": terms, "conjunction": logic.word}


class _Reader:
    def __init__(self, text: str, count: int) -> None:
        self._text = text
        self._count = count
        self._tokens = [token.lower() for token in _TOKEN.findall(text)]
        self._depth = 0
        if "".join(self._tokens) != "".join(text.lower().split()):
            raise self._refused()

    def whole(self) -> Logic:
        logic = self._logic()
        if self._tokens:
            raise self._refused()
        return logic

    def _logic(self) -> Logic:
        terms = [self._term()]
        word = self._tokens[0] if self._tokens else ""
        if word not in ("and", "or"):
            return terms[0]
        while self._skip(word):
            terms.append(self._term())
        return Both("and" if word == "and" else "or", tuple(terms))

    def _term(self) -> Logic:
        self._depth += 1
        word = self._tokens.pop(0) if self._tokens and self._depth <= _DEEPEST else ""
        if word == "not":
            term: Logic = Not(self._term())
        elif word == "(":
            term = self._logic()
            if not self._skip(")"):
                raise self._refused()
        elif word.isdecimal():
            term = self._filter(word)
        else:
            raise self._refused()
        self._depth -= 1
        return term

    def _filter(self, token: str) -> int:
        place = int(token[:9])
        if not 1 <= place <= self._count:
            message = f"Invalid filter logic: there is no filter {place}"
            raise Refusal("FIELD_INTEGRITY_EXCEPTION", message)
        return place - 1

    def _skip(self, token: str) -> bool:
        if self._tokens[:1] != [token]:
            return False
        self._tokens.pop(0)
        return True

    def _refused(self) -> Refusal:
        return Refusal("FIELD_INTEGRITY_EXCEPTION", f"Invalid filter logic: {self._text}")
