"""Writing the record that an external id means, whether it is there or not.

Source: SOAP API Developer Guide, `upsert()`; REST API Developer Guide, "Insert or Update (Upsert)
a Record Using an External ID".
"""

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.context import Sandbox
from connectors.sandbox.salesforce.authors import Author
from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.records import create_record, update_record
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
    return field.type in ("id", "email") or field.external_id


def matching_ids(sandbox: Sandbox, known: ObjectType, field: Field, value: Any) -> list[str]:
    """Return the ids of the living records that have a value in a key field, oldest first."""
    kept = full_id(value) if field.type == "id" else check_value(field, value)
    living = "and not IsDeleted" if "IsDeleted" in known.fields else ""
    sql = f"select Id from {known.table} where {quoted(field.name)} = ? {living} order by Id"  # noqa: S608 - names of our schema
    return [row["Id"] for row in sandbox.store.rows(sql, kept)]


def upsert_record(
    sandbox: Sandbox, known: ObjectType, field: Field, given: Mapping[str, Any], author: Author
) -> tuple[str, bool]:
    """Create or change the record whose key is among the given values.

    Returns:
        The record's id, and whether it was created.

    Raises:
        Refusal: no value or several records for the key, or what a write refuses.
    """
    names = [name for name in given if name.lower() == field.name.lower()]
    value = given[names[0]] if names else None
    rest = {name: kept for name, kept in given.items() if name not in names}
    if field.type == "id":
        return _by_id(sandbox, known, value, rest, author)
    if value is None or value == "":
        message = f"{field.name} not specified"
        raise Refusal("MISSING_ARGUMENT", message, fields=[field.name])
    found = matching_ids(sandbox, known, field, value)
    if len(found) > 1:
        message = f"{field.name}: more than one record found for external id field: {found}"
        raise Refusal("DUPLICATE_EXTERNAL_ID", message, fields=[field.name])
    if found:
        update_record(sandbox, known, found[0], rest, author)
        return found[0], False
    return create_record(sandbox, known, {**rest, field.name: value}, author), True


def _by_id(
    sandbox: Sandbox, known: ObjectType, record_id: Any, rest: Mapping[str, Any], author: Author
) -> tuple[str, bool]:
    if record_id is None or record_id == "":
        return create_record(sandbox, known, rest, author), True
    update_record(sandbox, known, str(record_id), rest, author)
    return full_id(record_id) or str(record_id), False
