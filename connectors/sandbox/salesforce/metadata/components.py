"""The kinds of components that the org takes, and what can be done with each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.custom_objects import list_objects
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.metadata import (
    custom_objects,
    fields,
    list_views,
    permission_sets,
)
from connectors.sandbox.salesforce.metadata.field_types import Metadata
from connectors.sandbox.salesforce.metadata.outcome import Listed, Outcome
from connectors.sandbox.salesforce.schema import find_type
from connectors.sandbox.store import Store

SHIPPED_AT = "1970-01-01T00:00:00.000+0000"
"""When standard objects were made, as the Metadata API has it."""


@dataclass(frozen=True)
class Kind:
    """One kind of component. Names are full: Lead.Score__c."""

    name: str
    folder: str
    suffix: str
    put: Callable[[Sandbox, str, Metadata], Outcome]
    read: Callable[[Store, str], dict[str, Any] | None]
    delete: Callable[[Sandbox, str], str]
    list: Callable[[Store], "list[Listed]"]

    def file_of(self, full_name: str) -> str:
        """Return the file of a package that holds a component."""
        name = full_name.partition(".")[0] if self.folder == "objects" else full_name
        return f"{self.folder}/{name}.{self.suffix}"


def _put_field(sandbox: Sandbox, full_name: str, metadata: Metadata) -> Outcome:
    definition = {part: value for part, value in metadata.items() if part != "fullName"}
    kept = fields.find_field(sandbox.store, full_name)
    if kept is None:
        made = fields.create_field(sandbox, full_name, definition)
        return Outcome(made, created=True, changed=True)
    changed = kept.metadata != definition
    if changed:
        fields.update_field(sandbox, kept, definition)
    return Outcome(kept.id, created=False, changed=changed)


def _read_field(store: Store, full_name: str) -> dict[str, Any] | None:
    kept = fields.find_field(store, full_name)
    return None if kept is None else {"fullName": kept.full_name, **kept.metadata}


def _delete_field(sandbox: Sandbox, full_name: str) -> str:
    kept = fields.find_field(sandbox.store, full_name)
    if kept is None:
        raise missing("CustomField", full_name)
    fields.delete_field(sandbox, kept)
    return kept.id


def _list_fields(store: Store) -> list[Listed]:
    return [
        Listed(kept.id, kept.full_name, kept.created_at, kept.modified_at)
        for kept in fields.list_fields(store)
    ]


def _put_object(sandbox: Sandbox, full_name: str, metadata: Metadata) -> Outcome:
    known = find_type(sandbox.store, full_name)
    is_standard = known is not None and not known.definition_id
    if is_standard or full_name == fields.ACTIVITY:
        # What is said of standard objects stays as it is.
        return Outcome("", created=False, changed=False)
    outcome = custom_objects.put_custom_object(sandbox, full_name, metadata)
    for own in metadata.get("fields", ()):
        # In packages they are components of their own; over SOAP they come with their object.
        _put_field(sandbox, f"{full_name}.{own.get('fullName', '')}", own)
    return outcome


def _read_object(store: Store, full_name: str) -> dict[str, Any] | None:
    known = find_type(store, full_name)
    if known is None:
        return None
    own, views = (
        [one.full_name for one in listed if one.full_name.startswith(f"{known.name}.")]
        for listed in (_list_fields(store), list_views.list_list_views(store))
    )
    return {
        **custom_objects.read_custom_object(store, known),
        "fullName": known.name,
        "enableHistory": bool(known.history),
        "fields": [_member(_read_field(store, name)) for name in own],
        "label": known.label,
        "listViews": [_member(list_views.read_list_view(store, name)) for name in views],
        "pluralLabel": known.plural,
    }


def _member(component: dict[str, Any] | None) -> dict[str, Any]:
    """Return a component as its object holds it: named without the object."""
    found = component or {}
    return {**found, "fullName": found["fullName"].partition(".")[2]}


def _delete_object(sandbox: Sandbox, full_name: str) -> str:
    known = find_type(sandbox.store, full_name)
    if known is None:
        raise missing("CustomObject", full_name)
    if known.definition_id:
        return custom_objects.delete_custom_object(sandbox, known)
    raise Refusal("INSUFFICIENT_ACCESS_OR_READONLY", "Cannot delete standard objects")


def _list_objects(store: Store) -> list[Listed]:
    owners = dict.fromkeys(one.full_name.partition(".")[0] for one in _list_fields(store))
    made = {
        kept.name: Listed(kept.id, kept.name, kept.created_at, kept.modified_at)
        for kept in list_objects(store)
    }
    shipped = {name: Listed("", name, SHIPPED_AT, SHIPPED_AT) for name in owners}
    return list((shipped | made).values())


KINDS: Mapping[str, Kind] = {
    "CustomObject": Kind(
        name="CustomObject",
        folder="objects",
        suffix="object",
        put=_put_object,
        read=_read_object,
        delete=_delete_object,
        list=_list_objects,
    ),
    "CustomField": Kind(
        name="CustomField",
        folder="objects",
        suffix="object",
        put=_put_field,
        read=_read_field,
        delete=_delete_field,
        list=_list_fields,
    ),
    "ListView": Kind(
        name="ListView",
        folder="objects",
        suffix="object",
        put=list_views.put_list_view,
        read=list_views.read_list_view,
        delete=list_views.delete_list_view,
        list=list_views.list_list_views,
    ),
    "PermissionSet": Kind(
        name="PermissionSet",
        folder="permissionsets",
        suffix="permissionset",
        put=permission_sets.put_permission_set,
        read=permission_sets.read_permission_set,
        delete=permission_sets.delete_permission_set,
        list=permission_sets.list_permission_sets,
    ),
}
"""Every kind, in the order in which a deployment takes them."""


def missing(kind: str, full_name: str) -> Refusal:
    """A component that is not there."""
    message = f"In field: fullName - no {kind} named {full_name} found"
    return Refusal("INVALID_CROSS_REFERENCE_KEY", message)
