"""What earlier runs left behind about records, and the types it is told in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connectors.records import Value
from pipelines.sync.refusals import Refusal

Row = Mapping[str, object]
Key = tuple[str, str]
"""Record id and CRM field name."""
Ledger = Mapping[Key, Value]
"""Last value we wrote; absent where we never wrote."""


@dataclass(frozen=True)
class Edit:
    """A value of a person's that we left alone, and when it was first seen (UTC)."""

    value: Value
    since: datetime


@dataclass(frozen=True)
class Memory:
    """What earlier runs left behind about the records that are planned."""

    ledger: Ledger = field(default_factory=dict)
    edits: Mapping[Key, Edit] = field(default_factory=dict)
    refusals: Mapping[str, Refusal] = field(default_factory=dict)
    """By record id."""
