"""What an account has few of, read whole each time as states: see `streams.CATALOGS`.

Rows bear the time of their reading, and a batch says which scopes have come whole, so that the
caller keeps what differs and finds what is gone. What one reading costs: owners and forms two
requests (the living and the archived), teams one (two where our key may not see the users'
settings), lists one for each 500, pipelines one for each object that has them, properties one for
each object that is read and was not described a moment ago, memberships those of the lists and one
for each 250 members of each list, since no answer tells which lists have changed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TypeVar

import pyarrow as pa

from connectors.arrow import Row, build_table
from connectors.errors import ABSENT_OR_HIDDEN, CrmError, SkippedStreamError, skipping
from connectors.hubspot.catalogs.forms import form_parts
from connectors.hubspot.catalogs.lists import list_parts, membership_parts
from connectors.hubspot.catalogs.parts import Page, Part
from connectors.hubspot.catalogs.pipelines import pipeline_parts
from connectors.hubspot.catalogs.properties import property_parts
from connectors.hubspot.catalogs.staff import owner_parts, team_parts
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.streams import OBJECTS
from connectors.hubspot.streams.account import (
    FORMS,
    LIST_MEMBERSHIPS,
    LISTS,
    OWNERS,
    PIPELINES,
    PROPERTIES,
    TEAMS,
)
from connectors.hubspot.streams.shape import ObjectStream
from connectors.records import Batch, Cursor, Stream

Item = TypeVar("Item")

BATCH_ROWS = 10_000

PARTS: Mapping[str, Callable[[HubSpotClient, Sequence[ObjectStream]], Iterator[Part]]] = {
    FORMS.name: form_parts,
    OWNERS.name: owner_parts,
    TEAMS.name: team_parts,
    PIPELINES.name: pipeline_parts,
    LISTS.name: list_parts,
    LIST_MEMBERSHIPS.name: membership_parts,
    PROPERTIES.name: property_parts,
}


@dataclass(frozen=True)
class CatalogReader:
    """Reads one of the catalogs."""

    client: HubSpotClient
    stream: Stream
    objects: Sequence[ObjectStream] = tuple(OBJECTS.values())
    """The objects that are read: catalogs of properties and pipelines are about them."""
    batch_rows: int = BATCH_ROWS

    def read(self, _cursor: Cursor | None = None) -> Iterator[Batch]:
        """Yield everything; the last batch has a cursor at the time of its reading.

        A part that our key may not see is left out, and the last batch says why.

        Raises:
            SkippedStreamError: this is so of every part.
        """
        gathered, refusals = _Gathered(self.stream), list[CrmError]()
        with skipping("hubspot", self.stream.name):
            parts = _begin(PARTS[self.stream.name](self.client, self.objects))
        for part in parts:
            try:
                pages = _begin(part.pages)
            except ABSENT_OR_HIDDEN as refusal:
                refusals.append(refusal)
                continue
            for page in pages:
                if len(gathered.rows) >= self.batch_rows:
                    yield Batch({self.stream.name: gathered.take()}, whole=gathered.take_scopes())
                gathered.add(page, self.client)
            gathered.scopes.append(part.scope)
            gathered.parts += 1
        yield self._last(gathered, refusals)

    def _last(self, gathered: "_Gathered", refusals: Sequence[CrmError]) -> Batch:
        reasons = "; ".join(dict.fromkeys(map(str, refusals)))
        if refusals and not gathered.parts:
            raise SkippedStreamError("hubspot", self.stream.name, reasons) from refusals[0]
        read_at = self.client.latest_time()
        scopes = gathered.take_scopes() if refusals else (*gathered.take_scopes(), "")
        return Batch(
            {self.stream.name: gathered.take()},
            Cursor(read_at, read_at=read_at),
            {self.stream.name: reasons} if reasons else {},
            whole=tuple(dict.fromkeys(scopes)),
        )


@dataclass
class _Gathered:
    """Rows for the next batch, and the scopes that end with them."""

    stream: Stream
    rows: list[Row] = field(default_factory=list)
    scopes: list[str] = field(default_factory=list)
    parts: int = 0
    """Parts that came whole in this reading."""

    def add(self, page: Page, client: HubSpotClient) -> None:
        read_at = client.latest_time()
        self.rows += [Row(key, read_at, is_deleted=False, values=values) for key, values in page]

    def take(self) -> pa.Table:
        rows, self.rows = self.rows, []
        return build_table(self.stream.choose_fields(self.stream.required_fields), rows)

    def take_scopes(self) -> tuple[str, ...]:
        scopes, self.scopes = tuple(self.scopes), []
        return scopes


def _begin(items: Iterable[Item]) -> Iterator[Item]:
    """Ask for the first item at once, so that a refusal of the whole comes now."""
    iterator = iter(items)
    return chain(list(islice(iterator, 1)), iterator)
