"""Records whose properties are decoded straight into attributes, one for each property asked for.

Columns are then read off by attribute: 20,000 records of 30 properties take 0.19 s of CPU from
JSON to Arrow strings, through dicts 0.42 s (2026-11-22).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from connectors.hubspot.answers import BatchError, HistoryEntry, Paging

Properties = TypeVar("Properties")


class ShapedRecord(msgspec.Struct, Generic[Properties], rename="camel", gc=False):
    """One record of an object. Histories come newest first."""

    id: str
    properties: Properties
    properties_with_history: dict[str, list[HistoryEntry]] = {}
    archived_at: str | None = None


class ShapedPage(msgspec.Struct, Generic[Properties]):
    """A page of a list."""

    results: list[ShapedRecord[Properties]]
    paging: Paging | None = None


class ShapedBatch(msgspec.Struct, Generic[Properties]):
    """A batch's results, in no order, and its errors."""

    results: list[ShapedRecord[Properties]]
    errors: list[BatchError] = []


Records = Sequence[ShapedRecord[Any]]


@dataclass(frozen=True)
class Shape:
    """How the records are shaped that are asked for certain properties."""

    names: tuple[str, ...]
    page: type[ShapedPage[Any]]
    batch: type[ShapedBatch[Any]]

    def column(self, name: str, records: Records) -> list[str | None]:
        """Return a property's values as sent; the property must be one that is asked for."""
        return self._column(self.names.index(name), [record.properties for record in records])

    def columns(self, records: Records) -> dict[str, list[str | None]]:
        """Return the values of every property."""
        held = [record.properties for record in records]
        return {name: self._column(at, held) for at, name in enumerate(self.names)}

    def absent(self, records: Records) -> list[str]:
        """Return the properties that none of the records tells: they were not asked for these.

        A property without a value is told as null.
        """
        if not records:
            return []
        return [name for at, name in enumerate(self.names) if _is_untold(_attribute(at), records)]

    def _column(self, at: int, held: Sequence[Any]) -> list[str | None]:
        column = list(map(attrgetter(_attribute(at)), held))
        if UNSET in column:
            return [None if value is UNSET else value for value in column]
        return column


def without_values(record: ShapedRecord[Any]) -> ShapedRecord[Any]:
    """Return a record of which nothing is told but that it is there, or was archived."""
    return msgspec.structs.replace(record, properties=type(record.properties)())


def has_values(record: ShapedRecord[Any]) -> bool:
    """Tell whether any property of a record is told."""
    return bool(record.properties != type(record.properties)())


def build_shape(names: Sequence[str]) -> Shape:
    """Return the shape of records that are asked for these properties."""
    names = tuple(dict.fromkeys(names))
    attributes = [_attribute(at) for at in range(len(names))]
    properties = msgspec.defstruct(
        "Properties",
        [(attribute, str | None | UnsetType, UNSET) for attribute in attributes],
        rename=dict(zip(attributes, names, strict=True)),
        gc=False,
    )
    return Shape(names, ShapedPage[properties], ShapedBatch[properties])  # type: ignore[valid-type]


def _is_untold(attribute: str, records: Records) -> bool:
    return all(getattr(record.properties, attribute) is UNSET for record in records)


def _attribute(at: int) -> str:
    # Names of properties may be anything, such as words of Python.
    return f"p{at}"
