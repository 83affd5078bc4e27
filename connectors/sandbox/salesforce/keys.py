"""Fields that say which record is meant: ids, external ids and addresses."""

from collections.abc import Iterable
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.schema import Field, ObjectType
from connectors.sandbox.salesforce.values import check_value
from connectors.sandbox.store import quoted


def key_field(known: ObjectType, name: str) -> Field:
    """Return the field of a name, which must be Id, an external id or an address.

    Raises:
        Refusal: there is no such field, or it can't say which record is meant.
    """
    field = known.find(name)
    if field is None or not is_key(field):
        message = f"Provided external ID field does not exist or is not accessible: {name}"
        raise Refusal("NOT_FOUND", message, 404)
    return field


def is_key(field: Field) -> bool:
    """Tell whether a field can say which record is meant; describe calls it `idLookup`."""
    return field.external_id or (field.type in ("id", "email") and not field.expression)


def matching_ids(sandbox: Sandbox, known: ObjectType, field: Field, value: Any) -> list[str]:
    """Return the ids of the living records that have a value in a key field, oldest first."""
    kept = full_id(value) if field.type == "id" else check_value(field, value)
    living = "and not IsDeleted" if "IsDeleted" in known.fields else ""
    sql = f"select Id from {known.table} where {quoted(field.name)} = ? {living} order by Id"  # noqa: S608 - names of our schema
    return [row["Id"] for row in sandbox.store.rows(sql, kept)]


def reference_key(target: ObjectType, visible: Iterable[str], name: str) -> Field:
    """Return the key of another object by which a reference to it is given.

    Args:
        target: The object that the reference leads to.
        visible: Names of those of its fields that the author sees.
        name: The key's, in any case.

    Raises:
        Refusal: there is no such field, it is hidden, or it is no key.
    """
    field = target.find(name)
    if field is None or field.name not in visible or not is_key(field):
        message = (
            f"Field name provided, {name} does not match an External ID, Salesforce Id, or indexed "
            f"field for {target.name}"
        )
        raise Refusal("INVALID_FIELD", message)
    return field


def several_records(key: Field, found: Iterable[str]) -> Refusal:
    """Return the refusal of a key that does not say which record is meant."""
    listed = ", ".join(found)
    message = f"{key.name}: more than one record found for external id field: [{listed}]"
    return Refusal("DUPLICATE_EXTERNAL_ID", message, fields=[key.name])


def referred_id(sandbox: Sandbox, target: ObjectType, key: Field, value: Any) -> str:
    """Return the id of the one living record that a reference by key means.

    Raises:
        Refusal: there is none, or there are several.
    """
    found = matching_ids(sandbox, target, key, value)
    if len(found) > 1:
        raise several_records(key, found)
    if not found:
        message = (
            f"Foreign key external ID: {value} not found for field {key.name} in entity "
            f"{target.name}"
        )
        raise Refusal("INVALID_FIELD", message)
    return found[0]
