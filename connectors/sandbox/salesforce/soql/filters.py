"""SOQL conditions into SQL, checked against the fields they compare.

SOQL knows two truth values, SQL three. What is unknown counts as false here; only `not` has to be
told so. An empty field is unequal to everything, and neither less nor greater than anything.
"""

import json
from datetime import UTC, date, datetime, time
from typing import Any

from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.schema import Field
from connectors.sandbox.salesforce.soql.bounds import common_bound
from connectors.sandbox.salesforce.soql.functions import MALFORMED, value_of
from connectors.sandbox.salesforce.soql.periods import span_of
from connectors.sandbox.salesforce.soql.scope import Scope
from connectors.sandbox.salesforce.soql.sql import Sql, Typed, is_long_text, joined
from connectors.sandbox.salesforce.soql.syntax import (
    Comparison,
    Condition,
    Constant,
    Junction,
    Negation,
    Selected,
    SemiJoin,
)
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
_SPELT = {"datetime": "dateTime", "id": "ID", "reference": "ID"}


def is_filterable(field: Field) -> bool:
    """Tell whether conditions may compare a field."""
    return field.type not in ("anyType", "address", "base64") and not is_long_text(field)


def compile_condition(scope: Scope, condition: Condition) -> Sql:
    """Return a condition as SQL.

    Raises:
        Refusal: an unknown field, or a literal of another type than its field.
    """
    match condition:
        case Junction():
            return _compile_junction(scope, condition)
        case Negation():
            part = compile_condition(scope, condition.part)
            return Sql(f"not coalesce({part.text}, 0)", part.values)
        case SemiJoin():
            return _compile_semi_join(scope, condition)
    return _compile_comparison(scope, condition)


def _compile_junction(scope: Scope, junction: Junction) -> Sql:
    whole = joined([compile_condition(scope, part) for part in junction.parts], junction.word)
    bound = common_bound(junction)
    if bound is None:
        return whole
    # What every branch implies is said once more, where an index can serve it; the branches
    # themselves are hidden from the planner, which would look each of them up and then sort.
    least = _compile_comparison(scope, bound)
    return Sql(f"({least.text} and coalesce({whole.text}, 0))", (*least.values, *whole.values))


def _compile_semi_join(scope: Scope, semi_join: SemiJoin) -> Sql:
    query, left = semi_join.query, value_of(scope, semi_join.left)
    inner = scope.inner(query.source, query.alias)
    if len(query.selected) != 1 or not isinstance(query.selected[0], Selected):
        raise inner.refused(query.source, "semi join sub-selects select one field", MALFORMED)
    found = value_of(inner, query.selected[0].expression)
    parts = [scope.org.shown(inner.known, inner.alias), Sql(f"{found.text} is not null")]
    if query.condition:
        parts.append(compile_condition(inner, query.condition))
    where = joined(parts, "and")
    word = "not in" if semi_join.negated else "in"
    inside = f"{left.text} {word} (select {found.text} from {inner.source} where {where.text})"  # noqa: S608 - columns come from the schema, values are marks
    if semi_join.negated:
        inside = f"({left.text} is null or {inside})"
    return Sql(inside, where.values)


def _compile_comparison(scope: Scope, comparison: Comparison) -> Sql:
    left, operator = value_of(scope, comparison.left), comparison.operator
    _check_operator(scope, comparison, left.field)
    if comparison.constants[0].kind == "period" and operator in _OF_PERIODS:
        return _compile_period(scope, comparison, left)
    values = tuple(_checked(scope, comparison, left.field, c) for c in comparison.constants)
    column = left.text
    if operator in ("in", "not in"):
        return _compile_list(column, values, negated=operator == "not in")
    if operator in ("includes", "excludes"):
        return _compile_choices(column, values, negated=operator == "excludes")
    if operator == "like":
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
    days = span_of(str(comparison.constants[0].value), scope.org.now.date())
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
        quotes = "should be" if wanted == "string" else "should not be"
        message = (
            f"value of filter criterion for field '{field.name}' must be of type "
            f"{_SPELT.get(field.type, field.type)} and {quotes} enclosed in quotes"
        )
        raise scope.refused(comparison.left.path, message)
    if constant.value == "":
        return None
    if field.type in ("id", "reference"):
        return _checked_id(scope, comparison, constant)
    return constant.value


def _checked_id(scope: Scope, comparison: Comparison, constant: Constant) -> str:
    known = full_id(constant.value)
    if known is None:
        message = f"invalid ID field: {constant.value}"
        raise scope.refused(comparison.left.path, message, "INVALID_QUERY_FILTER_OPERATOR")
    return known
