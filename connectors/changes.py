"""Frozen types of what is written into a CRM: values of records, and the fields that hold them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from connectors.records import FieldType, Value


@dataclass(frozen=True)
class RecordChange:
    """New values for one CRM record; None clears a field."""

    record_id: str
    values: Mapping[str, Value]


@dataclass(frozen=True)
class WriteResult:
    """What the CRM said about one change. Partial failure is a value, never an exception."""

    record_id: str
    state: Literal["accepted", "rejected"]
    code: str = ""
    message: str = ""
    """For people; holds no field value."""


@dataclass(frozen=True)
class OwnField:
    """A field of ours that `provision` creates in a CRM."""

    name: str
    label: str
    type: FieldType
    description: str = ""
    length: int = 255
    scale: int = 2


@dataclass(frozen=True)
class ProvisionResult:
    """What `provision` did about one field."""

    name: str
    state: Literal["created", "present"]
