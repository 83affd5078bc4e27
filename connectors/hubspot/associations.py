"""Which records belong together, read for many records at once.

HubSpot moves no record's stamp when only its associations change, so rows are states: they bear
the time of their reading, and all of them have to be read again from time to time.

Each pair of objects is read from one end, the one that `associated` of its stream is at: v4 gives
the same pairs from either end, each type of association by its number in that direction.
A pair comes with every type it has: unlabelled, primary, or labelled by the account's own people.
Source: developers.hubspot.com, "Associations API" (batch read).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
import pyarrow as pa

from connectors.arrow import assemble
from connectors.errors import ABSENT_OR_HIDDEN, UnreadableAnswerError
from connectors.hubspot.answers import (
    AssociatedRecord,
    AssociationAnswer,
    AssociationSet,
    next_after,
)
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.lookups import in_chunks
from connectors.hubspot.streams.shape import ASSOCIATION_FIELDS, ObjectStream

ASK_SIZE = 1_000
"""Most records that one call takes."""

_HARMLESS = frozenset({"crm.associations.NO_ASSOCIATIONS_FOUND", "OBJECT_NOT_FOUND"})


@dataclass(frozen=True)
class AssociationReader:
    """Reads the associations of one object's records with every far object that answers."""

    client: HubSpotClient
    known: ObjectStream
    refusals: dict[str, str] = field(default_factory=dict)
    """Why far objects were left out, by their names; they are not asked for again."""

    def read(self, record_ids: Sequence[str]) -> pa.Table | None:
        """Return a row for each record and far object; None where no far object answers."""
        tables = [
            table
            for other in self.known.associated
            if other not in self.refusals and (table := self._ask(other, record_ids)) is not None
        ]
        return pa.concat_tables(tables) if tables else None

    @property
    def skipped(self) -> dict[str, str]:
        """Why some of the stream could not be read, as `Batch.skipped` has it."""
        reasons = "; ".join(dict.fromkeys(self.refusals.values()))
        return {self.known.association_stream: reasons} if reasons else {}

    def _ask(self, other: str, record_ids: Sequence[str]) -> pa.Table | None:
        try:
            return read_associations(self.client, self.known.name, other, record_ids)
        except ABSENT_OR_HIDDEN as refusal:
            self.refusals[other] = str(refusal)
            return None


def read_associations(
    client: HubSpotClient, from_type: str, to_type: str, record_ids: Sequence[str]
) -> pa.Table:
    """Return one row for each record: all it is associated with of one far object.

    `_modified_at` is the time of the reading by HubSpot's clock (UTC, whole seconds).

    Args:
        client: The account.
        from_type: Object name of the records asked about, such as "deals".
        to_type: Object name of the records at the other end.
        record_ids: The records asked about.

    Raises:
        ForbiddenError: our key may not see the far object.
    """
    told: list[str] = []
    stamps: list[datetime] = []
    asked = list(dict.fromkeys(record_ids))
    for chunk in in_chunks(asked, ASK_SIZE):
        found: dict[str, list[AssociatedRecord]] = {record_id: [] for record_id in chunk}
        for answer in _read_sets(client, from_type, to_type, chunk):
            # A record that was merged away meanwhile answers under an id not asked for.
            found.get(str(answer.from_record.id), []).extend(answer.to)
        told += map(_to_json, found.values())
        stamps += [client.latest_time()] * len(found)
    columns = {
        "from_type": [from_type] * len(told),
        "from_id": asked,
        "to_type": [to_type] * len(told),
        "associations": told,
    }
    keys = [f"{from_type}:{record_id}:{to_type}" for record_id in asked]
    return assemble(ASSOCIATION_FIELDS, keys, stamps, [False] * len(keys), columns)


def _read_sets(
    client: HubSpotClient, from_type: str, to_type: str, record_ids: Sequence[str]
) -> Iterator[AssociationSet]:
    path = client.paths.associations(from_type, to_type)
    waiting = [{"id": record_id} for record_id in record_ids]
    begun: set[tuple[str, str]] = set()
    while waiting:
        answer = client.post(path, {"inputs": waiting}, AssociationAnswer)
        _check_errors(path, answer)
        yield from answer.results
        waiting = list(_further_pages(answer))
        places = {(further["id"], further["after"]) for further in waiting}
        if places & begun:
            raise UnreadableAnswerError("hubspot", path, "a page begins where another one did")
        begun |= places


def _check_errors(path: str, answer: AssociationAnswer) -> None:
    for error in answer.errors:
        if not {error.category, error.sub_category} & _HARMLESS:
            what = f"part of the answer is missing ({error.sub_category or error.category})"
            raise UnreadableAnswerError("hubspot", path, what)


def _further_pages(answer: AssociationAnswer) -> Iterator[dict[str, str]]:
    for found in answer.results:
        after = next_after(found.paging)
        if after is not None:
            yield {"id": str(found.from_record.id), "after": after}


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
