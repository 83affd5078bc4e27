"""Which records belong together, read for many records at once.

HubSpot moves no record's stamp when only its associations change, so rows are states: they bear
the time of their reading, and all of them have to be read again from time to time.

Each pair of objects is read from one end, the one that `associated` of its stream is at: v4 gives
the same pairs from either end, each type of association by its number in that direction.
A pair comes with every type it has: unlabelled, primary, or labelled by the account's own people.
Source: developers.hubspot.com, "Associations API" (batch read).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import msgspec
import pyarrow as pa

from connectors.arrow import assemble
from connectors.errors import ABSENT_OR_HIDDEN, ask_twice
from connectors.hubspot.answers import AssociatedRecord
from connectors.hubspot.association_sets import AssociationSets
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.crew import Crew
from connectors.hubspot.failures import Failures
from connectors.hubspot.lookups import in_chunks
from connectors.hubspot.streams.shape import ASSOCIATION_FIELDS, ObjectStream

ASK_SIZE = 1_000
"""Most records that one call takes."""


@dataclass
class AssociationReader:
    """Reads the associations of one object's records with every far object that answers.

    Which ones do shows once, by the first records asked about: what is refused later is no far
    object that our key may not see.
    """

    client: HubSpotClient
    known: ObjectStream
    refusals: dict[str, str] = field(default_factory=dict)
    """Why far objects were left out, by their names; they are not asked for again."""
    failures: Failures | None = None
    """Where given, gets the records whose associations HubSpot fails at; the others come."""
    _answering: list[str] | None = None

    def read(self, crew: Crew, record_ids: Sequence[str]) -> pa.Table | None:
        """Return a row for each record and far object; None where no far object answers."""
        chunks = list(in_chunks(dict.fromkeys(record_ids), ASK_SIZE))
        tables: list[pa.Table] = []
        if self._answering is None and chunks:
            tables += self._begin(crew, chunks.pop(0))
        asked = [(other, chunk) for chunk in chunks for other in self._answering or ()]
        tables += crew.each(self._ask, asked)
        return pa.concat_tables(tables) if tables else None

    @property
    def skipped(self) -> dict[str, str]:
        """Why some of the stream could not be read, as `Batch.skipped` has it."""
        stream = self.known.association_stream
        return {f"{stream}:{other}": why for other, why in self.refusals.items()}

    def _begin(self, crew: Crew, record_ids: Sequence[str]) -> list[pa.Table]:
        answers = list(crew.each(partial(self._try, record_ids), self.known.associated))
        told = dict(zip(self.known.associated, answers, strict=True))
        self.refusals |= {other: why for other, why in told.items() if isinstance(why, str)}
        self._answering = [other for other in self.known.associated if other not in self.refusals]
        return [told[other] for other in self._answering]

    def _try(self, record_ids: Sequence[str], other: str) -> pa.Table | str:
        """Return the rows, or why they are refused: twice, as one refusal may pass."""
        try:
            return ask_twice(partial(self._ask, (other, record_ids)), self.client.pause)
        except ABSENT_OR_HIDDEN as refusal:
            return str(refusal)

    def _ask(self, asked: tuple[str, Sequence[str]]) -> pa.Table:
        other, record_ids = asked
        return read_associations(self.client, self.known, other, record_ids, self.failures)


def read_associations(
    client: HubSpotClient,
    known: ObjectStream,
    to_type: str,
    record_ids: Sequence[str],
    failures: Failures | None = None,
) -> pa.Table:
    """Return one row for each record: all it is associated with of one far object.

    `_modified_at` is the time of the reading by HubSpot's clock (UTC, whole seconds). Records that
    are gone or merged away have no row.

    Args:
        client: The account.
        known: The object of the records asked about.
        to_type: Object name of the records at the other end.
        record_ids: The records asked about, at most `ASK_SIZE`.
        failures: Where given, gets those that HubSpot fails at: they have no row either.

    Raises:
        ForbiddenError: our key may not see the far object.
        UnreadableAnswerError: a record is there, and no answer spoke of it.
    """
    found = AssociationSets(client, known, to_type, failures).read(record_ids)
    ids = [record_id for record_id in record_ids if record_id in found]
    columns = {
        "from_type": [known.name] * len(ids),
        "from_id": ids,
        "to_type": [to_type] * len(ids),
        "associations": [_to_json(found[record_id]) for record_id in ids],
    }
    keys = [f"{known.name}:{record_id}:{to_type}" for record_id in ids]
    stamps = [client.latest_time()] * len(ids)
    return assemble(ASSOCIATION_FIELDS, keys, stamps, [False] * len(ids), columns)


class _Association(msgspec.Struct, frozen=True, gc=False):
    to_id: str
    type_id: int
    category: str
    label: str | None


def _to_json(others: Sequence[AssociatedRecord]) -> str:
    if not others:
        return "[]"
    found = {
        _Association(str(other.to_object_id), kind.type_id, kind.category, kind.label)
        for other in others
        for kind in other.association_types
    }
    return msgspec.json.encode(sorted(found, key=_place)).decode()


def _place(known: _Association) -> tuple[str, str, int, str]:
    return known.to_id, known.category, known.type_id, known.label or ""
