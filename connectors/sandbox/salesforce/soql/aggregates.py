"""Queries that count and add up: one record for each group, or one for all.

Source: SOQL and SOSL Reference, "GROUP BY" and "Aggregate Functions". That names have 25
characters at most, its refusal tells: "alias is too long, maximum of 25 characters"
(github.com/abhinavguptas/Salesforce-Lookup-Rollup-Summaries issue 1).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.sandbox.salesforce.schema import Field
from connectors.sandbox.salesforce.soql.filters import compile_condition
from connectors.sandbox.salesforce.soql.functions import AGGREGATES, MALFORMED, value_of
from connectors.sandbox.salesforce.soql.org import Org
from connectors.sandbox.salesforce.soql.plan import condition_of, limits_of, order_of
from connectors.sandbox.salesforce.soql.scope import Scope, find_object
from connectors.sandbox.salesforce.soql.sql import Sql, Typed, is_long_text
from connectors.sandbox.salesforce.soql.syntax import (
    Comparison,
    Condition,
    Expression,
    Junction,
    Negation,
    Ordering,
    Query,
    Selected,
    SemiJoin,
)

_LONGEST_ALIAS = 25
_UNGROUPABLE = frozenset({"datetime", "double", "currency", "percent", "anyType", "address"})


@dataclass(frozen=True)
class AggregatePlan:
    """A query for groups, as SQL: one column for each name."""

    names: tuple[str, ...]
    values: tuple[Typed, ...]
    sql: Sql


def is_aggregate(query: Query) -> bool:
    """Tell whether a query is for groups rather than for records."""
    return bool(query.groupings) or any(
        isinstance(entry, Selected) and entry.expression.function in AGGREGATES
        for entry in query.selected
    )


def is_groupable(field: Field) -> bool:
    """Tell whether queries may group by a field."""
    return field.type not in _UNGROUPABLE and not is_long_text(field)


def plan_aggregate(org: Org, soql: str, query: Query) -> AggregatePlan:
    """Return the SQL of a query for groups.

    Raises:
        Refusal: unknown fields, and fields that are neither grouped by nor aggregated.
    """
    scope = Scope(org, soql, find_object(org, soql, query.source), "r", query.alias)
    if query.limit is not None and not query.groupings:
        what = "Non-grouped query that uses overall aggregate functions cannot also use LIMIT"
        raise scope.refused(query.source, what, MALFORMED)
    where = condition_of(scope, query)
    groups = [_group(scope, grouping) for grouping in query.groupings]
    scope.aggregates = True
    columns = _columns(scope, query)
    for expression in (*_compared(query.having), *(one.by for one in query.orderings)):
        _check_grouped(scope, query, expression)
    having = Sql("1") if query.having is None else compile_condition(scope, query.having)
    order = _order(scope, query.orderings, groups)
    grouped = f" group by {', '.join(groups)} having {having.text}" if groups else ""
    text = (
        f"select {', '.join(value.text for value in columns.values())} from {scope.source} "  # noqa: S608 - columns come from the schema, values are marks
        f"where {where.text}{grouped}{order}{limits_of(query)}"
    )
    values = (*where.values, *having.values) if groups else where.values
    return AggregatePlan(tuple(columns), tuple(columns.values()), Sql(text, values))


def _group(scope: Scope, grouping: Expression) -> str:
    value = value_of(scope, grouping)
    if not is_groupable(value.field):
        message = f"field '{value.field.name}' can not be grouped in a query call"
        raise scope.refused(grouping.path, message)
    return value.text


def _columns(scope: Scope, query: Query) -> dict[str, Typed]:
    columns: dict[str, Typed] = {}
    unnamed = 0
    for entry in query.selected:
        if not isinstance(entry, Selected):
            raise scope.refused(query.source, "Field must be grouped or aggregated", MALFORMED)
        expression, name = entry.expression, entry.alias
        if len(name) > _LONGEST_ALIAS:
            what = f"alias is too long, maximum of {_LONGEST_ALIAS} characters: {name}"
            raise scope.refused(expression.path, what, MALFORMED)
        _check_grouped(scope, query, expression)
        if not name and expression.function:
            name, unnamed = f"expr{unnamed}", unnamed + 1
        value = value_of(scope, expression)
        name = name or value.field.name
        if name in columns:
            raise scope.refused(expression.path, f"duplicate alias: {name}", MALFORMED)
        columns[name] = value
    return columns


def _check_grouped(scope: Scope, query: Query, expression: Expression) -> None:
    grouped = {(one.function, one.path.text.lower()) for one in query.groupings}
    is_grouped = (expression.function, expression.path.text.lower()) in grouped
    if not is_grouped and expression.function not in AGGREGATES:
        what = f"Field must be grouped or aggregated: {expression.path.text}"
        raise scope.refused(expression.path, what, MALFORMED)


def _compared(condition: Condition | None) -> Iterator[Expression]:
    """Yield what a condition compares."""
    match condition:
        case Junction():
            for part in condition.parts:
                yield from _compared(part)
        case Negation():
            yield from _compared(condition.part)
        case Comparison() | SemiJoin():
            yield condition.left


def _order(scope: Scope, orderings: tuple[Ordering, ...], groups: list[str]) -> str:
    parts = [order_of(value_of(scope, ordering.by), ordering) for ordering in orderings]
    # Groups that tie come in a fixed order, so that the same request has the same answer.
    listed = [*parts, *groups]
    return f" order by {', '.join(listed)}" if listed else ""
