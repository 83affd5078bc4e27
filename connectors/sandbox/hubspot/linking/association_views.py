"""Associations as v4 and the date-based versions show them."""

from collections.abc import Sequence

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.answers import View
from connectors.sandbox.hubspot.association_kinds import AssociationType, plain_between
from connectors.sandbox.hubspot.associations import Association, associations_of
from connectors.sandbox.hubspot.errors import bad_input
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.paging import next_page_at
from connectors.sandbox.hubspot.records import Record
from connectors.sandbox.hubspot.versions import date_of
from connectors.sandbox.web import Call

MOST_PER_PAGE = 500


def page_of(
    sandbox: Sandbox, call: Call, record: Record, to_type: ObjectType, *, after: int, most: int
) -> View:
    """Return {to, paging} of a record's associations, empty when there are none."""
    found = associations_of(sandbox.store, record, to_type, after, most + 1)
    shown = list(found)[:most]
    if not shown:
        return {}
    view: View = {"to": [_target(sandbox, call, to_id, found[to_id]) for to_id in shown]}
    if len(found) > most:
        view["paging"] = next_page_at(call, _path(call, record, to_type), str(shown[-1]))
    return view


def _path(call: Call, record: Record, to_type: ObjectType) -> str:
    """Return where the associations of one record are, for a batch goes on there."""
    date = date_of(call.path)
    objects = f"/crm/objects/{date}" if date else "/crm/v4/objects"
    return f"{objects}/{record.object_type.name}/{record.id}/associations/{to_type.name}"


def _target(sandbox: Sandbox, call: Call, to_id: int, kept: Sequence[Association]) -> View:
    types = [{"category": a.category, "typeId": a.type_id, "label": a.label} for a in kept]
    return {"toObjectId": _shown_id(sandbox, call, to_id), "associationTypes": types}


def _shown_id(sandbox: Sandbox, call: Call, record_id: int) -> int | str:
    # The reference has a text for every version, and yet v4 answers with a number.
    is_dated = bool(date_of(call.path))
    is_text = is_dated and sandbox.settings.hubspot_dated_association_ids_are_texts
    return str(record_id) if is_text else record_id


def labelled_view(
    sandbox: Sandbox,
    call: Call,
    record: Record,
    other: Record,
    kinds: Sequence[AssociationType],
) -> View:
    """Return what an association with labels is answered with."""
    return {
        "fromObjectTypeId": record.object_type.type_id,
        "fromObjectId": _shown_id(sandbox, call, record.id),
        "toObjectTypeId": other.object_type.type_id,
        "toObjectId": _shown_id(sandbox, call, other.id),
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
