"""SOQL conditions into SQL, checked against the object's fields.

SOQL knows two truth values, SQL three: every piece is written so that it is true or false, never
unknown. An empty field is unequal to everything, and neither less nor greater than anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.salesforce.errors import Refusal, no_such_column
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.schema import Field
from connectors.sandbox.salesforce.soql.syntax import (
    Comparison,
    Condition,
    Constant,
    Junction,
    Negation,
    Ordering,
)
from connectors.sandbox.store import quoted

_KINDS = {
    "boolean": "boolean",
    "int": "number",
    "double": "number",
    "currency": "number",
    "percent": "number",
    "datetime": "datetime",
    "date": "date",
}
_UNFILTERABLE = frozenset({"textarea", "anyType"})


@dataclass(frozen=True)
class Sql:
    """A piece of SQL and the values of its marks."""

    text: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Columns:
    """The fields a query may name."""

    object_name: str
    fields: Mapping[str, Field]

    def find(self, name: str) -> Field:
        """Return the field of a name in any case.

        Raises:
            Refusal: there is none, or it is hidden.
        """
        for field in self.fields.values():
            if field.name.lower() == name.lower():
                return field
        raise no_such_column(name, self.object_name)


def compile_condition(condition: Condition, columns: Columns) -> Sql:
    """Return a condition as SQL.

    Raises:
        Refusal: an unknown field, or a literal of another type than its field.
    """
    if isinstance(condition, Junction):
        parts = [compile_condition(part, columns) for part in condition.parts]
        text = f" {condition.word} ".join(part.text for part in parts)
        return Sql(f"({text})", tuple(value for part in parts for value in part.values))
    if isinstance(condition, Negation):
        part = compile_condition(condition.part, columns)
        return Sql(f"(not {part.text})", part.values)
    return _compile_comparison(condition, columns.find(condition.field))


def _compile_comparison(comparison: Comparison, field: Field) -> Sql:
    if field.type in _UNFILTERABLE:
        message = f"field '{field.name}' can not be filtered in a query call"
        raise Refusal("INVALID_FIELD", message)
    column, operator = quoted(field.name), comparison.operator
    values = tuple(_checked(field, constant) for constant in comparison.constants)
    if operator == "=":
        return Sql(f"({column} is ?)", values)
    if operator == "!=":
        return Sql(f"({column} is not ?)", values)
    if operator in ("in", "not in"):
        return _compile_list(column, values, negated=operator == "not in")
    if operator == "like":
        pattern = f"({column} is not null and {column} like ? escape '\\')"
        return Sql(pattern, values)
    return Sql(f"coalesce({column} {operator} ?, 0)", values)


def _compile_list(column: str, values: tuple[Any, ...], negated: bool) -> Sql:
    filled = tuple(value for value in values if value is not None)
    marks = ", ".join("?" for _ in filled)
    # A null in the list stands for empty fields; a null in SQL's own list would spoil it.
    text = f"coalesce({column} in ({marks}), 0)"
    if len(filled) < len(values):
        text = f"({text} or {column} is null)"
    return Sql(f"(not {text})" if negated else text, filled)


def _checked(field: Field, constant: Constant) -> Any:
    wanted = _KINDS.get(field.type, "string")
    if constant.kind == "null":
        return False if wanted == "boolean" else None
    if constant.kind != wanted:
        quotes = "should not be" if constant.kind == "string" else "should be"
        raise Refusal(
            "INVALID_FIELD",
            f"value of filter criterion for field '{field.name}' must be of type {field.type} "
            f"and {quotes} enclosed in quotes",
        )
    if field.type in ("id", "reference"):
        return _checked_id(field, constant)
    return constant.value


def _checked_id(field: Field, constant: Constant) -> str | None:
    if constant.value == "":
        return None
    known = full_id(constant.value)
    if known is None:
        message = f"invalid ID field: {constant.value}"
        raise Refusal("INVALID_QUERY_FILTER_OPERATOR", message, fields=[field.name])
    return known


def compile_orderings(orderings: tuple[Ordering, ...], columns: Columns) -> str:
    """Return the ORDER BY clause.

    Salesforce leaves rows that tie in no order; here they come newest first, so that a client that
    counts on ties coming by id is found out.
    """
    parts = []
    for ordering in orderings:
        direction = "desc" if ordering.descending else "asc"
        nulls = "last" if ordering.nulls_last else "first"
        parts.append(f"{quoted(columns.find(ordering.field).name)} {direction} nulls {nulls}")
    return " order by " + ", ".join([*parts, "rowid desc"])
