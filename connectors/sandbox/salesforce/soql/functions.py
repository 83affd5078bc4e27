"""Functions of SOQL: parts of dates, and aggregates.

Source: SOQL and SOSL Reference, "Date Functions" and "Aggregate Functions".
"""

from collections.abc import Mapping
from dataclasses import replace

from connectors.sandbox.salesforce.schema import Field
from connectors.sandbox.salesforce.soql.scope import Scope
from connectors.sandbox.salesforce.soql.sql import Typed, is_long_text
from connectors.sandbox.salesforce.soql.syntax import Expression

AGGREGATES = frozenset({"count", "count_distinct", "sum", "avg", "min", "max"})
MALFORMED = "MALFORMED_QUERY"
_NUMBERS = frozenset({"int", "double", "currency", "percent"})
_UNAGGREGATABLE = frozenset({"boolean", "anyType", "address", "base64"})
_DATE_PARTS: Mapping[str, str] = {
    "calendar_year": "strftime('%Y', {day})",
    "calendar_month": "strftime('%m', {day})",
    "calendar_quarter": "(strftime('%m', {day}) + 2) / 3",
    "day_in_month": "strftime('%d', {day})",
    "day_in_week": "strftime('%w', {day}) + 1",
    "day_in_year": "strftime('%j', {day})",
    "week_in_month": "(strftime('%d', {day}) + 6) / 7",
    "week_in_year": "(strftime('%j', {day}) + 6) / 7",
    "hour_in_day": "substr({value}, 12, 2)",
}
"""SQL for a whole number by function; fiscal ones are the calendar's."""


def value_of(scope: Scope, expression: Expression) -> Typed:
    """Return SQL for an expression.

    Raises:
        Refusal: an unknown field or function, or a function that does not take the field's type.
    """
    column, name = scope.column(expression.path), expression.function
    if not name:
        return column
    if name in AGGREGATES:
        return _aggregate(scope, expression, column)
    if name == "tolabel":
        # In this org every value is its own label.
        return column
    if name == "day_only" and column.field.type == "datetime":
        return Typed(f"substr({column.text}, 1, 10)", _computed(column.field, "date"))
    part = _DATE_PARTS.get(name.replace("fiscal_", "calendar_"))
    takes = ("datetime",) if name == "hour_in_day" else ("date", "datetime")
    if part is None or column.field.type not in takes:
        raise scope.refused(expression.path, f"Invalid function: {name}", MALFORMED)
    day = f"substr({column.text}, 1, 10)"
    number = f"cast({part.format(day=day, value=column.text)} as integer)"
    return Typed(f"iif({column.text} is null, null, {number})", _computed(column.field, "int"))


def is_aggregatable(field: Field) -> bool:
    """Tell whether aggregate functions take a field."""
    return field.type not in _UNAGGREGATABLE and not is_long_text(field)


def _aggregate(scope: Scope, expression: Expression, column: Typed) -> Typed:
    name, kind = expression.function, column.field.type
    if not scope.aggregates:
        what = f"Aggregate function {name.upper()} is not allowed here"
        raise scope.refused(expression.path, what, MALFORMED)
    wrong = kind not in _NUMBERS if name in ("sum", "avg") else not is_aggregatable(column.field)
    if wrong:
        what = f"field {column.field.name} does not support aggregate operator {name.upper()}"
        raise scope.refused(expression.path, what, MALFORMED)
    if name.startswith("count"):
        distinct = "distinct " if name == "count_distinct" else ""
        return Typed(f"count({distinct}{column.text})", _computed(column.field, "int"))
    result = "double" if name == "avg" else kind
    return Typed(f"{name}({column.text})", _computed(column.field, result))


def _computed(field: Field, kind: str) -> Field:
    return replace(field, type=kind, nillable=True)
