"""A catalog falls into parts: each is read whole, or refused without costing the others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Entry = tuple[str, Mapping[str, object]]
"""A record's id and its values as HubSpot sent them."""

Page = Iterable[Entry]


@dataclass(frozen=True)
class Part:
    """Pages that hold everything whose id begins with the scope; "" where there is one part."""

    scope: str
    pages: Iterable[Page]
    """Asks HubSpot while it is read."""
