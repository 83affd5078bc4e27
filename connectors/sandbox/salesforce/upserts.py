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
from connectors.sandbox.salesforce.keys import matching_ids, several_records
from connectors.sandbox.salesforce.records import create_record, update_record
from connectors.sandbox.salesforce.schema import Field, ObjectType


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
        raise several_records(field, found)
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
