"""Which records belong together, read for many records at once.

A pair comes with every type it has: unlabelled, primary, or labelled by the account's own people.
HubSpot moves no record's stamp when only its associations change: such a change comes with the
record's next edit.
Source: developers.hubspot.com, "Associations API" (batch read).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from connectors.arrow import Row
from connectors.errors import UnreadableAnswerError
from connectors.hubspot.answers import (
    AssociationAnswer,
    AssociationSet,
    AssociationType,
    next_after,
)
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.lookups import in_chunks
from connectors.hubspot.streams.shape import ASSOCIATION_FIELDS

ASK_SIZE = 1_000
"""Most records that one call takes."""

_HARMLESS = frozenset({"crm.associations.NO_ASSOCIATIONS_FOUND", "OBJECT_NOT_FOUND"})
_BY_HUBSPOT = "HUBSPOT_DEFINED"


def association_rows(
    client: HubSpotClient, from_type: str, to_type: str, stamps: Mapping[str, datetime]
) -> Iterator[Row]:
    """Yield one row for each type of each pair.

    Args:
        client: The account.
        from_type: Object name of the records asked about, such as "deals".
        to_type: Object name of the records at the other end.
        stamps: When each record asked about was last modified (UTC), by its id.

    Raises:
        ForbiddenError: our key may not see the far object.
    """
    for found in _read_sets(client, from_type, to_type, list(stamps)):
        # A record that was merged away meanwhile answers under an id not asked for.
        if stamp := stamps.get(str(found.from_record.id)):
            yield from _rows_of(found, from_type, to_type, stamp)


def _read_sets(
    client: HubSpotClient, from_type: str, to_type: str, record_ids: list[str]
) -> Iterator[AssociationSet]:
    path = client.paths.associations(from_type, to_type)
    waiting = [{"id": record_id} for record_id in record_ids]
    while waiting:
        further: list[dict[str, str]] = []
        for chunk in in_chunks(waiting, ASK_SIZE):
            answer = client.post(path, {"inputs": chunk}, AssociationAnswer)
            _check_errors(path, answer)
            yield from answer.results
            further += _further_pages(answer)
        if further == waiting:
            raise UnreadableAnswerError("hubspot", path, "the next page begins where this one did")
        waiting = further


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


def _rows_of(found: AssociationSet, from_type: str, to_type: str, stamp: datetime) -> Iterator[Row]:
    for other in found.to:
        ends = (from_type, str(found.from_record.id), to_type, str(other.to_object_id))
        for kind in other.association_types:
            yield _to_row(ends, kind, stamp)


def _to_row(ends: tuple[str, ...], kind: AssociationType, stamp: datetime) -> Row:
    parts = (*ends, kind.type_id, kind.category, kind.label)
    values = {field.name: part for field, part in zip(ASSOCIATION_FIELDS, parts, strict=True)}
    record_id = ":".join((*ends, str(kind.type_id)))
    if kind.category != _BY_HUBSPOT:
        # The types that people make are numbered apart from HubSpot's.
        record_id += f":{kind.category}"
    return Row(record_id, stamp, is_deleted=False, values=values)
