"""Searching the records of any object: pages by offset, over an index that may lag."""

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.errors import bad_input
from connectors.sandbox.hubspot.filters import compile_groups, compile_sort, schema_of
from connectors.sandbox.hubspot.records import read_record
from connectors.sandbox.hubspot.requests import (
    json_object,
    names_of,
    object_of,
    whole_number,
)
from connectors.sandbox.hubspot.views import Asked, record_views
from connectors.sandbox.web import Answer, Call

PAGE, RESULT_LIMIT, BODY_LIMIT = 200, 10_000, 3_000


def search(sandbox: Sandbox, call: Call) -> Answer:
    """POST objects/search."""
    object_type, body = object_of(call), json_object(call)
    limit = int(body.get("limit") or 10)
    offset = whole_number(str(body.get("after") or ""), "after", 0)
    _check_page(body, limit, offset)
    schema = schema_of(sandbox.store, object_type)
    where = compile_groups(schema, body.get("filterGroups") or [])
    visible = sandbox.clock.now_ms - 1000 * sandbox.settings.hubspot_search_lag_seconds
    text = (
        "from hubspot_records where object_type = ? and archived_at is null "
        f"and updated_at <= ? and {where.text}"
    )
    values = (object_type.name, visible, *where.values)
    total = int(sandbox.store.value(f"select count(*) {text}", *values))
    page = f"select * {text} order by {compile_sort(schema, body)} limit ? offset ?"
    rows = sandbox.store.rows(page, *values, limit, offset)
    found = [read_record(object_type, row) for row in rows]
    asked = Asked(names_of(body, "properties"))
    results = record_views(sandbox.store, object_type, found, asked)
    answer: dict[str, Any] = {"total": total, "results": results}
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
