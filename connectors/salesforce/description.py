"""Fields as Salesforce describes them."""

from collections.abc import Mapping, Sequence

import msgspec

from connectors.records import FieldType


class DescribedField(msgspec.Struct):
    """A field as Salesforce describes it."""

    name: str
    type: str


class Description(msgspec.Struct):
    """An object's fields."""

    fields: list[DescribedField]


def typed_fields(fields: Sequence[DescribedField]) -> dict[str, FieldType]:
    """Return the type of each field, leaving out compound and binary ones."""
    return {
        field.name: _TYPES.get(field.type, "string")
        for field in fields
        if field.type not in _LEFT_OUT
    }


_LEFT_OUT = frozenset({"address", "location", "base64", "complexvalue"})
"""Compound fields repeat what their parts say; binary ones are files."""

_TYPES: Mapping[str, FieldType] = {
    "int": "integer",
    "long": "integer",
    "double": "decimal",
    "currency": "decimal",
    "percent": "decimal",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
}
