"""Searching the records of any object: pages by offset, over an index that may lag."""

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.answers import mixed
from connectors.sandbox.hubspot.errors import bad_input
from connectors.sandbox.hubspot.filters import (
    Searchable,
    compile_groups,
    compile_query,
    compile_sort,
    groups_of,
    sorts_of,
)
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.records import Record, find_record, read_record
from connectors.sandbox.hubspot.requests import (
    json_object,
    object_of,
    texts_of,
    whole_number,
    whole_of,
)
from connectors.sandbox.hubspot.search_index import indexed_records
from connectors.sandbox.hubspot.views import Asked, record_views
from connectors.sandbox.web import Answer, Call, Endpoint

PAGE, RESULT_LIMIT, QUERY_LIMIT = 200, 10_000, 3_000


def search(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects/search."""
    object_type, body = object_of(sandbox, call), json_object(call)
    limit = whole_of(body, "limit", 10)
    offset = whole_number(str(body.get("after") or ""), "after", 0)
    _check_size(sandbox, call)
    _check_page(body, limit, offset)
    total, found = _find(sandbox, object_type, body, limit, offset)
    asked = Asked(texts_of(body, "properties"))
    results = record_views(sandbox, object_type, found, asked)
    answer: dict[str, Any] = {"total": total, "results": results}
    if offset + limit < total:
        answer["paging"] = {"next": {"after": str(offset + limit)}}
    return Answer(200, answer)


def _check_size(sandbox: Sandbox, call: Call) -> None:
    most = sandbox.settings.hubspot_search_body_limit
    if most and len(call.body.decode(errors="replace")) > most:
        raise bad_input(f"The request body is longer than {most} characters")


def _check_page(body: Mapping[str, Any], limit: int, offset: int) -> None:
    if not 0 < limit <= PAGE:
        raise bad_input(f"limit must be between 1 and {PAGE}, was {limit}")
    if offset + limit > RESULT_LIMIT:
        raise bad_input(f"The search can only return up to {RESULT_LIMIT} results")
    if len(str(body.get("query") or "")) > QUERY_LIMIT:
        raise bad_input(f"The query is longer than {QUERY_LIMIT} characters")
    if len(sorts_of(body)) > 1:
        raise bad_input("Only one sort is allowed")


def _find(
    sandbox: Sandbox, object_type: ObjectType, body: Mapping[str, Any], limit: int, offset: int
) -> tuple[int, Sequence[Record]]:
    """Return how many records a search finds, and those of its page."""
    searchable = Searchable(sandbox, object_type)
    where = compile_groups(searchable, groups_of(body))
    query = compile_query(searchable, str(body.get("query") or ""))
    text = f"from {indexed_records(sandbox, object_type)} where {where.text} and {query.text}"
    values = (*where.values, *query.values)
    total = int(sandbox.store.value(f"select count(*) {text}", *values))
    page = f"select * {text} order by {compile_sort(searchable, body)} limit ? offset ?"
    rows = sandbox.store.rows(page, *values, limit, offset)
    read = (_as_shown(sandbox, read_record(object_type, row)) for row in rows)
    found = [record for record in read if record is not None]
    if sandbox.settings.hubspot_search_shuffles:
        return total, mixed(sandbox, found, offset)
    return total, found


def _as_shown(sandbox: Sandbox, indexed: Record) -> Record | None:
    """Return a record as it is by now, where the index that found it may be behind.

    None is one that was archived since: it is counted still, and not shown.
    """
    settings = sandbox.settings
    if settings.hubspot_search_lag_seconds == 0 or not settings.hubspot_search_shows_current:
        return indexed
    return find_record(sandbox.store, indexed.object_type, indexed.id)


ENDPOINTS = (Endpoint("POST", "/crm/v3/objects/{object}/search", search, "search"),)
