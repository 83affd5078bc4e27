"""The operators of a search's filters, each a piece of SQL over the column of a property.

HubSpot's search guide: texts are compared without regard to case, except that what IN lists must be
in lower case; of a property with several checkboxes each option is compared by itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connectors.sandbox.hubspot.errors import Problem, Refusal, bad_input
from connectors.sandbox.hubspot.requests import texts_of
from connectors.sandbox.hubspot.schema import Property
from connectors.sandbox.hubspot.sql_text import holds_words, words_sql
from connectors.sandbox.hubspot.values import Kept, check_value, options_of

_COMPARISONS = {"LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="}


@dataclass(frozen=True)
class Sql:
    """A piece of SQL and the values of its marks."""

    text: str
    values: tuple[Kept | float, ...] = ()

    def negated(self) -> "Sql":
        """Return what holds where this does not."""
        return Sql(f"(not {self.text})", self.values)


def join(word: str, parts: Sequence[Sql]) -> Sql:
    """Return conditions joined by `and` or `or`; what always holds when there are none."""
    if not parts:
        return Sql("1")
    text = _joined(word, [part.text for part in parts])
    return Sql(text, tuple(value for part in parts for value in part.values))


def _joined(word: str, texts: Sequence[str]) -> str:
    """Return conditions joined in pairs of pairs: SQLite takes no deep heap of parentheses."""
    if len(texts) == 1:
        return f"({texts[0]})"
    middle = len(texts) // 2
    return f"({_joined(word, texts[:middle])}{word}{_joined(word, texts[middle:])})"


def _has(known: Property, column: str, given: Mapping[str, Any]) -> Sql:  # noqa: ARG001 - an operator
    return Sql(f"({column} is not null)")


def _equals(known: Property, column: str, given: Mapping[str, Any]) -> Sql:
    value = _operand(known, given.get("value"))
    if known.field_type == "checkbox":
        held = sorted(options_of(str(value)))
        return join(" and ", [_one_of(known, column, (option,)) for option in held])
    return Sql(f"({column} is ?)", (value,))


def _compares(operator: str) -> Callable[[Property, str, Mapping[str, Any]], Sql]:
    def compare(known: Property, column: str, given: Mapping[str, Any]) -> Sql:
        value = _operand(known, given.get("value"))
        # Nothing negates a comparison, so it may be null: an index on the bare column serves it.
        return Sql(f"({column} {_COMPARISONS[operator]} ?)", (value,))

    return compare


def _between(known: Property, column: str, given: Mapping[str, Any]) -> Sql:
    low, high = (_operand(known, given.get(key)) for key in ("value", "highValue"))
    return Sql(f"({column} between ? and ?)", (low, high))


def _in_list(known: Property, column: str, given: Mapping[str, Any]) -> Sql:
    listed = texts_of(given, "values")
    if not listed:
        raise bad_input(f"values is required by the operator {given.get('operator')}")
    # What is listed is not folded as what is held is: capitals among it find nothing.
    as_given = known.type == "string"
    values = tuple(v if as_given else _operand(known, v) for v in listed)
    return _one_of(known, column, values)


def _one_of(known: Property, column: str, values: Sequence[Kept | float]) -> Sql:
    if known.field_type == "checkbox":
        chosen = f"instr(';' || {column} || ';', ?) > 0"
        held = join(" or ", [Sql(chosen, (f";{value};",)) for value in values])
        return Sql(f"coalesce({held.text}, 0)", held.values)
    return Sql(f"coalesce({column} in ({', '.join('?' for _ in values)}), 0)", tuple(values))


def _holds_words(known: Property, column: str, given: Mapping[str, Any]) -> Sql:
    if given.get("value") is None:
        raise bad_input(f"value is required by the filter on {known.name}")
    return Sql(f"({words_sql(column)} glob ?)", (holds_words(str(given["value"])),))


def _operand(known: Property, value: Any) -> Kept | float:
    if value is None:
        raise bad_input(f"value is required by the filter on {known.name}")
    if known.type not in ("datetime", "date", "number"):
        return str(value).lower()
    checked = check_value(replace(known, read_only=False), value)
    if isinstance(checked, Problem) or checked is None:
        raise Refusal(f"There was a problem with the request: bad value for {known.name}")
    return float(checked) if known.type == "number" else checked


OPERATORS: Mapping[str, Callable[[Property, str, Mapping[str, Any]], Sql]] = {
    "HAS_PROPERTY": _has,
    "EQ": _equals,
    "BETWEEN": _between,
    "IN": _in_list,
    "CONTAINS_TOKEN": _holds_words,
    **{operator: _compares(operator) for operator in _COMPARISONS},
}
POSITIVE = {
    "NOT_HAS_PROPERTY": ("HAS_PROPERTY", True),
    "NEQ": ("EQ", True),
    "NOT_IN": ("IN", True),
    "NOT_CONTAINS_TOKEN": ("CONTAINS_TOKEN", True),
}
"""Operators that say no to another one."""
