"""Frozen types of what is written into a CRM: values of records, and the fields that hold them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from connectors.records import FieldType, Value


@dataclass(frozen=True)
class RecordChange:
    """New values for one CRM record; None clears a field."""

    record_id: str
    values: Mapping[str, Value]
    held: Mapping[str, Value] = field(default_factory=dict)
    """What the record held in these fields when it was last read; a CRM that takes some values in
    one order only is led there by it."""
    parent: str | None = None
    """The record that the CRM locks as well when this one is written, such as its account."""


@dataclass(frozen=True)
class TargetField:
    """A field as a CRM describes it to those who write it."""

    name: str
    type: FieldType
    is_writable: bool = True
    """Whether our user may change its value in a record that exists."""
    is_required: bool = False
    """Whether a record may not be without it: clearing it is refused."""
    length: int | None = None
    """Characters that a text may have; None where the CRM sets no limit."""
    options: tuple[str, ...] | None = None
    """The only values it takes, in the CRM's order; None where it takes any."""


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
    is_key: bool = False
    """Whether records are found by it: its values are unique, and writes may name them by it."""


@dataclass(frozen=True)
class ProvisionResult:
    """What `provision` did about one field."""

    name: str
    state: Literal["created", "present"]
