"""Objects and their fields as Salesforce describes them.

Source: REST API Developer Guide, "sObject Describe"; Object Reference, "Field Types".
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from connectors.answers import read_by, read_clock
from connectors.changes import TargetField
from connectors.exchange import Reply
from connectors.records import FieldType
from connectors.values import parse


class PicklistValue(msgspec.Struct, rename="camel"):
    """A choice that a field offers."""

    value: str | None = None
    active: bool = True
    default_value: bool = False


class DescribedField(msgspec.Struct, rename="camel"):
    """A field as Salesforce describes it."""

    name: str
    type: str
    label: str = ""
    calculated: bool = False
    """A formula: its value may change and no stamp move."""
    custom: bool = False
    default_value: object = None
    length: int = 0
    nillable: bool = True
    updateable: bool = True
    restricted_picklist: bool = False
    picklist_values: list[PicklistValue] = []

    @property
    def options(self) -> list[str]:
        """The values that may be chosen today."""
        return [choice.value for choice in self.picklist_values if choice.active and choice.value]

    @property
    def default(self) -> str | None:
        """What a new record holds, as text."""
        for choice in self.picklist_values:
            if choice.default_value:
                return choice.value
        default = parse("string", self.default_value)
        return default if isinstance(default, str) else None


class Description(msgspec.Struct):
    """An object and its fields."""

    fields: list[DescribedField]
    queryable: bool = True
    replicateable: bool = False
    """Whether getDeleted tells of it."""
    described_at: datetime = datetime.min.replace(tzinfo=UTC)
    """Salesforce's time when it described it (UTC)."""

    def has(self, field_name: str) -> bool:
        """Tell whether our user may read a field."""
        return any(field.name == field_name for field in self.fields)


def read_description(reply: Reply) -> Description:
    """Return the object that an answer describes.

    Raises:
        UnreadableAnswerError: for anything else.
    """
    found = read_by("salesforce", _DECODER, reply)
    found.described_at = read_clock("salesforce", reply.headers.get("Date", ""))
    return found


def typed_fields(fields: Sequence[DescribedField]) -> dict[str, FieldType]:
    """Return the type of each field, leaving out compound and binary ones."""
    return {
        field.name: _TYPES.get(field.type, "string")
        for field in fields
        if field.type not in _LEFT_OUT
    }


def target_fields(fields: Sequence[DescribedField]) -> dict[str, TargetField]:
    """Return each field as those who write it see it, leaving out compound and binary ones."""
    kinds = typed_fields(fields)
    return {
        field.name: TargetField(
            field.name,
            kinds[field.name],
            is_writable=field.updateable and not field.calculated,
            is_required=not field.nillable and kinds[field.name] != "boolean",
            length=field.length or None,
            options=tuple(field.options) if field.restricted_picklist else None,
        )
        for field in fields
        if field.name in kinds
    }


def calculated_names(fields: Sequence[DescribedField]) -> frozenset[str]:
    """Return the names of formula fields, and of what Salesforce sets without moving a stamp."""
    return frozenset(
        field.name for field in fields if field.calculated or field.name in _MOVE_NO_STAMP
    )


_DECODER = msgspec.json.Decoder(Description)

_MOVE_NO_STAMP = frozenset({"IsArchived", "LastActivityDate"})
"""What follows from activities and their age: a task that is closed dates its account, and a year
later it is archived. Source: Object Reference, Account and Task; describes call neither
calculated."""

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
    "multipicklist": "list",
}
