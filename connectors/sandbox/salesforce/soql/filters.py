"""SOQL conditions into SQL.

SOQL knows two truth values, SQL three. What is unknown counts as false here; only `not` has to be
told so.
"""

from connectors.sandbox.salesforce.soql.bounds import common_bound
from connectors.sandbox.salesforce.soql.comparisons import compile_comparison
from connectors.sandbox.salesforce.soql.functions import MALFORMED, value_of
from connectors.sandbox.salesforce.soql.scope import Scope
from connectors.sandbox.salesforce.soql.sql import Sql, joined
from connectors.sandbox.salesforce.soql.syntax import (
    Condition,
    Expression,
    Junction,
    Negation,
    Query,
    Selected,
    SemiJoin,
)


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
    return compile_comparison(scope, condition)


def _compile_junction(scope: Scope, junction: Junction) -> Sql:
    whole = joined([compile_condition(scope, part) for part in junction.parts], junction.word)
    bound = common_bound(junction)
    if bound is None:
        return whole
    # What every branch implies is said once more, where an index can serve it; the branches
    # themselves are hidden from the planner, which would look each of them up and then sort.
    least = compile_comparison(scope, bound)
    return Sql(f"({least.text} and coalesce({whole.text}, 0))", (*least.values, *whole.values))


def _compile_semi_join(scope: Scope, semi_join: SemiJoin) -> Sql:
    query, left = semi_join.query, value_of(scope, semi_join.left)
    inner = scope.inner(query.source, query.alias)
    wanted = _wanted(inner, query)
    _check_targets(scope, semi_join, inner, wanted)
    found = value_of(inner, wanted)
    parts = [scope.org.shown(inner.known, inner.alias), Sql(f"{found.text} is not null")]
    if query.condition:
        parts.append(compile_condition(inner, query.condition))
    where = joined(parts, "and")
    word = "not in" if semi_join.negated else "in"
    inside = f"{left.text} {word} (select {found.text} from {inner.source} where {where.text})"  # noqa: S608 - columns come from the schema, values are marks
    if semi_join.negated:
        inside = f"({left.text} is null or {inside})"
    return Sql(inside, where.values)


def _wanted(inner: Scope, query: Query) -> Expression:
    """Return the field that the query of a semi-join selects.

    Raises:
        Refusal: it selects no field or several, or has clauses that such a query may not have.
    """
    limited = query.limit is not None or query.offset
    if query.orderings or query.groupings or limited or query.mine:
        what = "semi join sub-selects take no ORDER BY, GROUP BY, LIMIT, OFFSET or USING SCOPE"
        raise inner.refused(query.source, what, MALFORMED)
    if len(query.selected) != 1 or not isinstance(query.selected[0], Selected):
        raise inner.refused(query.source, "semi join sub-selects select one field", MALFORMED)
    return query.selected[0].expression


def _check_targets(scope: Scope, semi_join: SemiJoin, inner: Scope, wanted: Expression) -> None:
    """Check that both sides of a semi-join are ids of records of one object.

    Raises:
        Refusal: MALFORMED_QUERY.
    """
    names = _targets(inner, wanted)
    if not names:
        what = f"Semi join sub-selects can only query id fields, cannot use: '{wanted.path.text}'"
        raise inner.refused(wanted.path, what, MALFORMED)
    if not names & _targets(scope, semi_join.left):
        what = (
            f"The selected field '{wanted.path.text}' in the subquery and the left operand field "
            f"'{semi_join.left.path.text}' in the where expression in the outer query should point "
            "to the same object type"
        )
        raise scope.refused(semi_join.left.path, what, MALFORMED)


def _targets(scope: Scope, expression: Expression) -> set[str]:
    """Return the names of the objects whose records a value is the id of; none for others."""
    field = value_of(scope, expression).field
    if field.type == "id":
        table, _ = scope.locate(expression.path)
        return {known.name for known, _ in table.sources}
    return set(field.refers_to)
