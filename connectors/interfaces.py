"""What the pipeline may ask of a CRM."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

import pyarrow as pa

from connectors.changes import (
    OwnField,
    ProvisionResult,
    RecordChange,
    TargetField,
    WriteResult,
)
from connectors.records import Batch, Crm, Cursor, Field, Finding, Quota, Stream, Value
from connectors.tally import CallCounts


class Source(ABC):
    """A CRM as read."""

    crm: Crm
    calls: CallCounts
    reads_bin_whole: bool = False
    """Whether `deletions` reads all that was ever removed, however little is new."""

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

    def read_states(
        self,
        stream: Stream,
        fields: Sequence[Field],
        known: Mapping[str, str],  # noqa: ARG002 - most sources have no signs
    ) -> Iterator[Batch]:
        """Yield a stream of states whole, but scopes whose signs are still the `known` ones.

        What a scope and its signs are, `Batch.whole` and `Batch.signs` say. Raises as `read`.
        """
        return self.read(stream, fields, None)

    @abstractmethod
    def reread(
        self, stream: Stream, fields: Sequence[Field], since: datetime, until: datetime
    ) -> Iterator[Batch]:
        """Yield the records stamped from `since` to `until` (UTC) as they are now, without cursors.

        The second look at a window that was read while the CRM may not have shown all of it.
        """

    @abstractmethod
    def deletions(
        self, stream: Stream, fields: Sequence[Field], since: datetime
    ) -> Iterator[Batch]:
        """Yield what was removed since then and no other reading shows, as deleted rows.

        Their `_modified_at` is the time of removal. Values that the CRM no longer tells are NULL.
        """

    @abstractmethod
    def count(self, stream: Stream) -> int | None:
        """Return how many living records the CRM says it has; None where it can't be asked."""

    def count_lasting(
        self,
        stream: Stream,  # noqa: ARG002 - most CRMs drop nothing with its age
        until: datetime,  # noqa: ARG002
    ) -> tuple[int, datetime] | None:
        """Return how many living records there are that do not go with their age, and since when.

        Where the CRM drops records of the stream by itself, and `count` therefore tells none: the
        number of those stamped from the time that is returned up to `until` (both UTC). None where
        it drops none, or can't be asked.
        """
        return None

    @abstractmethod
    def survey(self, stream: Stream, fields: Sequence[Field]) -> Iterator[pa.Table]:
        """Yield RECORD_ID, MODIFIED_AT and the given fields of every living record.

        Cheap in calls and bytes: it says what to read, by `read_records`, and what is gone.
        """

    @abstractmethod
    def read_records(
        self, stream: Stream, fields: Sequence[Field], record_ids: Sequence[str]
    ) -> Iterator[Batch]:
        """Yield these records with their details; those that are gone are left out."""

    @abstractmethod
    def read_details(
        self, stream: Stream, names: Sequence[str], record_ids: Sequence[str]
    ) -> Iterator[Batch]:
        """Yield only the named details of these records, such as their associations."""

    @abstractmethod
    def quota(self) -> Quota | None:
        """Return the day's calls as the latest answers told; None before the first that did."""

    @abstractmethod
    def examine(self) -> Iterator[Finding]:
        """Yield what is well and what is wrong with the access that we have, and how to mend it."""


class Destination(ABC):
    """A CRM as written."""

    crm: Crm
    calls: CallCounts
    batch_size: int
    """Changes that one write takes at most."""
    job_from: int | None = None
    """Changes from which one job costs less than batches; None where the CRM knows no jobs."""
    job_size: int = 0
    """Changes that one job takes at most."""

    @abstractmethod
    def provision(self, object_name: str, fields: Sequence[OwnField]) -> list[ProvisionResult]:
        """Create the fields that are missing and let our user read and write them."""

    @abstractmethod
    def target_fields(self, object_name: str) -> Mapping[str, TargetField]:
        """Return every field of an object by its name, as the CRM describes it today.

        What the CRM told a moment ago costs no call.
        """

    @abstractmethod
    def read_current(
        self,
        object_name: str,
        record_ids: Sequence[str],
        field_names: Sequence[str],
        match: str | None = None,
    ) -> Mapping[str, Mapping[str, Value]]:
        """Return current values by record id, typed; records that are gone are left out.

        Args:
            object_name: What the records are.
            record_ids: Which of them.
            field_names: What to read of them.
            match: The field whose values the ids are, where they are not the CRM's own: an
                external id in Salesforce, a unique property in HubSpot.
        """

    @abstractmethod
    def write(
        self, object_name: str, changes: Sequence[RecordChange], match: str | None = None
    ) -> list[WriteResult]:
        """Send at most `batch_size` changes; return one result for each, in the given order.

        With `match`, as in `read_current`, records that are not there are created.
        """

    def quota(self) -> Quota | None:
        """Return the day's calls as the latest answers told; None where nobody told."""
        return None

    def write_as_job(
        self,
        object_name: str,
        changes: Sequence[RecordChange],
        job_id: str | None,
        keep: Callable[[str], None],
        match: str | None = None,
    ) -> list[WriteResult]:
        """Send changes as one job, and wait for its end; one result for each, in the given order.

        Args:
            object_name: What the changes are of.
            changes: At most `job_size`, all with values of the same fields or not.
            job_id: Of a job that an earlier attempt at these very changes has kept. One that has
                all of them is waited for; one that lacks any is aborted, and its changes are
                rejected as LOST. Either way nothing is sent again.
            keep: Called with the job's id once it exists and before anything is sent.
            match: As in `write`.
        """
        raise NotImplementedError
