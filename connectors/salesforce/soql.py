"""SOQL text. Every value enters a query through `literal`, every name through `name`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote
from zlib import crc32

from connectors.values import format_datetime

_PLAIN = re.compile(r"[A-Za-z0-9]*")
_NAME = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)?")


def literal(value: str | bool | datetime | Sequence[str]) -> str:
    """Return a value quoted for SOQL; datetimes keep their milliseconds (UTC)."""
    if isinstance(value, datetime):
        return format_datetime(value)
    if not isinstance(value, str | bool) and all(map(_PLAIN.fullmatch, value)):
        # Ids, by the thousand, have nothing to escape.
        return "(" + ",".join(f"'{one}'" for one in value) + ")"
    # The whole SDK comes with it, 0.4 s of CPU: see `session.open_sdk`.
    from simple_salesforce.format import quote_soql_value  # noqa: PLC0415

    return str(quote_soql_value(value if isinstance(value, str | bool) else list(value)))


def name(text: str) -> str:
    """Return an object's or a field's API name.

    Raises:
        ValueError: for anything else.
    """
    if not _NAME.fullmatch(text):
        raise ValueError(f"not a Salesforce name: {text!r}")
    return text


@dataclass(frozen=True)
class Query:
    """A query of one object."""

    object_name: str
    fields: tuple[str, ...] = ()
    """None for the number of records alone, under the name `counted`."""
    conditions: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    earliest: str = ""
    """A field whose least value comes with the number, under the name `least`; none if empty."""

    def where(self, *conditions: str) -> "Query":
        """Return it with further conditions, all of which must hold."""
        return replace(self, conditions=(*self.conditions, *conditions))

    def telling_least(self, field: str) -> "Query":
        """Return the query of the number of records, with the least value of a field."""
        return replace(self, fields=(), earliest=field)

    def __str__(self) -> str:
        """Return the query as SOQL."""
        columns = ", ".join(name(field) for field in self.fields) or self._numbers
        text = f"SELECT {columns} FROM {name(self.object_name)}"  # noqa: S608 - names are checked
        if self.conditions:
            text += f" WHERE {' AND '.join(self.conditions)}"
        if self.order:
            text += f" ORDER BY {', '.join(name(field) for field in self.order)}"
        return text

    @property
    def counted(self) -> str:
        """The name of the number of records, by which no other object's can pass for it.

        The answer to COUNT() without a name, where there are no records, is that of any query that
        finds none. Salesforce takes no name of more than 25 characters ("alias is too long":
        github.com/abhinavguptas/Salesforce-Lookup-Rollup-Summaries issue 1), and objects have up to
        43 and more: so it is short whatever the object.
        """
        return f"n_{crc32(name(self.object_name).encode()):08x}"

    @property
    def least(self) -> str:
        """The name of the least value of the field `earliest`."""
        return f"least_{self.counted}"

    @property
    def _numbers(self) -> str:
        least = f", MIN({name(self.earliest)}) {self.least}" if self.earliest else ""
        return f"COUNT(Id) {self.counted}{least}"

    @property
    def size(self) -> int:
        """Bytes of the query in an address."""
        return len(quote(str(self)))


def since(stamp: str, floor: datetime) -> str:
    """Return the condition that a record is stamped then or later."""
    return f"{name(stamp)} >= {literal(floor)}"


def until(stamp: str, end: datetime) -> str:
    """Return the condition that a record is stamped then or earlier."""
    return f"{name(stamp)} <= {literal(end)}"


def behind(stamp: str, reached: datetime, record_id: str) -> str:
    """Return the condition that a record comes behind another in order of (stamp, id)."""
    field, moment, key = name(stamp), literal(reached), literal(record_id)
    return f"({field} > {moment} OR ({field} = {moment} AND Id > {key}))"


def among(record_ids: Sequence[str]) -> str:
    """Return the condition that a record is one of these."""
    return f"Id IN {literal(record_ids)}"


ALIVE = "IsDeleted = false"
"""The condition that a record is not in the recycle bin, for `queryAll`."""


def first_of(record_ids: Sequence[str], query: Query, room: int) -> Sequence[str]:
    """Return as many of the ids, one at least, as fit into the query's address of `room` bytes."""
    # An id, its quotes and its comma, all but the id itself encoded by three bytes.
    each = max(map(len, record_ids), default=0) + 9
    return record_ids[: max(1, (room - query.where(among([""])).size) // each)]


def split_fields(query: Query, kept: Sequence[str], room: int) -> list[Query]:
    """Return queries of so many bytes at most that have all fields between them.

    Each of them has those that are kept, by which their answers are put together.
    """
    first = replace(query, fields=tuple(kept))
    groups: list[list[str]] = [[]]
    size = first.size
    for field in query.fields:
        if field in kept:
            continue
        more = len(quote(f", {field}"))
        if size + more > room and groups[-1]:
            groups.append([])
            size = first.size
        groups[-1].append(field)
        size += more
    return [replace(query, fields=(*kept, *group)) for group in groups]
