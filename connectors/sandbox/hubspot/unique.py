"""Properties whose values only one living record may have, and finding records by them.

A contact's addresses, the first and the additional ones, are such values on every account;
properties made with `hasUniqueValue` are the others.
"""

from collections.abc import Mapping

from connectors.sandbox.hubspot.contacts import check_email_free, find_by_email
from connectors.sandbox.hubspot.errors import Problem, invalid_values, not_unique
from connectors.sandbox.hubspot.facts import PORTAL_ID
from connectors.sandbox.hubspot.numbers import id_of
from connectors.sandbox.hubspot.object_types import CONTACTS, ObjectType
from connectors.sandbox.hubspot.records import Record, find_record, read_record
from connectors.sandbox.hubspot.schema import Property, properties
from connectors.sandbox.hubspot.unique_index import unique_sql
from connectors.sandbox.hubspot.values import Kept, is_empty, is_number, options_of
from connectors.sandbox.store import Store, literal

RECORD_ID = "hs_object_id"


def unique_property(store: Store, object_type: ObjectType, name: str) -> Property:
    """Return a property by whose values records can be told apart.

    Raises:
        Refusal: it has no unique values, or there is none of that name.
    """
    known = properties(store, object_type.name).get(name)
    if known is None or not known.unique:
        raise not_unique(object_type.type_id, name)
    return known


def find_by(
    store: Store, object_type: ObjectType, name: str, value: str, archived: bool = False
) -> Record | None:
    """Return the record that has a value of a unique property, or the record id."""
    if name in ("", RECORD_ID):
        return find_record(store, object_type, id_of(value), archived)
    if name == "email" and object_type == CONTACTS and not archived:
        return find_by_email(store, value)
    known = unique_property(store, object_type, name)
    is_numeric = known.type == "number"
    if is_numeric and not is_number(value):
        return None
    column, mark = unique_sql(name, known.type), "cast(? as numeric)" if is_numeric else "?"
    row = store.row(
        f"select * from hubspot_records where object_type = {literal(object_type.name)} "  # noqa: S608 - names of our schema
        f"and (archived_at is not null) = ? and {column} = {mark}",
        archived,
        value,
    )
    return None if row is None else read_record(object_type, row)


def check_unique(
    store: Store, object_type: ObjectType, values: Mapping[str, Kept], own_id: int | None
) -> None:
    """Let values pass that no other living record has.

    Raises:
        Refusal: another record has one of them.
    """
    given = {name: value for name, value in values.items() if not is_empty(value)}
    if object_type == CONTACTS:
        check_email_free(store, given.get("email"), own_id)
        for email in options_of(str(given.get("hs_additional_emails", ""))):
            check_email_free(store, email, own_id)
    known = properties(store, object_type.name)
    for name, value in given.items():
        # What was archived since is held, but no longer known.
        if name in known and known[name].unique and name != "email":
            holder = find_by(store, object_type, name, str(value))
            if holder is not None and holder.id != own_id:
                raise invalid_values([_taken(object_type, name, value, own_id, holder.id)])


def _taken(
    object_type: ObjectType, name: str, value: Kept, own_id: int | None, holder_id: int
) -> Problem:
    where = f"portalId={PORTAL_ID}, objectTypeId={object_type.type_id}, propertyName={name}"
    target = "" if own_id is None else f" on {own_id}"
    message = (
        f"Cannot set PropertyValueCoordinates{{{where}, value={value}}}{target}. "
        f"{holder_id} already has that value."
    )
    return Problem("CONFLICTING_UNIQUE_VALUE", name, message, str(value))
