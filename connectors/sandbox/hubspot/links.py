"""Associating records and taking associations away, whichever path it is asked for on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.hubspot.association_kinds import (
    AssociationType,
    find_type,
    type_name,
    types_between,
)
from connectors.sandbox.hubspot.associations import (
    Change,
    associate,
    associations_of,
    forget,
    source_type,
    target_type,
)
from connectors.sandbox.hubspot.errors import PageNotFound, bad_input
from connectors.sandbox.hubspot.numbers import id_of
from connectors.sandbox.hubspot.object_types import ObjectType
from connectors.sandbox.hubspot.records import Record, find_record
from connectors.sandbox.hubspot.requests import object_in, object_of, objects_of
from connectors.sandbox.hubspot.webhooks.events import note_association
from connectors.sandbox.web import Call


def link(sandbox: Sandbox, kind: AssociationType, record: Record, other: Record) -> None:
    """Associate two records; neither one's modified date moves."""
    _tell(sandbox, associate(sandbox.store, kind, record.id, other.id))


def unlink(sandbox: Sandbox, record: Record, other: Record) -> None:
    """Take every association of two records away."""
    held = associations_of(sandbox.store, record, other.object_type).get(other.id, ())
    kinds = [find_type(sandbox.store, kept.type_id) for kept in held]
    for kind in filter(None, kinds):
        unlabel(sandbox, kind, record, other)


def unlabel(sandbox: Sandbox, kind: AssociationType, record: Record, other: Record) -> None:
    """Take one type of association of two records away; the others stay."""
    _tell(sandbox, forget(sandbox.store, kind, record.id, other.id))


def _tell(sandbox: Sandbox, changes: Iterable[Change]) -> None:
    """Let webhooks know; also of the primary company that has had to give way to another."""
    for change in changes:
        from_type, to_type = (of(sandbox.store, change.kind) for of in (source_type, target_type))
        ends = ((from_type, change.from_id), (to_type, change.to_id))
        note_association(sandbox, change.kind, *ends, removed=change.removed)


def associate_new(
    sandbox: Sandbox, record: Record, associations: Iterable[Mapping[str, Any]]
) -> None:
    """Keep the `associations` that a record is created with.

    Raises:
        Refusal: a type that does not start at the record's object, or a record that is not there.
    """
    for entry in associations:
        to_id = str(object_in(entry, "to").get("id", ""))
        for kind in types_of(sandbox, objects_of(entry, "types"), record.object_type):
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
    kind = find_type(sandbox.store, id_of(str(type_id)))
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
