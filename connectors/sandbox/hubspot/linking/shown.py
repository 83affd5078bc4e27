"""Associations as v4 and the date-based versions show them."""

from collections.abc import Sequence
from typing import Any

from connectors.sandbox.clock import instant
from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.association_kinds import AssociationType, plain_between
from connectors.sandbox.hubspot.associations import Association, associations_of
from connectors.sandbox.hubspot.errors import bad_input
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.records import Record
from connectors.sandbox.web import Answer, Call

MOST_PER_PAGE = 500
View = dict[str, Any]


def page_of(
    sandbox: Sandbox, call: Call, record: Record, to_type: ObjectType, *, after: int, most: int
) -> View:
    """Return {to, paging} of a record's associations, empty when there are none."""
    found = associations_of(sandbox.store, record, to_type, after, most + 1)
    shown = list(found)[:most]
    if not shown:
        return {}
    view: View = {"to": [_target(call, to_id, found[to_id]) for to_id in shown]}
    if len(found) > most:
        view["paging"] = {"next": {"after": str(shown[-1])}}
    return view


def _target(call: Call, to_id: int, kept: Sequence[Association]) -> View:
    types = [{"category": a.category, "typeId": a.type_id, "label": a.label} for a in kept]
    return {"toObjectId": _shown_id(call, to_id), "associationTypes": types}


def _shown_id(call: Call, record_id: int) -> int | str:
    # v4 answers with a number where the date-based versions have a text.
    return record_id if "/v4/" in call.path else str(record_id)


def labelled_view(
    call: Call, record: Record, other: Record, kinds: Sequence[AssociationType]
) -> View:
    """Return what an association with labels is answered with."""
    return {
        "fromObjectTypeId": record.object_type.type_id,
        "fromObjectId": _shown_id(call, record.id),
        "toObjectTypeId": other.object_type.type_id,
        "toObjectId": _shown_id(call, other.id),
        "labels": [kind.label for kind in kinds if kind.label is not None],
    }


def default_type(sandbox: Sandbox, from_type: ObjectType, to_type: ObjectType) -> AssociationType:
    """Return the type without a label between two objects.

    Raises:
        Refusal: there is none.
    """
    kind = plain_between(sandbox.store, from_type, to_type)
    if kind is None:
        pair = f"{from_type.singular} and {to_type.singular}"
        raise bad_input(f"No default association type exists between {pair}")
    return kind


def default_views(kind: AssociationType, record: Record, other: Record) -> list[View]:
    """Return what an association without a label is answered with: both directions."""
    return [_made(kind, record.id, other.id), _made(kind.turned, other.id, record.id)]


def _made(kind: AssociationType, from_id: int, to_id: int) -> View:
    spec = {"associationCategory": kind.category, "associationTypeId": kind.id}
    return {"from": {"id": str(from_id)}, "to": {"id": str(to_id)}, "associationSpec": spec}


def completed(
    sandbox: Sandbox, results: Sequence[View], errors: Sequence[View] = (), status: int = 200
) -> Answer:
    """Return the answer to a batch: a 207 as soon as something of it was refused."""
    now = instant(sandbox.clock.now)
    body = {"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now}
    if not errors:
        return Answer(status, body)
    return Answer(207, {**body, "numErrors": len(errors), "errors": errors})
