"""Comparisons of SOQL into SQL, checked against the fields they compare.

An empty field is unequal to everything, and neither less nor greater than anything.
"""

import json
from datetime import UTC, date, datetime, time
from typing import Any

from connectors.sandbox.salesforce.errors import Refusal, too_complicated
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.schema import Field
from connectors.sandbox.salesforce.soql.functions import MALFORMED, value_of
from connectors.sandbox.salesforce.soql.periods import span_of
from connectors.sandbox.salesforce.soql.scope import Scope
from connectors.sandbox.salesforce.soql.sql import Sql, Typed, is_long_text, joined
from connectors.sandbox.salesforce.soql.syntax import Comparison, Constant
from connectors.sandbox.salesforce.times import stamp

_KINDS = {
    "boolean": "boolean",
    "int": "number",
    "double": "number",
    "currency": "number",
    "percent": "number",
    "datetime": "datetime",
    "date": "date",
}
_OF_PERIODS = frozenset({"=", "!=", "<", "<=", ">", ">="})
LONGEST_PATTERN = 50_000
"""Bytes of a LIKE pattern that the database takes."""
_SPELT = {"datetime": "dateTime", "id": "ID", "reference": "ID"}


def is_filterable(field: Field) -> bool:
    """Tell whether conditions may compare a field."""
    return field.type not in ("anyType", "address", "base64") and not is_long_text(field)


def compile_comparison(scope: Scope, comparison: Comparison) -> Sql:
    """Return a comparison as SQL.

    Raises:
        Refusal: an unknown field, a literal of another type than its field, or an operator that it
            does not take.
    """
    left, operator = value_of(scope, comparison.left), comparison.operator
    _check_operator(scope, comparison, left.field)
    if comparison.constants[0].kind == "period" and operator in _OF_PERIODS:
        if left.field.type not in ("date", "datetime"):
            raise _of_wrong_type(scope, comparison, left.field)
        return _compile_period(scope, comparison, left)
    values = tuple(_checked(scope, comparison, left.field, c) for c in comparison.constants)
    column = left.text
    if operator in ("in", "not in"):
        return _compile_list(column, values, negated=operator == "not in")
    if operator in ("includes", "excludes"):
        return _compile_choices(column, values, negated=operator == "excludes")
    if operator == "like":
        if len(str(values[0]).encode()) > LONGEST_PATTERN:
            raise too_complicated()
        return Sql(f"{column} like ? escape '\\'", values)
    if operator == "=":
        return Sql(f"{column} is null") if values[0] is None else Sql(f"{column} = ?", values)
    return Sql(f"{column} {'is not' if operator == '!=' else operator} ?", values)


def _compile_list(column: str, values: tuple[Any, ...], negated: bool) -> Sql:
    filled = [value for value in values if value is not None]
    # A list of any length is one value, since SQL takes only so many marks.
    text = f"{column} in (select value from json_each(?))"  # noqa: S608 - a column of the schema
    # A null in the list stands for empty fields; a null in SQL's own list would spoil it.
    if len(filled) < len(values):
        text = f"({text} or {column} is null)"
    return Sql(f"not coalesce({text}, 0)" if negated else text, (json.dumps(filled),))


def _compile_choices(column: str, values: tuple[Any, ...], negated: bool) -> Sql:
    """Compile INCLUDES: any of the lists given, of which every choice must be chosen."""
    lists = [str(value).split(";") for value in values]
    chosen = f"';' || {column} || ';' like '%;' || ? || ';%'"
    parts = [joined([Sql(chosen, (choice,)) for choice in choices], "and") for choices in lists]
    whole = joined(parts, "or")
    return Sql(f"not coalesce({whole.text}, 0)" if negated else whole.text, whole.values)


def _compile_period(scope: Scope, comparison: Comparison, left: Typed) -> Sql:
    period = str(comparison.constants[0].value)
    try:
        days = span_of(period, scope.org.now.date())
    except ValueError:
        raise scope.refused(comparison.left.path, f"Invalid date: {period}", MALFORMED) from None
    start, end = (_kept_day(left.field, day) for day in days)
    column = left.text
    match comparison.operator:
        case "<" | ">=":
            return Sql(f"{column} {comparison.operator} ?", (start,))
        case "<=":
            return Sql(f"{column} < ?", (end,))
        case ">":
            return Sql(f"{column} >= ?", (end,))
    inside = f"({column} >= ? and {column} < ?)"
    if comparison.operator == "!=":
        inside = f"not coalesce({inside}, 0)"
    return Sql(inside, (start, end))


def _kept_day(field: Field, day: date) -> str:
    if field.type == "date":
        return day.isoformat()
    return stamp(datetime.combine(day, time(), UTC))


def _check_operator(scope: Scope, comparison: Comparison, field: Field) -> None:
    if not is_filterable(field):
        message = f"field '{field.name}' can not be filtered in a query call"
        raise scope.refused(comparison.left.path, message)
    kind, operator = _KINDS.get(field.type, "string"), comparison.operator
    is_id = field.type in ("id", "reference")
    unfit = (
        (operator == "like" and (kind != "string" or is_id))
        or (operator in ("<", "<=", ">", ">=") and kind == "boolean")
        or (operator in ("includes", "excludes") and field.type != "multipicklist")
    )
    if unfit:
        message = f"invalid operator on {'id' if is_id else field.type} field"
        raise scope.refused(comparison.left.path, message, "INVALID_QUERY_FILTER_OPERATOR")


def _checked(scope: Scope, comparison: Comparison, field: Field, constant: Constant) -> Any:
    wanted = _KINDS.get(field.type, "string")
    if constant.kind == "null":
        return False if wanted == "boolean" else None
    if constant.kind != wanted:
        raise _of_wrong_type(scope, comparison, field)
    if constant.value == "":
        return None
    if field.type in ("id", "reference"):
        return _checked_id(scope, comparison, constant)
    return constant.value


def _of_wrong_type(scope: Scope, comparison: Comparison, field: Field) -> Refusal:
    quotes = "should be" if _KINDS.get(field.type, "string") == "string" else "should not be"
    message = (
        f"value of filter criterion for field '{field.name}' must be of type "
        f"{_SPELT.get(field.type, field.type)} and {quotes} enclosed in quotes"
    )
    return scope.refused(comparison.left.path, message)


def _checked_id(scope: Scope, comparison: Comparison, constant: Constant) -> str:
    known = full_id(constant.value)
    if known is None:
        message = f"invalid ID field: {constant.value}"
        raise scope.refused(comparison.left.path, message, "INVALID_QUERY_FILTER_OPERATOR")
    return known
