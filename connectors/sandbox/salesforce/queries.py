"""Running SOQL: the first page, the pages after it, and records by id."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.cursors import Cursor, find_cursor, ids_of, open_cursor
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.nesting import add_children
from connectors.sandbox.salesforce.schema import Field, ObjectType
from connectors.sandbox.salesforce.soql.aggregates import is_aggregate, plan_aggregate
from connectors.sandbox.salesforce.soql.complexity import complexity_refused
from connectors.sandbox.salesforce.soql.org import Org
from connectors.sandbox.salesforce.soql.parser import parse
from connectors.sandbox.salesforce.soql.plan import Plan, plan_fields, plan_query
from connectors.sandbox.salesforce.soql.shape import Record, Shape, rendered_values
from connectors.sandbox.salesforce.soql.syntax import Query

AGGREGATE_LIMIT, LONG_TEXT_PAGE = 2_000, 200
Page = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """How a request reads: the versioned path for links, the page size, and what it may see."""

    root: str
    page_size: int
    hidden_too: bool = False
    """Whether deleted and archived records show, as they do for queryAll."""
    tooling: bool = False

    def size_for(self, plan: Plan) -> int:
        """Return the records a page holds: fewer of those with several long texts."""
        return min(self.page_size, LONG_TEXT_PAGE) if plan.long_texts > 1 else self.page_size


@complexity_refused()
def run_query(sandbox: Sandbox, soql: str, reading: Reading) -> Page:
    """Return the first page of a query.

    Raises:
        Refusal: MALFORMED_QUERY, INVALID_TYPE, INVALID_FIELD and others.
    """
    query = parse_query(sandbox, soql)
    org = Org(sandbox, reading.hidden_too, reading.tooling)
    if is_aggregate(query):
        return _groups(org, soql, query)
    plan = plan_query(org, soql, query)
    if not query.selected:
        return {"totalSize": _count(plan), "done": True, "records": []}
    return _first_page(sandbox, plan, reading)


def parse_query(sandbox: Sandbox, soql: str) -> Query:
    """Return what a query says.

    Raises:
        Refusal: MALFORMED_QUERY.
    """
    longest = sandbox.settings.salesforce_soql_length
    if len(soql) > longest:
        message = f"SOQL statements cannot be longer than {longest} characters."
        raise Refusal("MALFORMED_QUERY", message)
    return parse(soql)


def next_page(sandbox: Sandbox, locator: str, reading: Reading) -> Page:
    """Return the page that a `nextRecordsUrl` leads to.

    Raises:
        Refusal: no such cursor, it is older than two days, or a field of the query is gone.
    """
    cursor, start = find_cursor(sandbox, locator)
    org = Org(sandbox, cursor.hidden_too, cursor.tooling)
    plan = plan_query(org, cursor.soql, parse(cursor.soql))
    size = reading.size_for(plan)
    ids = ids_of(sandbox, cursor, start, size)
    found = _records_by_id(sandbox, plan, ids, reading.root)
    records = [found[record_id] for record_id in ids if record_id in found]
    return _page(cursor, start + size, records, reading)


def fetch_records(
    sandbox: Sandbox, known: ObjectType, fields: Sequence[Field], ids: Sequence[str], root: str
) -> dict[str, Record]:
    """Return records by id with the given fields, as answers hold them."""
    return read_records(sandbox, known, [field.name for field in fields], ids, root)


def read_records(
    sandbox: Sandbox, known: ObjectType, names: Sequence[str], ids: Sequence[str], root: str
) -> dict[str, Record]:
    """Return records by id with fields by their names, those of parents too.

    Raises:
        Refusal: INVALID_FIELD.
    """
    plan = plan_fields(Org(sandbox, hidden_too=True), known, names)
    return _records_by_id(sandbox, plan, ids, root)


def _first_page(sandbox: Sandbox, plan: Plan, reading: Reading) -> Page:
    shape, size = Shape(plan, reading.root), reading.size_for(plan)
    wanted = plan.select(shape.columns)
    rows = sandbox.store.each(wanted.text, *wanted.values)
    first = list(islice(rows, size))
    has_more = next(rows, None) is not None
    records = list(shape.records(first))
    add_children(sandbox, plan, records, reading.root)
    if not has_more:
        return {"totalSize": len(first), "done": True, "records": records}
    return _page(open_cursor(sandbox, plan), size, records, reading)


def _page(cursor: Cursor, end: int, records: list[Record], reading: Reading) -> Page:
    page: Page = {"totalSize": cursor.size, "done": end >= cursor.size}
    if not page["done"]:
        page["nextRecordsUrl"] = f"{reading.root}/query/{cursor.cursor_id}-{end}"
    return {**page, "records": records}


def _records_by_id(
    sandbox: Sandbox, plan: Plan, ids: Sequence[str], root: str
) -> dict[str, Record]:
    shape = Shape(plan, root)
    rows = sandbox.store.rows(plan.select_by_id(shape.columns), json.dumps(list(ids)))
    records = list(shape.records(rows))
    add_children(sandbox, plan, records, root)
    return {row[0]: record for row, record in zip(rows, records, strict=True)}


def _count(plan: Plan) -> int:
    wanted = replace(plan, order="").select(["1"])
    sql = f"select count(*) from ({wanted.text})"  # noqa: S608 - from the plan, values are marks
    found: int = plan.scope.org.sandbox.store.value(sql, *wanted.values)
    return found


def _groups(org: Org, soql: str, query: Query) -> Page:
    plan = plan_aggregate(org, soql, query)
    fields = [value.field for value in plan.values]
    rows = org.sandbox.store.rows(plan.sql.text, *plan.sql.values)
    if len(rows) > AGGREGATE_LIMIT:
        message = (
            "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a "
            "single batch"
        )
        raise Refusal("EXCEEDED_ID_LIMIT", message)
    records = [
        {
            "attributes": {"type": "AggregateResult"},
            **dict(zip(plan.names, rendered_values(fields, tuple(row)), strict=True)),
        }
        for row in rows
    ]
    return {"totalSize": len(records), "done": True, "records": records}
