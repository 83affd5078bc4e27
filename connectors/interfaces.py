"""What the pipeline may ask of a CRM."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from connectors.records import (
    Batch,
    CallCounts,
    Crm,
    Cursor,
    Field,
    OwnField,
    ProvisionResult,
    RecordChange,
    Stream,
    Value,
    WriteResult,
)


class Source(ABC):
    """A CRM as read."""

    crm: Crm
    calls: CallCounts

    @abstractmethod
    def streams(self) -> tuple[Stream, ...]:
        """Return every stream this CRM can be read as."""

    @abstractmethod
    def clock(self) -> datetime:
        """Return the CRM's own time (UTC), as its answers state it; never this machine's."""

    @abstractmethod
    def fields(self, stream: Stream) -> tuple[Field, ...]:
        """Return the stream's readable fields, then those required but absent (`exists=False`).

        Raises:
            SkippedStreamError: this CRM lacks the object, or hides it from our user.
        """

    @abstractmethod
    def read(
        self, stream: Stream, fields: Sequence[Field], cursor: Cursor | None
    ) -> Iterator[Batch]:
        """Yield what changed since the cursor, oldest first; everything when there is none.

        At least once: rows within the look-back before the cursor come again, and the caller
        drops versions it has. A batch's cursor is safe to resume from once its rows are kept.

        Raises:
            SkippedStreamError: as `fields`, before the first batch; for what has no fields to ask
                for, only here. Later refusals are raised as they are.
        """


class Destination(ABC):
    """A CRM as written."""

    crm: Crm
    calls: CallCounts
    batch_size: int

    @abstractmethod
    def provision(self, object_name: str, fields: Sequence[OwnField]) -> list[ProvisionResult]:
        """Create the fields that are missing and let our user read and write them."""

    @abstractmethod
    def read_current(
        self, object_name: str, record_ids: Sequence[str], field_names: Sequence[str]
    ) -> Mapping[str, Mapping[str, Value]]:
        """Return current values by record id, typed; records that are gone are left out."""

    @abstractmethod
    def write(self, object_name: str, changes: Sequence[RecordChange]) -> list[WriteResult]:
        """Send at most `batch_size` changes; return one result for each, in the given order."""
