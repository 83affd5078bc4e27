"""The filters and the sort of a search, compiled into SQL."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.hubspot.errors import Problem, Refusal, bad_input
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.pipelines import Stage, stages_of
from connectors.sandbox.hubspot.schema import Property, properties
from connectors.sandbox.hubspot.values import Kept, check_value
from connectors.sandbox.store import Store

MOST_GROUPS, MOST_FILTERS, MOST_FILTERS_IN_ALL = 5, 6, 18
_COMPARISONS = {"LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="}


@dataclass(frozen=True)
class Sql:
    """A piece of SQL and the values of its marks."""

    text: str
    values: tuple[Kept | float, ...] = ()


@dataclass(frozen=True)
class Schema:
    """What the filters and the sort of a search may name: an object's properties."""

    known: Mapping[str, Property]
    columns: Mapping[str, str]
    """SQL of the properties that are no part of the kept values."""

    def property(self, name: str) -> Property:
        """Return a property by its name.

        Raises:
            Refusal: there is none.
        """
        if name not in self.known:
            raise bad_input(f"There was a problem with the request: no property called {name}")
        return self.known[name]

    def column(self, known: Property) -> str:
        """Return the SQL of a property's value."""
        if known.name in self.columns:
            return self.columns[known.name]
        kept = f"json_extract(properties, '$.{known.name}')"
        if known.type == "number":
            return f"cast({kept} as real)"
        return kept if known.type == "datetime" else f"lower({kept})"


def schema_of(store: Store, object_type: ObjectType) -> Schema:
    """Return what a search of an object may name."""
    columns = {
        "hs_object_id": "id",
        object_type.created: "created_at",
        object_type.modified: "updated_at",
        "hs_email_domain": "lower(substr(email, instr(email, '@') + 1))",
        "hs_is_closed": _stage_is_one_of(object_type, lambda stage: stage.is_closed),
        "hs_is_closed_won": _stage_is_one_of(object_type, lambda stage: stage.is_won),
    }
    return Schema(properties(store, object_type.name), columns)


def _stage_is_one_of(object_type: ObjectType, fits: Callable[[Stage], bool]) -> str:
    """Return SQL that says true or false of a deal's stage."""
    stages = ", ".join(f"'{s.id}'" for s in stages_of(object_type.name) if fits(s))
    held = "coalesce(json_extract(properties, '$.dealstage'), '')"
    return f"iif({held} in ({stages}), 'true', 'false')"


def compile_groups(schema: Schema, groups: Sequence[Mapping[str, Any]]) -> Sql:
    """Return the condition of filter groups: alternatives, each of filters that all hold.

    Raises:
        Refusal: too many, an unknown property or operator, or a value that does not fit.
    """
    filters = [group.get("filters") or [] for group in groups]
    if len(groups) > MOST_GROUPS or any(len(group) > MOST_FILTERS for group in filters):
        raise bad_input(f"Up to {MOST_GROUPS} groups of {MOST_FILTERS} filters are allowed")
    if sum(len(group) for group in filters) > MOST_FILTERS_IN_ALL:
        raise bad_input(f"Up to {MOST_FILTERS_IN_ALL} filters are allowed in all")
    compiled = [_join(" and ", [_compile_filter(schema, f) for f in group]) for group in filters]
    return _join(" or ", compiled)


def _join(word: str, parts: Sequence[Sql]) -> Sql:
    if not parts:
        return Sql("1")
    text = word.join(part.text for part in parts)
    return Sql(f"({text})", tuple(value for part in parts for value in part.values))


def _compile_filter(schema: Schema, given: Mapping[str, Any]) -> Sql:
    known, operator = schema.property(str(given.get("propertyName"))), str(given.get("operator"))
    column = schema.column(known)
    if operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
        return Sql(f"({column} is {'not ' if operator == 'HAS_PROPERTY' else ''}null)")
    if operator in ("IN", "NOT_IN"):
        return _compile_list(known, column, given, operator)
    if operator in ("CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"):
        return _compile_token(column, given, operator)
    value = _operand(known, given.get("value"))
    if operator in ("EQ", "NEQ"):
        return Sql(f"({column} is {'' if operator == 'EQ' else 'not '}?)", (value,))
    if operator == "BETWEEN":
        high = _operand(known, given.get("highValue"))
        return Sql(f"coalesce({column} between ? and ?, 0)", (value, high))
    if operator not in _COMPARISONS:
        raise bad_input(f"Invalid operator: {operator}")
    return Sql(f"coalesce({column} {_COMPARISONS[operator]} ?, 0)", (value,))


def _compile_list(known: Property, column: str, given: Mapping[str, Any], operator: str) -> Sql:
    values = tuple(_operand(known, value) for value in given.get("values") or ())
    if not values:
        raise bad_input(f"values is required by the operator {operator}")
    text = f"coalesce({column} in ({', '.join('?' for _ in values)}), 0)"
    return Sql(text if operator == "IN" else f"(not {text})", values)


def _compile_token(column: str, given: Mapping[str, Any], operator: str) -> Sql:
    pattern = str(given.get("value", "")).lower().replace("*", "%")
    text = f"(coalesce({column}, '') like ?)"
    return Sql(text if operator == "CONTAINS_TOKEN" else f"(not {text})", (f"%{pattern}%",))


def _operand(known: Property, value: Any) -> Kept | float:
    if value is None:
        raise bad_input(f"value is required by the filter on {known.name}")
    if known.type not in ("datetime", "number"):
        return str(value).lower()
    writable = Property(known.name, known.label, known.type, known.field_type, known.group)
    checked = check_value(writable, value)
    if isinstance(checked, Problem) or checked is None:
        raise Refusal(f"There was a problem with the request: bad value for {known.name}")
    return checked if known.type == "datetime" else float(checked)


def compile_sort(schema: Schema, body: Mapping[str, Any]) -> str:
    """Return the order of a search: by id unless its body sorts.

    Raises:
        Refusal: it sorts by an unknown property.
    """
    sorts = body.get("sorts") or []
    if not sorts:
        return "id"
    given = sorts[0] if isinstance(sorts[0], dict) else {"propertyName": str(sorts[0])}
    column = schema.column(schema.property(str(given.get("propertyName"))))
    direction = "desc" if str(given.get("direction", "")).upper().startswith("DESC") else "asc"
    # Ties come in no promised order: a client that counts on ids is found out.
    return f"{column} {direction}, id % 7, id"
