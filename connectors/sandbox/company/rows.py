"""Rows as a CRM's tables keep them, and what was told about a person in the order it happened."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

Row = dict[str, Any]
Rows = dict[str, dict[tuple[Any, ...], Row]]
"""Rows by table and key."""

PEOPLE_FROM = 1_000_000
"""Numbers of ids below this belong to what people share: users, campaigns, companies."""
IDS_EACH = 1_000
"""How many ids of one kind a person's records may take."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "hubspot_records": ("object_type", "id"),
    "hubspot_history": ("object_type", "record_id", "property", "changed_at"),
    "hubspot_associations": ("from_type", "from_id", "to_type", "to_id", "type_id"),
    "hubspot_submissions": ("conversion_id",),
    "hubspot_merges": ("object_type", "old_id"),
    "hubspot_owners": ("id",),
    "hubspot_forms": ("id",),
}
"""What identifies a row of each table; in Salesforce's tables it is the Id."""


def key_columns(table: str) -> tuple[str, ...]:
    """Return the columns that identify a row."""
    return KEYS.get(table, ("Id",))


def add_row(rows: Rows, table: str, row: Row) -> None:
    """Add a row to its table, in the place of one with the same key."""
    key = tuple(row[column] for column in key_columns(table))
    rows.setdefault(table, {})[key] = row


def add_rows(rows: Rows, more: Rows) -> None:
    """Add rows of any tables to others, in the place of those with the same keys."""
    for table, listed in more.items():
        rows.setdefault(table, {}).update(listed)


def number_of(person: int, count: int) -> int:
    """Return the number in the id of a person's record: the count-th of its kind, from 0."""
    return PEOPLE_FROM + person * IDS_EACH + count


class Happening(Protocol):
    """Something that was done to records."""

    @property
    def at(self) -> datetime:
        """When (UTC)."""


H = TypeVar("H", bound=Happening)


def until(told: Iterable[H], moment: datetime) -> list[H]:
    """Return what had happened by a moment, oldest first; at one instant, as it was told."""
    return sorted((one for one in told if one.at <= moment), key=lambda one: one.at)


def next_after(told: Iterable[Happening], moment: datetime) -> datetime | None:
    """Return when something happens next, or None."""
    return min((one.at for one in told if one.at > moment), default=None)
