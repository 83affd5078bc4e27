"""A catalog falls into parts: each is read whole, or refused without costing the others."""

from collections.abc import Callable, Iterable, Mapping
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
    is_as_told: Callable[[], bool] = lambda: True
    """Says, once the pages have come, whether they hold what the signs tell of."""
