"""A query as SQL: what is selected from where, in which order, and how rows become records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.permissions import INTEGRATION_USER
from connectors.sandbox.salesforce.schema import Field, ObjectType
from connectors.sandbox.salesforce.soql.filters import compile_condition
from connectors.sandbox.salesforce.soql.functions import MALFORMED, value_of
from connectors.sandbox.salesforce.soql.org import Org
from connectors.sandbox.salesforce.soql.scope import Scope, find_object
from connectors.sandbox.salesforce.soql.sql import Sql, Typed, is_long_text, joined
from connectors.sandbox.salesforce.soql.syntax import (
    Children,
    Expression,
    FieldSet,
    Ordering,
    Path,
    Query,
    Selected,
)

FIELDS_LIMIT, OFFSET_LIMIT = 200, 2_000


@dataclass(frozen=True)
class Output:
    """One selected value: the relationships and the name that lead to it in a record."""

    way: tuple[str, ...]
    name: str
    value: Typed

    @property
    def header(self) -> str:
        """The name of its column in a CSV file, such as `Account.Name`."""
        return ".".join((*self.way, self.name))


@dataclass(frozen=True)
class Plan:
    """A query that finds records, as SQL.

    Attributes:
        scope: What its names mean; also of the queries within it.
        outputs: What is selected, in the order asked for.
        where: Which records are found.
        order: The ORDER BY clause.
        limits: The LIMIT clause with its OFFSET.
        children: Queries in the field list.
    """

    scope: Scope
    outputs: tuple[Output, ...]
    where: Sql
    order: str = ""
    limits: str = ""
    children: tuple[Query, ...] = ()

    @property
    def known(self) -> ObjectType:
        """The object whose records are found."""
        return self.scope.known

    @property
    def long_texts(self) -> int:
        """How many long text areas are selected, which make pages shorter."""
        return sum(is_long_text(output.value.field) for output in self.outputs)

    def select(self, columns: Sequence[str]) -> Sql:
        """Return the SQL that finds the records and reads the given columns of each."""
        text = (
            f"select {', '.join(columns)} from {self.scope.source} "  # noqa: S608 - columns come from the schema, values are marks
            f"where {self.where.text}{self.order}{self.limits}"
        )
        return Sql(text, self.where.values)

    def select_by_id(self, columns: Sequence[str]) -> str:
        """Return SQL that reads columns of records whose ids one mark gives as a JSON list."""
        return (
            f"select {', '.join(columns)} from {self.scope.source} "  # noqa: S608 - columns come from the schema
            f"where {self.scope.alias}.Id in (select value from json_each(?))"
        )


def plan_query(org: Org, soql: str, query: Query) -> Plan:
    """Return the SQL of a query that finds records, or counts them by `count()`.

    Raises:
        Refusal: INVALID_TYPE, INVALID_FIELD, MALFORMED_QUERY and others, with the place.
    """
    known = find_object(org, soql, query.source)
    scope = Scope(org, soql, known, "r", query.alias)
    return plan_in(scope, query)


def plan_in(scope: Scope, query: Query) -> Plan:
    """Return the SQL of a query within a scope of its own.

    Raises:
        Refusal: as for `plan_query`.
    """
    return Plan(
        scope,
        tuple(_outputs(scope, query)),
        condition_of(scope, query),
        _order(scope, query.orderings),
        limits_of(query),
        tuple(entry.query for entry in query.selected if isinstance(entry, Children)),
    )


def limits_of(query: Query) -> str:
    """Return the LIMIT clause of a query with its OFFSET.

    Raises:
        Refusal: NUMBER_OUTSIDE_VALID_RANGE.
    """
    if query.offset > OFFSET_LIMIT:
        message = f"Maximum SOQL offset allowed is {OFFSET_LIMIT}"
        raise Refusal("NUMBER_OUTSIDE_VALID_RANGE", message)
    if query.limit is None and not query.offset:
        return ""
    return f" limit {-1 if query.limit is None else query.limit} offset {query.offset}"


def plan_fields(org: Org, known: ObjectType, names: Sequence[str]) -> Plan:
    """Return the SQL that reads fields of records by id, hidden ones too.

    Raises:
        Refusal: an unknown or hidden field.
    """
    scope = Scope(org, ", ".join(names), known, "r")
    query = Query(
        tuple(Selected(Expression(Path(name, scope.soql.find(name)))) for name in names),
        Path(known.name, 0),
    )
    return Plan(scope, tuple(_outputs(scope, query)), Sql("1"))


def condition_of(scope: Scope, query: Query) -> Sql:
    """Return which rows a query finds: those that show at all and meet its condition.

    Raises:
        Refusal: an unknown field, or a literal of another type than its field.
    """
    parts = [] if query.condition is None else [compile_condition(scope, query.condition)]
    if query.mine:
        parts.append(Sql(f"{scope.alias}.OwnerId = ?", (INTEGRATION_USER,)))
    return joined([*parts, scope.org.shown(scope.known, scope.alias)], "and")


def _outputs(scope: Scope, query: Query) -> Iterator[Output]:
    seen: set[tuple[str, ...]] = set()
    for path in _paths(scope, query):
        table, name = scope.locate(path)
        value = scope.column_of(table, name, path)
        key = (*table.way, value.field.name)
        if key in seen:
            raise Refusal("INVALID_FIELD", f"duplicate field selected: {path.text}")
        seen.add(key)
        yield Output(table.way, value.field.name, value)


def _paths(scope: Scope, query: Query) -> Iterator[Path]:
    for entry in query.selected:
        if isinstance(entry, FieldSet):
            yield from _field_set(scope, entry, query.limit)
        elif isinstance(entry, Selected):
            if entry.alias:
                what = "only aggregate expressions use field aliasing"
                raise scope.refused(entry.expression.path, what, MALFORMED)
            if entry.expression.function not in ("", "tolabel"):
                value_of(scope, entry.expression)
                what = f"Field must be grouped or aggregated: {entry.expression.path.text}"
                raise scope.refused(entry.expression.path, what, MALFORMED)
            yield entry.expression.path


def _field_set(scope: Scope, entry: FieldSet, limit: int | None) -> Iterator[Path]:
    if entry.group != "standard" and (limit is None or limit > FIELDS_LIMIT):
        message = f"The SOQL FIELDS function must have a LIMIT of at most {FIELDS_LIMIT}"
        raise Refusal(MALFORMED, message)
    for known in scope.org.fields_of(scope.known).values():
        if entry.group == "all" or known.custom == (entry.group == "custom"):
            yield Path(known.name, entry.start)


def _order(scope: Scope, orderings: tuple[Ordering, ...]) -> str:
    """Return the ORDER BY clause.

    Salesforce leaves rows that tie in no order; here they come newest first, so that a client that
    counts on ties coming by id is found out.
    """
    parts, ties = [], True
    for ordering in orderings:
        value = value_of(scope, ordering.by)
        if not is_sortable(value.field):
            message = f"field '{value.field.name}' can not be sorted in a query call"
            raise scope.refused(ordering.by.path, message)
        parts.append(order_of(value, ordering))
        ties = ties and (value.field.type != "id" or "." in ordering.by.path.text)
    return " order by " + ", ".join([*parts, f"{scope.alias}.rowid desc"] if ties else parts)


def order_of(value: Typed, ordering: Ordering) -> str:
    """Return one entry of an ORDER BY clause."""
    direction = "desc" if ordering.descending else "asc"
    if not value.field.nillable:
        # Without a word on nulls an index serves the order.
        return f"{value.text} {direction}"
    return f"{value.text} {direction} nulls {'last' if ordering.nulls_last else 'first'}"


def is_sortable(known: Field) -> bool:
    """Tell whether queries may sort by a field."""
    return known.type not in ("anyType", "address", "base64") and not is_long_text(known)
