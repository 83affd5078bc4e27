"""The filters and the sort of a search, compiled into SQL over rows of hubspot_records."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.calculated import calculation, known_properties
from connectors.sandbox.hubspot.errors import bad_input
from connectors.sandbox.hubspot.filter_operators import OPERATORS, POSITIVE, Sql, join
from connectors.sandbox.hubspot.object_types import ObjectType, object_type_named
from connectors.sandbox.hubspot.requests import objects_of, texts_of
from connectors.sandbox.hubspot.schema import Property
from connectors.sandbox.hubspot.sql_text import begins_word, property_sql, words_of, words_sql
from connectors.sandbox.store import literal

MOST_GROUPS, MOST_FILTERS, MOST_FILTERS_IN_ALL = 5, 6, 18
ASSOCIATIONS = "associations."


@dataclass(frozen=True)
class Searchable:
    """What the filters and the sort of a search may name: an object's properties."""

    sandbox: Sandbox
    object_type: ObjectType

    def property(self, name: str) -> Property:
        """Return a property by its name.

        Raises:
            Refusal: there is none.
        """
        known = known_properties(self.sandbox.store, self.object_type, [name])
        if name not in known:
            raise bad_input(f"There was a problem with the request: no property called {name}")
        return known[name]

    def column(self, known: Property) -> str:
        """Return the SQL of a property's value; of one that was cleared it is null."""
        own = {
            "hs_object_id": "id",
            self.object_type.created: "created_at",
            self.object_type.modified: "updated_at",
        }
        if known.name in own:
            return own[known.name]
        column = calculation(self.sandbox, self.object_type, known.name)
        if column is None:
            column = f"nullif({property_sql(known.name)}, '')"
        if known.type == "number":
            return f"cast({column} as real)"
        return column if known.type == "datetime" else f"lower({column})"


def groups_of(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the filter groups of a search; `filters` outside of them are a group of their own."""
    alone = objects_of(body, "filters")
    return [*objects_of(body, "filterGroups"), *([{"filters": alone}] if alone else [])]


def compile_groups(searchable: Searchable, groups: Sequence[Mapping[str, Any]]) -> Sql:
    """Return the condition of filter groups: alternatives, each of filters that all hold.

    Raises:
        Refusal: too many, an unknown property or operator, or a value that does not fit.
    """
    filters = [objects_of(group, "filters") for group in groups]
    if len(groups) > MOST_GROUPS or any(len(group) > MOST_FILTERS for group in filters):
        raise bad_input(f"Up to {MOST_GROUPS} groups of {MOST_FILTERS} filters are allowed")
    if sum(len(group) for group in filters) > MOST_FILTERS_IN_ALL:
        raise bad_input(f"Up to {MOST_FILTERS_IN_ALL} filters are allowed in all")
    compiled = [join(" and ", [_compile_filter(searchable, f) for f in group]) for group in filters]
    return join(" or ", compiled)


def compile_query(searchable: Searchable, text: str) -> Sql:
    """Return the condition of a search's `query`: each word begins one in a searchable property."""
    words = words_of(text).replace("*", "").split()
    names = searchable.object_type.searchable
    if not words or not names:
        return Sql("1")
    texts = (f"coalesce({property_sql(name)}, '')" for name in names)
    searched = words_sql(" || ' ' || ".join(texts))
    # One list rather than a condition for each word: SQLite takes no deep heap of conditions.
    missing = f"select 1 from json_each(?) where {searched} not glob value"  # noqa: S608 - ours
    patterns = json.dumps([begins_word(word) for word in dict.fromkeys(words)])
    return Sql(f"(not exists ({missing}))", (patterns,))


def _compile_filter(searchable: Searchable, given: Mapping[str, Any]) -> Sql:
    name, operator = str(given.get("propertyName")), str(given.get("operator"))
    positive, is_negated = POSITIVE.get(operator, (operator, False))
    if positive not in OPERATORS:
        raise bad_input(f"Invalid operator: {operator}")
    if name.startswith(ASSOCIATIONS):
        made = _compile_association(name.removeprefix(ASSOCIATIONS), given, positive)
    else:
        known = searchable.property(name)
        made = OPERATORS[positive](known, searchable.column(known), given)
    return made.negated() if is_negated else made


def _compile_association(to_name: str, given: Mapping[str, Any], operator: str) -> Sql:
    """Return the condition of `associations.contact` and its like; custom objects have none."""
    to_type = object_type_named(to_name)
    listed = texts_of(given, "values") if operator == "IN" else [str(given.get("value"))]
    if to_type is None or operator not in ("HAS_PROPERTY", "EQ", "IN"):
        raise bad_input(f"There was a problem with the request: bad filter on {to_name}")
    named = ""
    if operator != "HAS_PROPERTY":
        named = f"and other.id in ({', '.join('?' for _ in listed)})"
    values = tuple(listed) if named else ()
    return Sql(_ASSOCIATED.format(to_type=literal(to_type.name), named=named), values)


_ASSOCIATED = """exists (
    select 1 from hubspot_associations as held
    join hubspot_records as other on other.object_type = held.to_type and other.id = held.to_id
    where held.from_type = hubspot_records.object_type and held.from_id = hubspot_records.id
        and held.to_type = {to_type} and other.archived_at is null {named})"""


def sorts_of(body: Mapping[str, Any]) -> list[Any]:
    """Return what a search is sorted by.

    Raises:
        Refusal: it is no list.
    """
    sorts = body.get("sorts") or []
    if not isinstance(sorts, list):
        raise bad_input("Invalid input JSON: sorts must be a list")
    return sorts


def compile_sort(searchable: Searchable, body: Mapping[str, Any]) -> str:
    """Return the order of a search: unless its body sorts, by creation or by id.

    Raises:
        Refusal: it sorts by an unknown property, or in another direction than up or down.
    """
    sorts = sorts_of(body)
    if not sorts:
        return "created_at, id" if searchable.sandbox.settings.hubspot_search_by_creation else "id"
    given = sorts[0] if isinstance(sorts[0], dict) else _sort_in_text(str(sorts[0]))
    column = searchable.column(searchable.property(str(given.get("propertyName"))))
    direction = str(given.get("direction", "ASCENDING"))
    if direction not in _DIRECTIONS:
        names = " or ".join(_DIRECTIONS)
        raise bad_input(f"Invalid input JSON: direction must be {names}, was {direction}")
    # Ties come in no promised order: a client that counts on ids is found out.
    return f"{column} {_DIRECTIONS[direction]}, id % 7, id"


_DIRECTIONS = {"ASCENDING": "asc", "DESCENDING": "desc"}


def _sort_in_text(text: str) -> dict[str, str]:
    """Return a sort given as the name of a property, with a minus before it to go down."""
    direction = "DESCENDING" if text.startswith("-") else "ASCENDING"
    return {"propertyName": text.removeprefix("-"), "direction": direction}
