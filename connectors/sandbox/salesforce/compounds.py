"""Compound fields: values that only gather what other fields hold.

Source: Object Reference, "Address Compound Fields". They can be read, but not written, sorted or
read by the Bulk API.
"""

from collections.abc import Mapping
from functools import cache

from connectors.sandbox.salesforce.schema import Field, ObjectType, standard_types
from connectors.sandbox.store import quoted

ADDRESS_PARTS: Mapping[str, str] = {
    "city": "City",
    "country": "Country",
    "geocodeAccuracy": "GeocodeAccuracy",
    "latitude": "Latitude",
    "longitude": "Longitude",
    "postalCode": "PostalCode",
    "state": "State",
    "street": "Street",
}
"""Keys of an address, and how the names of the fields that hold them end."""
_ADDRESSES: Mapping[str, Mapping[str, str]] = {
    "Lead": {"Address": ""},
    "Contact": {"OtherAddress": "Other", "MailingAddress": "Mailing"},
    "Account": {"BillingAddress": "Billing", "ShippingAddress": "Shipping"},
}
"""Addresses of each object, and how the names of the fields that hold them start."""
_NAME_PARTS = frozenset({"FirstName", "LastName", "Salutation"})


@cache
def _compounds_of(object_name: str) -> Mapping[str, Field]:
    return {
        name: Field(name, _label(name), "address", createable=False, updateable=False)
        for name in _ADDRESSES.get(object_name, {})
    }


def compound_fields(known: ObjectType) -> Mapping[str, Field]:
    """Return the compound fields of an object, by name."""
    return _compounds_of(known.name)


def compound_of(known: ObjectType, field: Field) -> str | None:
    """Return the compound field that a field is part of, or None."""
    if field.name in _NAME_PARTS and known.name in ("Lead", "Contact", "User"):
        return "Name"
    endings = ADDRESS_PARTS.values()
    for name, start in _ADDRESSES.get(known.name, {}).items():
        if field.name in [start + ending for ending in endings]:
            return name
    return None


def address_sql(known: ObjectType, field: Field, alias: str) -> str:
    """Return SQL for an address as JSON text, null when all of its parts are empty."""
    start = _ADDRESSES[known.name][field.name]
    parts = {
        key: f"{alias}.{quoted(start + ending)}" if start + ending in _kept(known.name) else "null"
        for key, ending in ADDRESS_PARTS.items()
    }
    members = ", ".join(f"'{key}', {column}" for key, column in parts.items())
    return f"iif(coalesce({', '.join(parts.values())}) is null, null, json_object({members}))"


@cache
def _kept(object_name: str) -> frozenset[str]:
    return frozenset(standard_types()[object_name].fields)


def _label(name: str) -> str:
    return f"{name.removesuffix('Address')} Address".strip()
