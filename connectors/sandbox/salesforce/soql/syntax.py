"""What a SOQL query says, as a tree."""

from dataclasses import dataclass
from typing import Literal

LiteralKind = Literal["string", "number", "boolean", "null", "datetime", "date"]
Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not in", "like"]


@dataclass(frozen=True)
class Constant:
    """A literal: its kind as written, and its value as it is kept."""

    kind: LiteralKind
    value: str | float | bool | None


@dataclass(frozen=True)
class Comparison:
    """A field against one constant, or several for `in`."""

    field: str
    operator: Operator
    constants: tuple[Constant, ...]


@dataclass(frozen=True)
class Junction:
    """Conditions of which all (and) or some (or) must hold."""

    word: Literal["and", "or"]
    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Negation:
    """A condition that must not hold."""

    part: "Condition"


Condition = Comparison | Junction | Negation


@dataclass(frozen=True)
class Ordering:
    """One field to sort by. Salesforce puts empty values first unless told otherwise."""

    field: str
    descending: bool = False
    nulls_last: bool = False


@dataclass(frozen=True)
class Query:
    """A whole query. No fields stand for `count()`."""

    fields: tuple[str, ...]
    object_name: str
    condition: Condition | None = None
    orderings: tuple[Ordering, ...] = ()
    limit: int | None = None
