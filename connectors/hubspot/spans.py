"""Spans of record ids, and what is left of them to be read.

Lists are in order of id, and `after` is the id of the next record: so ids can be divided among
several readers, and what was read is known by its span.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, order=True)
class Span:
    """Ids from `start` on, below `end`; all from `start` on where there is no end."""

    start: int
    end: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no id is in it."""
        return self.end is not None and self.end <= self.start

    def until(self, end: int | None) -> "Span":
        """Return the part below an id."""
        if end is None or (self.end is not None and self.end <= end):
            return self
        return replace(self, end=end)

    def without(self, read: "Span") -> list["Span"]:
        """Return what is left of it once another span has been read."""
        if read.is_empty:
            return [self]
        below = self.until(read.start)
        parts = [below]
        if read.end is not None:
            parts.append(replace(self, start=max(self.start, read.end)))
        return [part for part in parts if not part.is_empty]


def subtract(spans: Sequence[Span], read: Span) -> list[Span]:
    """Return what is left of spans once one has been read."""
    return [part for span in spans for part in span.without(read)]


def divide(span: Span, highest: int, parts: int) -> list[Span]:
    """Cut a span into parts about as wide as each other; without an end up to the highest id."""
    end = highest + 1 if span.end is None else span.end
    step = max(1, -(-(end - span.start) // parts))
    starts = [*range(span.start, end, step)] or [span.start]
    ends = [*starts[1:], span.end]
    return [Span(start, stop) for start, stop in zip(starts, ends, strict=True)]


@dataclass(frozen=True)
class Place:
    """Where an unfinished list goes on.

    By `spans` of ids; or by `after`, a text of HubSpot's, in an account where that is no id.
    """

    spans: tuple[Span, ...] = ()
    after: str | None = None

    @property
    def is_end(self) -> bool:
        """Whether nothing is left to be read."""
        return not self.spans and self.after is None

    def to_json(self) -> str:
        """Return it as a cursor keeps it."""
        if self.after is not None:
            return json.dumps({"after": self.after})
        return json.dumps({"spans": [[span.start, span.end] for span in self.spans]})


def read_place(text: str) -> Place | None:
    """Read what `to_json` wrote; None for anything else, which is no place to go on from."""
    try:
        kept = json.loads(text)
    except ValueError:
        return None
    match kept:
        case {"after": str(after)}:
            return Place(after=after)
        case {"spans": [*pairs]} if pairs and all(map(_is_span, pairs)):
            return Place(tuple(Span(start, end) for start, end in pairs))
    return None


def _is_span(pair: object) -> bool:
    match pair:
        case [int(), None] | [int(), int()]:
            return True
    return False
