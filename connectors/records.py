"""Frozen types that cross the wall between a CRM and the pipeline."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Literal

import pyarrow as pa

Crm = Literal["salesforce", "hubspot"]
FieldType = Literal["string", "integer", "decimal", "boolean", "date", "datetime", "list"]
Value = str | int | Decimal | bool | date | datetime | list[str] | None

ARROW_TYPES: Mapping[FieldType, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "decimal": pa.decimal128(38, 9),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", tz="UTC"),
    "list": pa.list_(pa.string()),
}
"""How each field type lies in a load. Datetimes are UTC; decimals keep nine places; a list holds
the values of a field of many choices, in the CRM's order."""

RECORD_ID, MODIFIED_AT, IS_DELETED = "_record_id", "_modified_at", "_is_deleted"
RECORD_COLUMNS = (RECORD_ID, MODIFIED_AT, IS_DELETED)
"""Columns that every table of a batch begins with: string, datetime (UTC), boolean; never null."""

STAMP_STEP = timedelta(seconds=1)
"""The coarsest step of a CRM's stamps: Salesforce compares whole seconds, whatever a query says."""


@cache
def in_lower_case(names: frozenset[str]) -> frozenset[str]:
    """Return names to compare with others without regard to case."""
    return frozenset(map(str.lower, names))


@dataclass(frozen=True)
class Field:
    """One field of a CRM object, typed from the CRM's own metadata."""

    name: str
    type: FieldType
    exists: bool = True
    """False for a field that a model needs and this CRM lacks: its column is all NULL."""
    calculated: bool = False
    """Whether the CRM computes it: its value may change and no stamp move."""


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
    keeps: Literal["versions", "states"] = "versions"
    """What a row is: a version that the CRM has stamped, or the state in which it was found.

    A state bears the time of its reading, and is kept only where it differs from the last one.
    """
    details_keep_states: frozenset[str] = frozenset()
    """Details whose rows are states, such as associations; rows of the others are versions."""
    blank_states: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By stream or detail: the values, by column, of a state that says no more than no row at all.

    It is kept only where it replaces another. Most records have nothing to say to most far objects.
    """
    is_uncounted: bool = False
    """Whether the CRM tells neither count nor ids: only reading all again finds what was lost."""
    included: frozenset[str] = frozenset()
    """If any: the only fields that are read, besides those required; their case is no matter."""
    excluded: frozenset[str] = frozenset()
    """Fields not read though our user may see them; a required one is read all the same.

    Their case is no matter: Salesforce's names have none, and HubSpot's are in lower case.
    """

    def choose_fields(
        self, described: Mapping[str, FieldType], calculated: Collection[str] = ()
    ) -> tuple[Field, ...]:
        """Return what to read: the fields described, then those required but absent.

        A required field has the type that the models need, whatever the CRM says of it.
        `calculated` names those among them that the CRM computes.
        """
        required = self.required_fields
        present = [
            Field(name, required.get(name, kind), calculated=name in calculated)
            for name, kind in described.items()
            if name in required or self._wants(name)
        ]
        absent = [
            Field(name, kind, exists=False)
            for name, kind in required.items()
            if name not in described
        ]
        return (*present, *absent)

    def _wants(self, name: str) -> bool:
        folded, included = name.lower(), in_lower_case(self.included)
        if folded in in_lower_case(self.excluded) or (included and folded not in included):
            return False
        return self.left_out is None or not self.left_out.search(name)


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
    owed: frozenset[str] = frozenset()
    """Parts of the stream that could not be read up to here, as the source names them.

    It reads them whole once it may, such as a form whose submissions were hidden.
    """

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
                "owed": sorted(self.owed),
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
            frozenset(kept.get("owed", ())),
        )


@dataclass(frozen=True)
class Batch:
    """Records read together, with the cursor that stands once they are kept.

    `tables` maps stream names to Arrow tables that begin with RECORD_COLUMNS. It always holds the
    stream that was read, unless it tells a fact alone; its details, if any, stand beside it. A
    detail that could not be read, or that no record of the batch can have, has no table.
    """

    tables: Mapping[str, pa.Table]
    cursor: Cursor | None = None
    """None where the rows move no cursor: a reading beside the increments."""
    skipped: Mapping[str, str] = field(default_factory=dict)
    """By stream, or part of one: why some or all of these records' rows could not be read.

    A part is named "contact_associations:companies" or "pipelines:deals". The ids of its rows end
    with it where they are associations, and begin with it where a list is read whole.
    """
    road: "Road | None" = None
    """How they were read, where there was a choice."""
    forgotten: bool = False
    """Whether the CRM no longer knows all that it was asked for, such as what was deleted since:
    only a comparison with all that lives finds the rest."""
    whole: tuple[str, ...] = ()
    """Scopes of which this reading, with this batch, has given everything that lives.

    What else the lake has living in one of them is gone. A scope is what `_record_id` begins with,
    up to its first colon: "17:" holds the members of a list. "" is the whole stream: given last,
    it also finds the members of a list that is gone itself.
    """
    signs: Mapping[str, str] = field(default_factory=dict)
    """By scope that is whole with this batch: what moves whenever its records do, as the CRM said
    before they were read. A scope of which the CRM says no such thing has none."""
    failed: frozenset[str] = frozenset()
    """Ids of records up to here that the CRM fails at each time, though it gives the others; what
    came of them may lack a detail. They are to be asked for again, by `read_records`."""
    unmoved: tuple[str, ...] = ()
    """Scopes left out, though the whole has them: their signs are those that the caller knows."""


@dataclass(frozen=True)
class Road:
    """The way chosen by cost, and the best of the others."""

    name: str
    """Such as "list", "search", "rest" or "bulk"."""
    requests: int
    """What it was expected to cost, by counts measured before."""
    other: str = ""
    other_requests: int = 0

    @property
    def saved(self) -> int:
        """Requests that the choice was expected to save."""
        return max(0, self.other_requests - self.requests) if self.other else 0


@dataclass(frozen=True)
class Quota:
    """The calls that a CRM allows in a day, all apps together, as its latest answer told."""

    limit: int
    used: int


@dataclass(frozen=True)
class Finding:
    """What an examination of a CRM found about one thing."""

    subject: str
    """Such as "credentials" or "Lead: field history"."""
    state: Literal["well", "warning", "broken"]
    what: str
    """Holds no secret and no field value."""
    next_step: str = ""
