"""Rows into records as answers hold them: nested by relationship, each with its attributes."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from connectors.sandbox.salesforce.schema import Field, type_of_id
from connectors.sandbox.salesforce.soql.plan import Plan

Record = dict[str, Any]
Row = Sequence[Any]


class Shape:
    """What the rows of a plan hold in which place, the record's id first.

    Args:
        plan: The query.
        root: The versioned path that links of an answer start with.
    """

    def __init__(self, plan: Plan, root: str) -> None:
        self._plan = plan
        self._root = root
        self._ways = _ways_of(plan)
        first = 1 + len(self._ways)
        self._names = [output.name for output in plan.outputs]
        self._converters = [
            (place, convert)
            for place, output in enumerate(plan.outputs, first)
            if (convert := _CONVERTERS.get(output.value.field.type))
        ]
        self._first = first

    @property
    def columns(self) -> list[str]:
        """What to select."""
        ids = [self._plan.scope.table_of(way).id_sql for way in self._ways]
        values = [output.value.text for output in self._plan.outputs]
        return [self._plan.scope.root.id_sql, *ids, *values]

    def records(self, rows: Iterable[Row]) -> Iterator[Record]:
        """Yield a record for each row."""
        type_name = self._plan.known.name
        for row in rows:
            values = list(row)
            for place, convert in self._converters:
                values[place] = convert(values[place])
            record = {"attributes": self._attributes(type_name, type_name, values[0])}
            if self._ways:
                self._nest(record, values)
            else:
                record.update(zip(self._names, values[self._first :], strict=True))
            yield record

    def _nest(self, record: Record, values: list[Any]) -> None:
        places: dict[tuple[str, ...], Record | None] = {(): record}
        for output, value in zip(self._plan.outputs, values[self._first :], strict=True):
            for depth in range(1, len(output.way) + 1):
                if output.way[:depth] not in places:
                    self._open(places, output.way[:depth], values)
            holder = places[output.way]
            if holder is not None:
                holder[output.name] = value

    def _open(
        self, places: dict[tuple[str, ...], Record | None], way: tuple[str, ...], values: list[Any]
    ) -> None:
        """Put the parent that a way leads to into its place: null where there is none."""
        record_id = values[1 + self._ways.index(way)]
        holder, parent = places[way[:-1]], None
        if record_id is not None:
            known = type_of_id(self._plan.scope.org.sandbox.store, record_id)
            object_name = known.name if known else ""
            type_name = self._plan.scope.table_of(way).type_name
            parent = {"attributes": self._attributes(type_name, object_name, record_id)}
        if holder is not None:
            holder[way[-1]] = parent
        places[way] = parent

    def _attributes(self, type_name: str, object_name: str, record_id: str) -> dict[str, str]:
        return {"type": type_name, "url": f"{self._root}/sobjects/{object_name}/{record_id}"}


def _ways_of(plan: Plan) -> list[tuple[str, ...]]:
    ways: dict[tuple[str, ...], None] = {}
    for output in plan.outputs:
        for depth in range(1, len(output.way) + 1):
            ways[output.way[:depth]] = None
    return list(ways)


def _decoded(text: str | None) -> Any:
    return None if text is None else json.loads(text)


_CONVERTERS: dict[str, Callable[[Any], Any]] = {
    "boolean": bool,
    "address": _decoded,
    "complexvalue": _decoded,
}


def rendered_values(fields: Sequence[Field], row: Row) -> list[Any]:
    """Return the values of a row as JSON holds them."""
    converters = [_CONVERTERS.get(field.type) for field in fields]
    return [
        convert(value) if convert else value for convert, value in zip(converters, row, strict=True)
    ]
