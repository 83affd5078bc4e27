"""Running SOQL: the first page, cursors over the rest, and records as answers hold them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal, no_such_column
from connectors.sandbox.salesforce.permissions import readable_fields
from connectors.sandbox.salesforce.schema import Field, ObjectType, find_type, object_types
from connectors.sandbox.salesforce.soql.compiler import (
    Columns,
    Sql,
    compile_condition,
    compile_orderings,
)
from connectors.sandbox.salesforce.soql.parser import parse
from connectors.sandbox.salesforce.soql.syntax import Query
from connectors.sandbox.salesforce.soql.tokens import malformed
from connectors.sandbox.salesforce.times import moment_of, stamp
from connectors.sandbox.salesforce.values import rendered
from connectors.sandbox.store import quoted

CURSOR_LIFE = timedelta(days=2)
Page = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """How a request reads: the versioned path for links, the page size, and what it may see."""

    root: str
    page_size: int
    hidden_too: bool = False
    """Whether deleted and archived records show, as they do for queryAll."""
    tooling: bool = False


def run_query(sandbox: Sandbox, soql: str, reading: Reading) -> Page:
    """Return the first page of a query.

    Raises:
        Refusal: MALFORMED_QUERY, INVALID_TYPE or INVALID_FIELD.
    """
    query = parse(soql)
    known = _object_of(sandbox, soql, query, reading.tooling)
    columns = Columns(known.name, readable_fields(sandbox.store, known))
    fields = _selected(query, columns)
    ids = _matching_ids(sandbox, query, known, columns, reading.hidden_too)
    if not fields:
        return {"totalSize": len(ids), "done": True, "records": []}
    cursor = _open_cursor(sandbox, known, fields, ids) if len(ids) > reading.page_size else ""
    return _page(sandbox, _Result(known, fields, ids, cursor), 0, reading)


def next_page(sandbox: Sandbox, locator: str, reading: Reading) -> Page:
    """Return the page that a `nextRecordsUrl` leads to.

    Raises:
        Refusal: no such cursor, or it is older than two days.
    """
    cursor, _, start = locator.rpartition("-")
    kept = sandbox.store.row("select * from salesforce_cursors where id = ?", cursor)
    if kept is None or not start.isdigit() or _is_stale(sandbox, kept["opened_at"]):
        raise Refusal("INVALID_QUERY_LOCATOR", "invalid query locator")
    query = json.loads(kept["query"])
    known = object_types(sandbox.store)[query["object"]]
    fields = [known.fields[name] for name in query["fields"]]
    result = _Result(known, fields, json.loads(kept["record_ids"]), cursor)
    return _page(sandbox, result, int(start), reading)


def fetch_records(
    sandbox: Sandbox, known: ObjectType, fields: Sequence[Field], ids: Sequence[str], root: str
) -> dict[str, Page]:
    """Return records by id with the given fields, as answers hold them."""
    names = ", ".join(quoted(field.name) for field in fields)
    sql = (
        f"select Id as record_key, {names} from {known.table} "  # noqa: S608 - names of our schema
        "where Id in (select value from json_each(?))"
    )
    return {
        row["record_key"]: {
            "attributes": {
                "type": known.name,
                "url": f"{root}/sobjects/{known.name}/{row['record_key']}",
            },
            **{field.name: rendered(field, row[field.name]) for field in fields},
        }
        for row in sandbox.store.rows(sql, json.dumps(list(ids)))
    }


def _object_of(sandbox: Sandbox, soql: str, query: Query, tooling: bool) -> ObjectType:
    known = find_type(sandbox.store, query.object_name, tooling)
    if known is not None:
        return known
    what = (
        f"sObject type '{query.object_name}' is not supported. If you are attempting to use a "
        "custom object, be sure to append the '__c' after the entity name. Please reference your "
        "WSDL or the describe call for the appropriate names."
    )
    raise malformed(soql, soql.find(query.object_name), what, code="INVALID_TYPE")


def _selected(query: Query, columns: Columns) -> list[Field]:
    fields = []
    for name in query.fields:
        if "." in name:
            raise no_such_column(name, columns.object_name)
        field = columns.find(name)
        if field in fields:
            raise Refusal("INVALID_FIELD", f"duplicate field selected: {field.name}")
        fields.append(field)
    return fields


def _matching_ids(
    sandbox: Sandbox, query: Query, known: ObjectType, columns: Columns, hidden_too: bool
) -> list[str]:
    where = compile_condition(query.condition, columns) if query.condition else Sql("1")
    for name in () if hidden_too else ("IsDeleted", "IsArchived"):
        if name in known.fields:
            where = Sql(f"{where.text} and not {quoted(name)}", where.values)
    limit = "" if query.limit is None else f" limit {query.limit}"
    order = compile_orderings(query.orderings, columns)
    sql = f"select Id from {known.table} where {where.text}{order}{limit}"  # noqa: S608 - from the compiler, values are marks
    return [row["Id"] for row in sandbox.store.rows(sql, *where.values)]


@dataclass(frozen=True)
class _Result:
    known: ObjectType
    fields: Sequence[Field]
    ids: Sequence[str]
    cursor: str


def _page(sandbox: Sandbox, result: _Result, start: int, reading: Reading) -> Page:
    end = start + reading.page_size
    ids = result.ids[start:end]
    found = fetch_records(sandbox, result.known, result.fields, ids, reading.root)
    page: Page = {"totalSize": len(result.ids), "done": end >= len(result.ids)}
    if not page["done"]:
        page["nextRecordsUrl"] = f"{reading.root}/query/{result.cursor}-{end}"
    return {**page, "records": [found[record_id] for record_id in ids if record_id in found]}


def _open_cursor(
    sandbox: Sandbox, known: ObjectType, fields: Sequence[Field], ids: Sequence[str]
) -> str:
    cursor = f"0r8xx{sandbox.store.next_number('salesforce cursors'):013d}"
    described = {"object": known.name, "fields": [field.name for field in fields]}
    sandbox.store.run(
        "insert into salesforce_cursors values (?, ?, ?, ?)",
        cursor,
        stamp(sandbox.clock.now),
        json.dumps(described),
        json.dumps(list(ids)),
    )
    return cursor


def _is_stale(sandbox: Sandbox, opened_at: str) -> bool:
    return sandbox.clock.now - moment_of(opened_at) > CURSOR_LIFE
