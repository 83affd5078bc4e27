"""Record types: what an object has several kinds of, each with a name of its own.

Source: Object Reference, "RecordType"; SOAP API Developer Guide, `DescribeSObjectResult`, which
lists them with the one that every object has, Master.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.salesforce.errors import Refusal
from connectors.sandbox.salesforce.names import check_developer_name
from connectors.sandbox.salesforce.object_types import ObjectType
from connectors.sandbox.salesforce.schema import find_type
from connectors.sandbox.store import Store


@dataclass(frozen=True)
class RecordType:
    """One record type of an object, by its id of 18 characters."""

    id: str
    name: str
    developer_name: str
    is_active: bool


def record_types_of(store: Store, known: ObjectType) -> list[RecordType]:
    """Return the record types of an object by name; Master is not among them."""
    rows = store.rows(
        "select Id, Name, DeveloperName, IsActive from salesforce_RecordType "
        "where SobjectType = ? order by Name, Id",
        known.name,
    )
    return [RecordType(row[0], row[1], row[2], bool(row[3])) for row in rows]


def check_record_type(store: Store, values: Mapping[str, Any]) -> None:
    """Check a record type that is to be written.

    Raises:
        Refusal: its object has none, or its name is no name.
    """
    known = find_type(store, values["SobjectType"])
    if known is None or known.name != values["SobjectType"] or not _takes_types(known):
        message = (
            f"Sobject Type Name: bad value for restricted picklist field: {values['SobjectType']}"
        )
        raise Refusal("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, fields=["SobjectType"])
    check_developer_name(str(values["DeveloperName"]), "record type")


def _takes_types(known: ObjectType) -> bool:
    return bool(known.definition_id) or known.name in _TYPED


_TYPED = frozenset(
    {"Account", "Campaign", "Case", "Contact", "Event", "Lead", "Opportunity", "Product2", "Task"}
)


def check_type_fits(known: ObjectType, record_type: Mapping[str, Any]) -> None:
    """Check that a record type is one of the object whose record is to have it.

    Raises:
        Refusal: it is another object's.
    """
    if record_type["SobjectType"] != known.name:
        message = f"Record Type ID: this ID value isn't valid for the user: {record_type['Id']}"
        raise Refusal("INVALID_CROSS_REFERENCE_KEY", message, fields=["RecordTypeId"])
