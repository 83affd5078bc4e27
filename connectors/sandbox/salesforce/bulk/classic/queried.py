"""Query results of the older Bulk API in its three formats.

Source: Bulk API Developer Guide, "Get Batch Results"; JSON moments are milliseconds since 1970.
"""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
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
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML has no way to write."""
_INSTEAD = "\ufffd"
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
    elements = _elements(enumerate(selection.outputs))
    write(f'{PROLOGUE}<queryResult xmlns="{NAMESPACE}" xmlns:xsi="{INSTANCE}">')
    for record_id, *cells in counted:
        fields = _written(elements, cells)
        start = f"<type>{selection.object_name}</type><Id>{record_id}</Id>"
        write(f'<records xsi:type="sObject">{start}{fields}</records>')
    write("</queryResult>")
    return counted.count


@dataclass(frozen=True)
class _Element:
    """A field, by the place of its cell, or a parent with fields of its own."""

    name: str
    place: int = 0
    below: tuple["_Element", ...] = ()


def _elements(outputs: Iterable[tuple[int, Output]], depth: int = 0) -> tuple[_Element, ...]:
    """Return the elements of a record, each parent once, where the first of its fields stands."""
    found: dict[tuple[str, bool], list[tuple[int, Output]]] = {}
    for place, output in outputs:
        is_parent = len(output.way) > depth
        key = (output.way[depth] if is_parent else output.name, is_parent)
        found.setdefault(key, []).append((place, output))
    return tuple(
        _Element(name, below=_elements(inside, depth + 1))
        if is_parent
        else _Element(name, inside[0][0])
        for (name, is_parent), inside in found.items()
    )


def _written(elements: Iterable[_Element], cells: Sequence[Any]) -> str:
    return "".join(
        f'<{one.name} xsi:type="sObject">{_written(one.below, cells)}</{one.name}>'
        if one.below
        else _field(one.name, cells[one.place])
        for one in elements
    )


def _field(name: str, cell: Any) -> str:
    if cell is None:
        return f'<{name} xsi:nil="true"/>'
    return f"<{name}>{escape(_NO_XML.sub(_INSTEAD, str(cell)))}</{name}>"


def _run(connection: Connection, sql: Sql) -> Rows:
    return iter(connection.execute(sql.text, sql.values))
