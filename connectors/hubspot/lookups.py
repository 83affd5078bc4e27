"""Reading records by id, in batches."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from connectors.errors import CrmError, UnavailableError
from connectors.hubspot.batch_errors import check_errors, failed, gone
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.failures import FEW, Failures
from connectors.hubspot.insisting import ContradictionError, insist
from connectors.hubspot.shapes import Records, Shape, ShapedBatch, ShapedRecord
from connectors.hubspot.stamps import read_stamps
from connectors.hubspot.streams.shape import ObjectStream

Item = TypeVar("Item")

LIST_SIZE, HISTORY_SIZE = 100, 50
"""Most records that HubSpot gives in one answer, without and with histories."""
MERGED_IDS = "hs_merged_object_ids"


class _PartlyError(ContradictionError):
    """HubSpot failed at records that it named, and told of the others."""


@dataclass(frozen=True)
class BatchReader:
    """Reads records by id with the properties of a shape, and with histories if there are any."""

    client: HubSpotClient
    known: ObjectStream
    shape: Shape
    histories: tuple[str, ...] = ()
    archived: bool = False
    floor: datetime | None = None
    """A stamp that no record asked for can be below: a search has found a newer one."""
    match: str | None = None
    """The unique property whose values the records are asked for by, where it is not the id."""
    failures: Failures | None = None
    """Where given, gets the records that HubSpot fails at, and the others of their batch come."""

    @property
    def size(self) -> int:
        """How many records one batch may ask for."""
        return HISTORY_SIZE if self.histories else LIST_SIZE

    def read(self, record_ids: Collection[str]) -> Records:
        """Return records of at most `size` ids, each once.

        A merged id comes back as its survivor; those that are gone don't, nor do those that
        HubSpot fails at, where there are `failures` to note them.

        Raises:
            UnreadableAnswerError: some came neither back nor as gone, or as they were long ago,
                or without what was asked for; or HubSpot failed at some of them.
            UnavailableError: it did not answer.
        """
        found: dict[str, ShapedRecord[Any]] = {}
        left = list(record_ids)
        try:
            insist(partial(self._ask, found, left), self.client.pause)
        except (ContradictionError, UnavailableError) as fault:
            if self.failures is None or not self._is_theirs(fault, len(left), len(record_ids)):
                raise
            self.failures.note(self.path, left)
        return list(found.values())

    def _is_theirs(self, fault: CrmError, left: int, of: int) -> bool:
        """Tell whether it is the records left that HubSpot fails at, not all that is asked of it.

        Asked for them alone, a whole batch has failed: the answer may be none at all.
        """
        if isinstance(fault, _PartlyError) or left < of:
            return True
        return of <= FEW and isinstance(fault, UnavailableError)

    @property
    def path(self) -> str:
        """Where records are asked for."""
        return self.client.paths.batch_read(self.known.name)

    def _ask(self, found: dict[str, ShapedRecord[Any]], left: list[str]) -> None:
        """Find those who are left; keep of them whom HubSpot failed at."""
        answer = self._answer(left)
        lost = failed(answer.errors, left)
        if not lost:
            check_errors(self.path, answer.errors)
        self._check_whole(answer, set(left) - lost)
        found |= {record.id: record for record in answer.results}
        left[:] = [record_id for record_id in left if record_id in lost]
        if left:
            what = f"part of the answer is missing ({len(left)} {self.known.name})"
            raise _PartlyError("hubspot", self.path, what)

    def _answer(self, record_ids: Collection[str]) -> ShapedBatch[Any]:
        body: dict[str, object] = {
            "properties": list(self.shape.names),
            "inputs": [{"id": record_id} for record_id in record_ids],
        }
        if self.match is not None:
            body["idProperty"] = self.match
        if self.histories:
            body["propertiesWithHistory"] = list(self.histories)
        params = {"archived": "true"} if self.archived else {}
        return self.client.post(self.path, body, self.shape.batch, params)

    def _check_whole(self, answer: ShapedBatch[Any], asked: set[str]) -> None:
        if missing := asked - self._accounted_for(answer):
            what = f"{len(missing)} of {len(asked)} {self.known.name} came neither back "
            raise ContradictionError("hubspot", self.path, f"{what}nor as errors")
        check_told(self.path, self.shape, answer.results)
        self._check_age(answer.results)

    def _accounted_for(self, answer: ShapedBatch[Any]) -> set[str]:
        found = {*self.names_of(answer.results), *gone(answer.errors)}
        if MERGED_IDS in self.shape.names:
            for merged in self.shape.column(MERGED_IDS, answer.results):
                found.update(split_ids(merged))
        return found

    def names_of(self, records: Records) -> list[str]:
        """Return what each record was asked for by."""
        if self.match is None:
            return [record.id for record in records]
        return [str(key) for key in self.shape.column(self.match, records)]

    def _check_age(self, records: Records) -> None:
        if self.floor is None:
            return
        stamps = read_stamps(self.shape.column(self.known.modified, records), self.known.name)
        if any(stamp < self.floor for stamp in stamps.to_pylist()):
            what = "a record came back as it was before the search that found it"
            raise ContradictionError("hubspot", self.path, what)


def check_told(path: str, shape: Shape, records: Records) -> None:
    """See that an answer tells every property that was asked for, if only as null.

    Raises:
        ContradictionError: it does not; it was made for another question, or the property is gone.
    """
    # Merged ids are asked for whether the object has them or not.
    absent = [name for name in shape.absent(records) if name != MERGED_IDS]
    if absent:
        what = f"an answer does not tell {', '.join(absent[:3])} of any record"
        step = "run again; if it stays so, exclude the property in revops/extract.yml"
        raise ContradictionError("hubspot", path, what, step)


def needed_properties(known: ObjectStream, names: Iterable[str]) -> list[str]:
    """Return the properties to ask for: the stamp, and what was merged, always come along."""
    merged = [MERGED_IDS] if MERGED_IDS in known.stream.required_fields else []
    return [*names, known.modified, *merged]


def split_ids(text: str | None) -> list[str]:
    """Return the ids that a property lists."""
    return [part.strip() for part in (text or "").split(";") if part.strip()]


def in_chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield the items in lists of at most `size`."""
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk
