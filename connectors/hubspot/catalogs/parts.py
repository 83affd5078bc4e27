"""A catalog falls into parts: each is read whole, or refused without costing the others."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

_CAME, _DOUBT = "|", "?"

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
    otherwise: Callable[[], int | None] = lambda: None
    """Says, once the pages have come, how many entries they held where the signs tell of another
    number; None where they held what the signs tell of."""

    def signs_of_all(self, known: str) -> str:
        """Return the signs of what has come, to be kept; "" where there are none.

        Where other than as many came as the signs tell, the number stands beside them, and is in
        doubt until a second reading shows as many.

        Args:
            known: The signs kept before.
        """
        came = self.otherwise()
        if came is None or not self.signs:
            return self.signs
        if not came:
            return ""
        told = f"{self.signs}{_CAME}{came}"
        return told if known.removesuffix(_DOUBT) == told else f"{told}{_DOUBT}"

    def stands(self, known: str) -> bool:
        """Tell whether the signs are the known ones, and these in no doubt."""
        return bool(self.signs) and self.signs == known.partition(_CAME)[0] and known[-1] != _DOUBT
