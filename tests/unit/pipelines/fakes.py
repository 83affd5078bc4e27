"""A CRM to write, in memory, that can be killed at any call; the one to read is beside it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from connectors.changes import (
    OwnField,
    ProvisionResult,
    RecordChange,
    TargetField,
    WriteResult,
)
from connectors.interfaces import Destination
from connectors.records import Crm, Value
from connectors.tally import CallCounts


class Killed(BaseException):
    """Stands for kill -9: no handler for errors may catch it."""


@dataclass(frozen=True)
class Kill:
    """Ends the process at the nth call, counted from 1: before or after the CRM has acted on it.

    A write can also be cut off `halfway`, when the CRM has kept the first change and no other.
    """

    call: int
    when: Literal["before", "halfway", "after"]


class FakeDestination(Destination):
    """Holds records by id and keeps what is sent, unless told otherwise.

    `refusals` names records it rejects, with the code; `deaf_to` names fields whose new values it
    accepts and drops; `silent_about` names records it writes without an answer.
    """

    def __init__(
        self,
        records: Mapping[str, Mapping[str, Value]],
        *,
        crm: Crm = "salesforce",
        batch_size: int = 2,
        refusals: Mapping[str, str] | None = None,
        deaf_to: frozenset[str] = frozenset(),
        silent_about: frozenset[str] = frozenset(),
        kill: Kill | None = None,
        targets: Mapping[str, TargetField] | None = None,
    ) -> None:
        self.crm = crm
        self.targets = dict(targets or {})
        self.calls = CallCounts()
        self.batch_size = batch_size
        self.records = {record_id: dict(values) for record_id, values in records.items()}
        self.provisioned: dict[str, OwnField] = {}
        self.writes: list[list[RecordChange]] = []
        self.kill = kill
        self._refusals = dict(refusals or {})
        self._deaf_to = deaf_to
        self._silent_about = silent_about
        self._calls_made = 0

    @property
    def calls_made(self) -> int:
        """Calls so far, those that were killed included."""
        return self._calls_made

    def times_sent(self) -> Counter[str]:
        """Count how often each record reached the CRM in a write."""
        return Counter(change.record_id for batch in self.writes for change in batch)

    def restart(self, kill: Kill | None = None) -> None:
        """Let a new process meet the same CRM; its calls are counted from 1 again."""
        self.kill = kill
        self._calls_made = 0

    def provision(self, object_name: str, fields: Sequence[OwnField]) -> list[ProvisionResult]:
        """Create the fields that are missing."""
        with self._call():
            new = {own.name: own for own in fields if own.name not in self.provisioned}
            self.provisioned |= new
        return [
            ProvisionResult(own.name, "created" if own.name in new else "present") for own in fields
        ]

    def target_fields(self, object_name: str) -> Mapping[str, TargetField]:
        """Return the fields as described by the test; told with others, they cost no call."""
        return self.targets

    def read_current(
        self,
        object_name: str,
        record_ids: Sequence[str],
        field_names: Sequence[str],
        match: str | None = None,
    ) -> Mapping[str, Mapping[str, Value]]:
        """Return the named fields of the records there are."""
        with self._call():
            self.calls.read += 1
            found = [record_id for record_id in record_ids if record_id in self.records]
            return {
                record_id: {name: self.records[record_id].get(name) for name in field_names}
                for record_id in found
            }

    def write(
        self, object_name: str, changes: Sequence[RecordChange], match: str | None = None
    ) -> list[WriteResult]:
        """Take the changes and answer for each; records named by a key are made where missing."""
        if len(changes) > self.batch_size:
            raise ValueError(f"{len(changes)} changes in a call, {self.batch_size} allowed")
        with self._call():
            self.calls.write += 1
            self.writes.append([])
            if match is not None:
                made = {c.record_id for c in changes} - {*self.records, *self._refusals}
                self.records |= {key: {} for key in made}
            results = [self._take(change) for change in changes]
            return [result for result in results if result.record_id not in self._silent_about]

    def _take(self, change: RecordChange) -> WriteResult:
        if self.writes[-1] and self.kill == Kill(self._calls_made, "halfway"):
            raise Killed
        self.writes[-1].append(change)
        code = self._refusals.get(change.record_id)
        if change.record_id not in self.records:
            code = "ENTITY_IS_DELETED"
        if code:
            return WriteResult(change.record_id, "rejected", code)
        taken = {name: new for name, new in change.values.items() if name not in self._deaf_to}
        self.records[change.record_id] |= taken
        return WriteResult(change.record_id, "accepted")

    @contextmanager
    def _call(self) -> Iterator[None]:
        self._calls_made += 1
        if self.kill == Kill(self._calls_made, "before"):
            raise Killed
        yield
        if self.kill == Kill(self._calls_made, "after"):
            raise Killed
