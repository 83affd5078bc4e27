"""A catalog falls into parts: each is read whole, or refused without costing the others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

Entry = tuple[str, Mapping[str, object]]
"""A record's id and its values as HubSpot sent them."""


@dataclass(frozen=True)
class Page:
    """Entries that came together, and when they did (UTC, by HubSpot's clock)."""

    entries: Iterable[Entry]
    read_at: datetime


@dataclass(frozen=True)
class Part:
    """Pages that hold everything whose id begins with the scope; "" where there is one part."""

    scope: str
    pages: Iterable[Page]
    """Asks HubSpot while it is read."""
    signs: str = ""
    """What moves whenever its entries do, as HubSpot said before they were asked for, if it did."""
