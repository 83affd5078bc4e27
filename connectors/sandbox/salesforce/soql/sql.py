"""Pieces of SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.salesforce.schema import Field


@dataclass(frozen=True)
class Sql:
    """A piece of SQL and the values of its marks."""

    text: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Typed:
    """SQL for one value of each row, and the field whose type and rules it has."""

    text: str
    field: Field


LONGEST_PLAIN_TEXT = 255
"""Characters of a text area up to which queries treat it as any other text."""


def is_long_text(field: Field) -> bool:
    """Tell whether a field is a long text area, which can't be compared, sorted or grouped."""
    return field.type == "textarea" and field.length > LONGEST_PLAIN_TEXT


def joined(parts: Sequence[Sql], word: str) -> Sql:
    """Return conditions linked by a word, in parentheses; true when there are none."""
    if not parts:
        return Sql("1")
    text = _balanced([part.text for part in parts], f" {word} ")
    return Sql(f"({text})", tuple(value for part in parts for value in part.values))


def _balanced(texts: Sequence[str], link: str) -> str:
    """Link texts as halves of halves, since SQLite reads only so many within one another."""
    if len(texts) <= _RUN:
        return link.join(texts)
    middle = len(texts) // 2
    return link.join(f"({_balanced(half, link)})" for half in (texts[:middle], texts[middle:]))


_RUN = 50
"""Conditions that stand in a row."""
