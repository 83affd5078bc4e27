"""Pieces of SQL."""

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


def joined(parts: list[Sql], word: str) -> Sql:
    """Return conditions linked by a word, in parentheses; true when there are none."""
    if not parts:
        return Sql("1")
    text = f" {word} ".join(part.text for part in parts)
    return Sql(f"({text})", tuple(value for part in parts for value in part.values))
