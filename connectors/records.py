"""Frozen types that cross the wall between a CRM and the pipeline."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Literal

import pyarrow as pa

Crm = Literal["salesforce", "hubspot"]
FieldType = Literal["string", "integer", "decimal", "boolean", "date", "datetime"]
Value = str | int | Decimal | bool | date | datetime | None

ARROW_TYPES: Mapping[FieldType, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "decimal": pa.decimal128(38, 9),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
}
"""How each field type lies in a load. Datetimes are UTC; decimals keep nine places."""

RECORD_ID, MODIFIED_AT, IS_DELETED = "_record_id", "_modified_at", "_is_deleted"
RECORD_COLUMNS = (RECORD_ID, MODIFIED_AT, IS_DELETED)
"""Columns that every table of a batch begins with: string, datetime (UTC), boolean; never null."""

STAMP_STEP = timedelta(seconds=1)
"""The coarsest step of a CRM's stamps: Salesforce compares whole seconds, whatever a query says."""


@dataclass(frozen=True)
class Field:
    """One field of a CRM object, typed from the CRM's own metadata."""

    name: str
    type: FieldType
    exists: bool = True
    """False for a field that a model needs and this CRM lacks: its column is all NULL."""


@dataclass(frozen=True)
class Stream:
    """One CRM object as read."""

    crm: Crm
    name: str
    object_name: str
    required_fields: Mapping[str, FieldType]
    """Fields the models need: always present in a load, NULL where the CRM lacks them."""
    details: Mapping[str, tuple[Field, ...]] = field(default_factory=dict)
    """Streams that arrive within this one's answers (property history within contacts)."""
    left_out: re.Pattern[str] | None = None
    """Finds the names of fields never asked for, such as those that hold what people wrote."""

    def choose_fields(self, described: Mapping[str, FieldType]) -> tuple[Field, ...]:
        """Return what to read: the fields described, then those required but absent.

        A required field has the type that the models need, whatever the CRM says of it.
        """
        required = self.required_fields
        present = [
            Field(name, required.get(name, kind))
            for name, kind in described.items()
            if self.left_out is None or not self.left_out.search(name)
        ]
        absent = [
            Field(name, kind, exists=False)
            for name, kind in required.items()
            if name not in described
        ]
        return (*present, *absent)


@dataclass(frozen=True)
class Cursor:
    """The high-water mark of a stream: everything up to (modified_at, record_id) has been read."""

    modified_at: datetime
    record_id: str = ""
    resume_after: str | None = None
    """Where an unfinished first read goes on, "" at its beginning; None once it is finished."""
    read_at: datetime | None = None
    """The CRM's time when it answered (UTC): what it shows late, it had not shown by then.

    None where a read broke off: not all that was visible then has been read.
    """
    details: frozenset[str] = frozenset()
    """Detail streams that have come with every record up to here. The caller keeps the account."""

    def floor(self, look_back: timedelta) -> datetime:
        """Return the stamp to read from, so that what became visible late is read too.

        A record shows up at most `look_back` after its stamp. All that was visible when the mark
        was read has been read, so only stamps from `look_back` before that time can be missing:
        records that changed together an hour before are not read again and again.
        """
        if self.read_at is None:
            return self.modified_at - look_back
        return min(self.modified_at + STAMP_STEP, self.read_at - look_back)

    def to_json(self) -> str:
        """Return the cursor as it is kept in a load's footer."""
        return json.dumps(
            {
                "modified_at": self.modified_at.astimezone(UTC).isoformat(),
                "record_id": self.record_id,
                "resume_after": self.resume_after,
                "read_at": self.read_at.astimezone(UTC).isoformat() if self.read_at else None,
                "details": sorted(self.details),
            }
        )

    @staticmethod
    def from_json(text: str) -> "Cursor":
        """Read what `to_json` wrote."""
        kept = json.loads(text)
        read_at = kept.get("read_at")
        return Cursor(
            datetime.fromisoformat(kept["modified_at"]),
            kept["record_id"],
            kept["resume_after"],
            datetime.fromisoformat(read_at) if read_at else None,
            frozenset(kept.get("details", ())),
        )


@dataclass(frozen=True)
class Batch:
    """Records read together, with the cursor that stands once they are kept.

    `tables` maps stream names to Arrow tables that begin with RECORD_COLUMNS. It always holds the
    stream that was read; its details, if any, stand beside it. A detail that could not be read, or
    that no record of the batch can have, has no table.
    """

    tables: Mapping[str, pa.Table]
    cursor: Cursor
    skipped: Mapping[str, str] = field(default_factory=dict)
    """By stream: why some or all of what belongs to these records could not be read."""


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


@dataclass
class CallCounts:
    """HTTP requests made so far, by purpose. Retries are requests too and also counted apart."""

    read: int = 0
    write: int = 0
    retried: int = 0
    waited_seconds: float = 0.0

    def since(self, before: "CallCounts") -> "CallCounts":
        """Return what was counted after a copy was taken."""
        return CallCounts(
            self.read - before.read,
            self.write - before.write,
            self.retried - before.retried,
            self.waited_seconds - before.waited_seconds,
        )
