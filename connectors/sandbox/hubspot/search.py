"""Searching contacts: filters into SQL, one sort, pages by offset, an index that may lag."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.contacts import read_contact
from connectors.sandbox.hubspot.errors import Problem, Refusal, bad_input
from connectors.sandbox.hubspot.requests import (
    check_object_type,
    json_object,
    names_of,
    whole_number,
)
from connectors.sandbox.hubspot.schema import Property, properties
from connectors.sandbox.hubspot.values import Kept, check_value
from connectors.sandbox.hubspot.views import contact_views
from connectors.sandbox.web import Answer, Call

PAGE, RESULT_LIMIT, BODY_LIMIT = 200, 10_000, 3_000
MOST_GROUPS, MOST_FILTERS, MOST_FILTERS_IN_ALL = 5, 6, 18
_COLUMNS = {"hs_object_id": "id", "createdate": "created_at", "lastmodifieddate": "updated_at"}
_COMPARISONS = {"LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="}


@dataclass(frozen=True)
class Sql:
    """A piece of SQL and the values of its marks."""

    text: str
    values: tuple[Kept | float, ...] = ()


def search(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects/search."""
    check_object_type(call)
    body = json_object(call)
    limit = int(body.get("limit") or 10)
    offset = whole_number(str(body.get("after") or ""), "after", 0)
    _check_page(body, limit, offset)
    known = properties(sandbox.store)
    where = _compile_groups(known, body.get("filterGroups") or [])
    visible = sandbox.clock.now_ms - 1000 * sandbox.settings.hubspot_search_lag_seconds
    text = f"from hubspot_contacts where archived_at is null and updated_at <= ? and {where.text}"
    values = (visible, *where.values)
    total = int(sandbox.store.value(f"select count(*) {text}", *values))
    order = _compile_sort(known, body.get("sorts") or [])
    page = f"select * {text} order by {order} limit ? offset ?"
    found = [read_contact(row) for row in sandbox.store.rows(page, *values, limit, offset)]
    answer: dict[str, Any] = {
        "total": total,
        "results": contact_views(sandbox.store, found, names_of(body, "properties")),
    }
    if offset + limit < total:
        answer["paging"] = {"next": {"after": str(offset + limit)}}
    return Answer(200, answer)


def _check_page(body: Mapping[str, Any], limit: int, offset: int) -> None:
    if not 0 < limit <= PAGE:
        raise bad_input(f"limit must be between 1 and {PAGE}, was {limit}")
    if offset + limit > RESULT_LIMIT:
        raise bad_input(f"The search can only return up to {RESULT_LIMIT} results")
    if len(str(body.get("query") or "")) > BODY_LIMIT:
        raise bad_input(f"The query is longer than {BODY_LIMIT} characters")
    if len(body.get("sorts") or []) > 1:
        raise bad_input("Only one sort is allowed")


def _compile_groups(known: Mapping[str, Property], groups: Sequence[Mapping[str, Any]]) -> Sql:
    filters = [group.get("filters") or [] for group in groups]
    if len(groups) > MOST_GROUPS or any(len(group) > MOST_FILTERS for group in filters):
        raise bad_input(f"Up to {MOST_GROUPS} groups of {MOST_FILTERS} filters are allowed")
    if sum(len(group) for group in filters) > MOST_FILTERS_IN_ALL:
        raise bad_input(f"Up to {MOST_FILTERS_IN_ALL} filters are allowed in all")
    compiled = [_join(" and ", [_compile_filter(known, f) for f in group]) for group in filters]
    return _join(" or ", compiled)


def _join(word: str, parts: Sequence[Sql]) -> Sql:
    if not parts:
        return Sql("1")
    text = word.join(part.text for part in parts)
    return Sql(f"({text})", tuple(value for part in parts for value in part.values))


def _compile_filter(known: Mapping[str, Property], given: Mapping[str, Any]) -> Sql:
    name, operator = str(given.get("propertyName")), str(given.get("operator"))
    if name not in known:
        raise bad_input(f"There was a problem with the request: no property called {name}")
    column = _column(known[name])
    if operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
        return Sql(f"({column} is {'not ' if operator == 'HAS_PROPERTY' else ''}null)")
    if operator in ("IN", "NOT_IN"):
        return _compile_list(known[name], given, operator)
    if operator in ("CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"):
        return _compile_token(column, given, operator)
    value = _operand(known[name], given.get("value"))
    if operator in ("EQ", "NEQ"):
        return Sql(f"({column} is {'' if operator == 'EQ' else 'not '}?)", (value,))
    if operator == "BETWEEN":
        high = _operand(known[name], given.get("highValue"))
        return Sql(f"coalesce({column} between ? and ?, 0)", (value, high))
    if operator not in _COMPARISONS:
        raise bad_input(f"Invalid operator: {operator}")
    return Sql(f"coalesce({column} {_COMPARISONS[operator]} ?, 0)", (value,))


def _compile_list(known: Property, given: Mapping[str, Any], operator: str) -> Sql:
    values = tuple(_operand(known, value) for value in given.get("values") or ())
    if not values:
        raise bad_input(f"values is required by the operator {operator}")
    text = f"coalesce({_column(known)} in ({', '.join('?' for _ in values)}), 0)"
    return Sql(text if operator == "IN" else f"(not {text})", values)


def _compile_token(column: str, given: Mapping[str, Any], operator: str) -> Sql:
    pattern = str(given.get("value", "")).lower().replace("*", "%")
    text = f"(coalesce({column}, '') like ?)"
    return Sql(text if operator == "CONTAINS_TOKEN" else f"(not {text})", (f"%{pattern}%",))


def _column(known: Property) -> str:
    if known.name in _COLUMNS:
        return _COLUMNS[known.name]
    kept = f"json_extract(properties, '$.{known.name}')"
    if known.type == "number":
        return f"cast({kept} as real)"
    return kept if known.type == "datetime" else f"lower({kept})"


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


def _compile_sort(known: Mapping[str, Property], sorts: Sequence[Any]) -> str:
    if not sorts:
        return "id"
    given = sorts[0] if isinstance(sorts[0], dict) else {"propertyName": str(sorts[0])}
    name = str(given.get("propertyName"))
    if name not in known:
        raise bad_input(f"There was a problem with the request: no property called {name}")
    direction = "desc" if str(given.get("direction", "")).upper().startswith("DESC") else "asc"
    # Ties come in no promised order: a client that counts on ids is found out.
    return f"{_column(known[name])} {direction}, id % 7, id"
