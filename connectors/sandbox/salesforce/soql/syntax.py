"""What a SOQL query says, as a tree."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

LiteralKind = Literal["string", "number", "boolean", "null", "datetime", "date", "period"]
Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not in", "like", "includes", "excludes"]
FieldGroup = Literal["all", "standard", "custom"]


@dataclass(frozen=True)
class Path:
    """A field, an object or a relationship as written, and where in the query it starts."""

    text: str
    start: int


@dataclass(frozen=True)
class Constant:
    """A literal: its kind as written, and its value as it is kept.

    A period is a relative date such as `LAST_N_DAYS:30`, in capitals.
    """

    kind: LiteralKind
    value: str | float | bool | None


@dataclass(frozen=True)
class Expression:
    """A field, or a function of one; the name of the function is in lower case."""

    path: Path
    function: str = ""


@dataclass(frozen=True)
class Comparison:
    """A value of each record against one constant, or several for `in` and `includes`."""

    left: Expression
    operator: Operator
    constants: tuple[Constant, ...]


@dataclass(frozen=True)
class SemiJoin:
    """An id that must be, or must not be, among those that another query finds."""

    left: Expression
    negated: bool
    query: "Query"


@dataclass(frozen=True)
class Junction:
    """Conditions of which all (and) or some (or) must hold."""

    word: Literal["and", "or"]
    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Negation:
    """A condition that must not hold."""

    part: "Condition"


Condition = Comparison | SemiJoin | Junction | Negation


def compared_paths(condition: Condition | None) -> Iterator[Path]:
    """Yield the fields that a condition looks at, not those of queries within it."""
    match condition:
        case Junction():
            for part in condition.parts:
                yield from compared_paths(part)
        case Negation():
            yield from compared_paths(condition.part)
        case Comparison() | SemiJoin():
            yield condition.left.path


@dataclass(frozen=True)
class Ordering:
    """One value to sort by. Salesforce puts empty values first unless told otherwise."""

    by: Expression
    descending: bool = False
    nulls_last: bool = False


@dataclass(frozen=True)
class Selected:
    """One entry of the field list; only aggregates take an alias."""

    expression: Expression
    alias: str = ""


@dataclass(frozen=True)
class FieldSet:
    """FIELDS(ALL), FIELDS(STANDARD) or FIELDS(CUSTOM)."""

    group: FieldGroup
    start: int


@dataclass(frozen=True)
class Children:
    """A query in the field list: the records that refer to each record found."""

    query: "Query"


@dataclass(frozen=True)
class Query:
    """A whole query. Nothing selected stands for `count()`."""

    selected: tuple[Selected | FieldSet | Children, ...]
    source: Path
    alias: str = ""
    condition: Condition | None = None
    groupings: tuple[Expression, ...] = ()
    having: Condition | None = None
    orderings: tuple[Ordering, ...] = ()
    limit: int | None = None
    offset: int = 0
    mine: bool = False
    """Whether only records of the user who asks are wanted: USING SCOPE mine."""
