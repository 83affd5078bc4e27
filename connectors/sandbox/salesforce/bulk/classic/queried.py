"""Query results of the older Bulk API in its three formats.

Source: Bulk API Developer Guide, "Get Batch Results"; JSON moments are milliseconds since 1970.
"""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from connectors.sandbox.clock import to_ms
from connectors.sandbox.salesforce.bulk.classic.markup import (
    INSTANCE,
    NAMESPACE,
    PROLOGUE,
    element,
)
from connectors.sandbox.salesforce.bulk.query.cells import add_functions
from connectors.sandbox.salesforce.bulk.query.selection import Selection
from connectors.sandbox.salesforce.schema import Field
from connectors.sandbox.salesforce.soql.plan import Output
from connectors.sandbox.salesforce.soql.sql import Sql
from connectors.sandbox.salesforce.times import moment_of
from connectors.sandbox.store import Store

NO_ROWS = "Records not found for this query"
Rows = Iterator[Sequence[Any]]


def write_queried(
    store: Store, selection: Selection, path: Path, content_type: str, root: str
) -> int:
    """Write what a query finds into a file and return how many records there are.

    Args:
        store: Where the records are.
        selection: The query.
        path: Of the file.
        content_type: CSV, JSON or XML.
        root: The versioned path that links to records start with.
    """
    writers = {"CSV": _write_csv, "JSON": _write_json, "XML": _write_xml}
    sql: Sql = selection.cells(True) if content_type == "CSV" else selection.values()
    with store.snapshot() as connection, path.open("w", encoding="utf-8", newline="") as file:
        add_functions(connection)
        rows = connection.execute(sql.text, sql.values)
        return writers[content_type](file.write, selection, rows, root)


Write = Callable[[str], Any]


class _Counted:
    """Rows that are counted as they go by."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Rows:
        """Yield the rows."""
        for row in self._rows:
            self.count += 1
            yield row


class _File:
    """What csv writes to."""

    def __init__(self, write: Write) -> None:
        self.write = write


def _write_csv(write: Write, selection: Selection, rows: Rows, root: str) -> int:  # noqa: ARG001 - one of three alike
    first = next(rows, None)
    if first is None:
        write(NO_ROWS)
        return 0
    writer = csv.writer(_File(write), quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(selection.names)
    counted = _Counted(chain([first], rows))
    writer.writerows(counted)
    return counted.count


def _write_json(write: Write, selection: Selection, rows: Rows, root: str) -> int:
    counted = _Counted(rows)
    write("[ ")
    for row in counted:
        record = json.dumps(_record(selection, row, root), ensure_ascii=False)
        write(f", {record}" if counted.count > 1 else record)
    write(" ]")
    return counted.count


def _record(selection: Selection, row: Sequence[Any], root: str) -> dict[str, Any]:
    record = _attributed(selection.object_name, root, row[0])
    for output, kept in zip(selection.outputs, row[1:], strict=True):
        within = record
        for step in output.way:
            within = within.setdefault(step, {})
        within[output.name] = json_value(output.value.field, kept)
    return record


def _attributed(object_name: str, root: str, record_id: str) -> dict[str, Any]:
    url = f"{root}/sobjects/{object_name}/{record_id}"
    return {"attributes": {"type": object_name, "url": url}}


def json_value(field: Field, kept: Any) -> Any:
    """Return a kept value as this API's JSON holds it: moments and days in milliseconds."""
    if kept is None:
        return None
    if field.type == "boolean":
        return bool(kept)
    if field.type == "datetime":
        return to_ms(moment_of(kept))
    return to_ms(moment_of(f"{kept}T00:00:00Z")) if field.type == "date" else kept


def _write_xml(write: Write, selection: Selection, rows: Rows, root: str) -> int:  # noqa: ARG001 - one of three alike
    counted = _Counted(rows)
    write(f'{PROLOGUE}<queryResult xmlns="{NAMESPACE}" xmlns:xsi="{INSTANCE}">')
    for row in counted:
        fields = zip(selection.outputs, row[1:], strict=True)
        inner = "".join(_xml_field(output, kept) for output, kept in fields)
        start = f"<type>{selection.object_name}</type><Id>{row[0]}</Id>"
        write(f'<records xsi:type="sObject">{start}{inner}</records>')
    write("</queryResult>")
    return counted.count


def _xml_field(output: Output, kept: Any) -> str:
    if kept is None:
        inner = f'<{output.name} xsi:nil="true"/>'
    elif output.value.field.type == "boolean":
        inner = element(output.name, bool(kept))
    elif output.value.field.type == "datetime":
        inner = element(output.name, f"{kept[:23]}Z")
    else:
        inner = element(output.name, kept)
    for step in reversed(output.way):
        inner = f'<{step} xsi:type="sObject">{inner}</{step}>'
    return inner
