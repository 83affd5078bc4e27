"""Query results of the older Bulk API in its three formats.

Source: Bulk API Developer Guide, "Get Batch Results"; JSON moments are milliseconds since 1970.
"""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from sqlite3 import Connection
from typing import Any
from xml.sax.saxutils import escape

from connectors.sandbox.salesforce.bulk.classic.markup import INSTANCE, NAMESPACE, PROLOGUE
from connectors.sandbox.salesforce.bulk.query.cells import add_functions
from connectors.sandbox.salesforce.bulk.query.selection import Selection
from connectors.sandbox.salesforce.soql.plan import Output
from connectors.sandbox.salesforce.soql.shape import Shape
from connectors.sandbox.salesforce.soql.sql import Sql
from connectors.sandbox.store import Store

NO_ROWS = "Records not found for this query"
Write = Callable[[str], Any]
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
    with store.snapshot() as connection, path.open("w", encoding="utf-8", newline="") as file:
        add_functions(connection)
        if content_type == "CSV":
            return _write_csv(file.write, connection, selection)
        if content_type == "JSON":
            return _write_json(file.write, connection, selection, root)
        return _write_xml(file.write, connection, selection)


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


def _write_csv(write: Write, connection: Connection, selection: Selection) -> int:
    rows = _run(connection, selection.plan.select(selection.cells(scientific_numbers=True)))
    first = next(rows, None)
    if first is None:
        write(NO_ROWS)
        return 0
    counted = _Counted(chain([first], rows))
    writer = csv.writer(_File(write), quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(selection.names)
    writer.writerows(counted)
    return counted.count


def _write_json(write: Write, connection: Connection, selection: Selection, root: str) -> int:
    plan = selection.in_milliseconds()
    shape = Shape(plan, root)
    counted = _Counted(_run(connection, plan.select(shape.columns)))
    write("[ ")
    for record in shape.records(counted):
        text = json.dumps(record, ensure_ascii=False)
        write(f", {text}" if counted.count > 1 else text)
    write(" ]")
    return counted.count


def _write_xml(write: Write, connection: Connection, selection: Selection) -> int:
    columns = [selection.plan.scope.root.id_sql, *selection.cells(scientific_numbers=True)]
    counted = _Counted(_run(connection, selection.plan.select(columns)))
    write(f'{PROLOGUE}<queryResult xmlns="{NAMESPACE}" xmlns:xsi="{INSTANCE}">')
    for record_id, *cells in counted:
        fields = "".join(map(_xml_field, selection.outputs, cells))
        start = f"<type>{selection.object_name}</type><Id>{record_id}</Id>"
        write(f'<records xsi:type="sObject">{start}{fields}</records>')
    write("</queryResult>")
    return counted.count


def _xml_field(output: Output, cell: Any) -> str:
    if cell is None:
        field = f'<{output.name} xsi:nil="true"/>'
    else:
        field = f"<{output.name}>{escape(str(cell))}</{output.name}>"
    for step in reversed(output.way):
        field = f'<{step} xsi:type="sObject">{field}</{step}>'
    return field


def _run(connection: Connection, sql: Sql) -> Rows:
    return iter(connection.execute(sql.text, sql.values))
