"""What an account has few of, read whole each time as states: see `streams.CATALOGS`.

Rows bear the time of their reading, and a batch says which scopes have come whole, so that the
caller keeps what differs and finds what is gone. What one reading costs: owners and forms two
requests (the living and the archived), teams one (two where our key may not see the users'
settings), lists one for each 500, pipelines one for each object that has them, properties one for
each object that is read and was not described a moment ago, memberships those of the lists and one
for each 250 members of each list that has moved since the caller kept it, or within the last hour:
see `lists`. Where something is gone, its part is read twice more: `CatalogReader.read_records`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, islice
from typing import TypeVar

import pyarrow as pa

from connectors.arrow import Row, build_table
from connectors.errors import ABSENT_OR_HIDDEN, CrmError, SkippedStreamError, first_answer
from connectors.hubspot import insisting
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
    known: Mapping[str, str] = field(default_factory=dict)
    """By scope: the signs of what need not be read while they stand; see `Batch.signs`."""

    def read(self, _cursor: Cursor | None = None) -> Iterator[Batch]:
        """Yield everything; the last batch has a cursor at the time of its reading.

        A part that our key may not see is left out, and the last batch says why.

        Raises:
            SkippedStreamError: this is so of every part.
        """
        gathered, refusals = _Gathered(self.stream), dict[str, CrmError]()
        parts = first_answer("hubspot", self.stream.name, self._parts, self.client.pause)
        for part in self._twice(parts, refusals):
            if part.stands(self.known.get(part.scope, "")):
                gathered.unmoved.append(part.scope)
                continue
            try:
                pages = _begin(part.pages)
            except ABSENT_OR_HIDDEN as refusal:
                refusals[part.scope] = refusal
                continue
            refusals.pop(part.scope, None)
            for page in pages:
                if len(gathered.rows) >= self.batch_rows:
                    yield gathered.take_batch()
                gathered.add(page)
            gathered.end(part, self.known.get(part.scope, ""))
        yield self._last(gathered, refusals)

    def read_records(self, record_ids: Sequence[str]) -> Iterator[Batch]:
        """Yield those of these rows that are there, by reading anew the parts they belong to.

        An empty page, or an owner who moved from one list to the other between the two, looks like
        rows that are gone; a part is asked again, after a while, for as long as it lacks some. Who
        is on a list is not: its totals were compared while it was read, it changes all day and may
        be long.
        """
        if self.stream.name == LIST_MEMBERSHIPS.name:
            return
        gathered, wanted = _Gathered(self.stream), set(record_ids)
        for seconds in insisting.WAITS:
            self.client.pause(seconds)
            self.client.forget_descriptions()
            for part in PARTS[self.stream.name](self.client, self.objects):
                if any(record_id.startswith(part.scope) for record_id in wanted):
                    wanted -= gathered.add_of(wanted, part)
            if not wanted:
                break
        if gathered.rows:
            yield Batch({self.stream.name: gathered.take()})

    def _parts(self) -> Iterator[Part]:
        return _begin(PARTS[self.stream.name](self.client, self.objects))

    def _twice(self, parts: Iterator[Part], refusals: Mapping[str, CrmError]) -> Iterator[Part]:
        """Yield the parts, then once more those refused: one refusal may pass, as of an object."""
        yield from parts
        if refused := set(refusals):
            self.client.pause(insisting.WAITS[0])
            yield from (part for part in self._parts() if part.scope in refused)

    def _last(self, gathered: "_Gathered", refusals: Mapping[str, CrmError]) -> Batch:
        if refusals and not (gathered.parts or gathered.unmoved):
            told = list(refusals.values())
            reasons = "; ".join(dict.fromkeys(map(str, told)))
            raise SkippedStreamError("hubspot", self.stream.name, reasons) from told[0]
        read_at = gathered.read_at or self.client.latest_time()
        batch = gathered.take_batch()
        scopes = batch.whole if refusals else (*batch.whole, "")
        return replace(
            batch,
            cursor=Cursor(read_at, read_at=read_at),
            skipped={
                f"{self.stream.name}:{scope}".rstrip(":"): str(why)
                for scope, why in refusals.items()
            },
            whole=tuple(dict.fromkeys(scopes)),
            unmoved=tuple(gathered.unmoved),
        )


@dataclass
class _Gathered:
    """Rows for the next batch, and the scopes that end with them."""

    stream: Stream
    rows: list[Row] = field(default_factory=list)
    signs: dict[str, str] = field(default_factory=dict)
    """By scope that ends with these rows, "" where HubSpot gave none that stand for what came."""
    parts: int = 0
    """Parts that came whole in this reading."""
    unmoved: list[str] = field(default_factory=list)
    """Scopes left out in this reading."""

    read_at: datetime | None = None
    """When the latest page came (UTC)."""

    def add(self, page: Page) -> None:
        self.read_at = max(self.read_at or page.read_at, page.read_at)
        self.rows += [
            Row(key, page.read_at, is_deleted=False, values=values) for key, values in page.entries
        ]

    def add_of(self, wanted: Collection[str], part: Part) -> set[str]:
        """Add those of these rows that a part has; return their ids."""
        found: set[str] = set()
        for page in part.pages:
            entries = [(key, values) for key, values in page.entries if key in wanted]
            self.add(Page(entries, page.read_at))
            found |= {key for key, _ in entries}
        return found

    def take(self) -> pa.Table:
        rows, self.rows = self.rows, []
        return build_table(self.stream.choose_fields(self.stream.required_fields), rows)

    def end(self, part: Part, known: str) -> None:
        """Note that all of a part has come, whose signs were known so before."""
        self.signs[part.scope] = part.signs_of_all(known)
        self.parts += 1

    def take_batch(self) -> Batch:
        signs, self.signs = self.signs, {}
        given = {scope: sign for scope, sign in signs.items() if sign}
        return Batch({self.stream.name: self.take()}, whole=tuple(signs), signs=given)


def _begin(items: Iterable[Item]) -> Iterator[Item]:
    """Ask for the first item at once, so that a refusal of the whole comes now."""
    iterator = iter(items)
    return chain(list(islice(iterator, 1)), iterator)
