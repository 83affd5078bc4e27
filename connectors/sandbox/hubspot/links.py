"""Associating records and taking associations away, whichever path it is asked for on."""

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.association_kinds import (
    AssociationType,
    find_type,
    type_name,
    types_between,
)
from connectors.sandbox.hubspot.associations import (
    associate,
    associations_of,
    dissociate,
    forget,
    target_type,
)
from connectors.sandbox.hubspot.errors import PageNotFound, bad_input
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.records import Record, find_record
from connectors.sandbox.hubspot.requests import id_of, object_of
from connectors.sandbox.hubspot.webhooks.events import note_association
from connectors.sandbox.web import Call


def link(sandbox: Sandbox, kind: AssociationType, record: Record, other: Record) -> None:
    """Associate two records; neither one's modified date moves."""
    associate(sandbox.store, kind, record.id, other.id)
    note_association(sandbox, kind, record, other, removed=False)


def unlink(sandbox: Sandbox, record: Record, other: Record) -> None:
    """Take every association of two records away."""
    held = associations_of(sandbox.store, record, other.object_type).get(other.id, ())
    dissociate(sandbox.store, record.object_type.name, record.id, other.object_type.name, other.id)
    for kept in held:
        if (kind := find_type(sandbox.store, kept.type_id)) is not None:
            note_association(sandbox, kind, record, other, removed=True)


def unlabel(sandbox: Sandbox, kind: AssociationType, record: Record, other: Record) -> None:
    """Take one type of association of two records away; the others stay."""
    forget(sandbox.store, kind, record.id, other.id)
    note_association(sandbox, kind, record, other, removed=True)


def associate_new(sandbox: Sandbox, record: Record, given: Any) -> None:
    """Keep the `associations` that a record is created with.

    Raises:
        Refusal: a type that does not start at the record's object, or a record that is not there.
    """
    for entry in given or ():
        to_id = str((entry.get("to") or {}).get("id", ""))
        for kind in types_of(sandbox, entry.get("types") or (), record.object_type):
            other = find_record(sandbox.store, target_type(sandbox.store, kind), id_of(to_id))
            if other is None:
                raise bad_input(f"Invalid association: no {kind.to_type} have the id {to_id}")
            link(sandbox, kind, record, other)


def types_of(
    sandbox: Sandbox, specs: Sequence[Mapping[str, Any]], from_type: ObjectType
) -> list[AssociationType]:
    """Return the types that a list of {associationCategory, associationTypeId} names.

    Raises:
        Refusal: one of them is none, or starts at another object.
    """
    return [_type_of(sandbox, spec, from_type) for spec in specs]


def _type_of(sandbox: Sandbox, spec: Mapping[str, Any], from_type: ObjectType) -> AssociationType:
    type_id = spec.get("associationTypeId")
    kind = find_type(sandbox.store, type_id) if isinstance(type_id, int) else None
    if kind is None or kind.from_type != from_type.name:
        raise bad_input(f"invalid association type id {type_id} for {from_type.singular}")
    category = spec.get("associationCategory", kind.category)
    if category != kind.category:
        raise bad_input(f"association type id {type_id} is not of the category {category}")
    return kind


def named_type(
    sandbox: Sandbox, name: str, from_type: ObjectType, to_type: ObjectType
) -> AssociationType:
    """Return the type that v3 names, by its id or as in contact_to_company.

    Raises:
        Refusal: there is no such type between the two objects.
    """
    for kind in types_between(sandbox.store, from_type.name, to_type.name):
        if name in (str(kind.id), type_name(from_type, to_type, kind.label)):
            return kind
    pair = f"{from_type.singular} and {to_type.singular}"
    raise bad_input(f"{name} is not a valid association type between {pair}")


def living(sandbox: Sandbox, object_type: ObjectType, text: str) -> Record:
    """Return a living record by an id in a path.

    Raises:
        PageNotFound: nobody has the id.
    """
    found = find_record(sandbox.store, object_type, id_of(text))
    if found is None:
        raise PageNotFound
    return found


def ends_of(sandbox: Sandbox, call: Call) -> tuple[Record, Record]:
    """Return the two records that a path names.

    Raises:
        PageNotFound: one of them is not there.
    """
    record = living(sandbox, object_of(sandbox, call), call.arguments["id"])
    other = living(sandbox, object_of(sandbox, call, "to_object"), call.arguments["to_id"])
    return record, other
