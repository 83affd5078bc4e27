"""What records are associated with, as HubSpot tells it in batches, each record accounted for.

An answer names each record that it was asked about: among the results, or, where there is nothing
to tell, among the errors of a 207, by `context.fromObjectId` (recorded answers). A record that is
named nowhere is not one without associations: it is asked about again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from connectors.errors import UnavailableError, UnreadableAnswerError
from connectors.hubspot.answers import AssociatedRecord, AssociationAnswer, next_after
from connectors.hubspot.batch_errors import alone, check_errors, failed, gone
from connectors.hubspot.client import HubSpotClient
from connectors.hubspot.failures import FEW, Failures
from connectors.hubspot.insisting import ContradictionError, insist
from connectors.hubspot.lookups import LIST_SIZE, BatchReader, in_chunks, needed_properties
from connectors.hubspot.shapes import build_shape
from connectors.hubspot.streams.shape import ObjectStream

Inputs = Sequence[Mapping[str, str]]
"""Ids asked about, each with the place that its further page begins at, if any."""


class _SilentError(ContradictionError):
    """An answer does not speak of all that was asked about."""


@dataclass(frozen=True)
class AssociationSets:
    """Reads what one object's records are associated with of one far object."""

    client: HubSpotClient
    known: ObjectStream
    to_type: str
    failures: Failures | None = None
    """Where given, gets the records whose associations HubSpot fails at; the others come."""

    def read(self, record_ids: Sequence[str]) -> dict[str, list[AssociatedRecord]]:
        """Return it by record id; records that are gone or merged away are left out.

        So are those that HubSpot fails at, of whichever page of theirs.

        Raises:
            UnreadableAnswerError: a record is there, and no answer spoke of it; or HubSpot failed
                at part of each answer; or pages go round in circles.
        """
        lost: set[str] = set()
        found: dict[str, list[AssociatedRecord]] = {}
        waiting: Inputs = [{"id": record_id} for record_id in record_ids]
        begun: set[tuple[str, str]] = set()
        while waiting:
            asked = {entry["id"] for entry in waiting}
            further: list[Mapping[str, str]] = []
            for answer in self._answers(waiting, lost):
                for record_id, others in _told(answer):
                    if record_id in asked:
                        found.setdefault(record_id, []).extend(others)
                further += (entry for entry in _further_pages(answer) if entry["id"] in asked)
            places = {(entry["id"], entry["after"]) for entry in further}
            if places & begun:
                what = "a page begins where another one did"
                raise UnreadableAnswerError("hubspot", self._path, what)
            begun |= places
            waiting = [entry for entry in further if entry["id"] not in lost]
        return {record_id: others for record_id, others in found.items() if record_id not in lost}

    @property
    def _path(self) -> str:
        return self.client.paths.associations(self.known.name, self.to_type)

    def _answers(self, inputs: Inputs, lost: set[str]) -> list[AssociationAnswer]:
        """Return answers that together speak of every record asked about that is there.

        Those that HubSpot fails at each time are added to the lost.
        """
        answers: list[AssociationAnswer] = []
        left, failing = list(inputs), set[str]()
        try:
            insist(partial(self._ask, answers, left, failing), self.client.pause)
        except (ContradictionError, UnavailableError) as fault:
            ids = {entry["id"] for entry in left}
            if isinstance(fault, _SilentError):
                self._check_gone(sorted(ids - failing))
                ids &= failing
            is_theirs = failing or (len(inputs) <= FEW and isinstance(fault, UnavailableError))
            if ids and (self.failures is None or not is_theirs):
                raise
            lost |= ids
            if self.failures is not None:
                self.failures.note(self._path, ids)
        return answers

    def _ask(
        self,
        answers: list[AssociationAnswer],
        left: list[Mapping[str, str]],
        failing: set[str],
    ) -> None:
        """Ask about those who are left, and keep of them whom the answer does not speak of.

        It says of some of them that HubSpot has failed.
        """
        answer = self.client.post(self._path, {"inputs": left}, AssociationAnswer)
        lost = failed(answer.errors, {entry["id"] for entry in left})
        if not lost:
            check_errors(self._path, answer.errors)
        failing |= lost
        answers.append(answer)
        told = {record_id for record_id, _ in _told(answer)} | gone(answer.errors)
        failing -= told - lost
        asked, left[:] = len(left), [e for e in left if e["id"] in lost or e["id"] not in told]
        if left:
            what = f"the answer speaks of {asked - len(left)} of {asked} {self.known.name}"
            raise _SilentError("hubspot", self._path, what)

    def _check_gone(self, record_ids: Sequence[str]) -> None:
        """Make sure that none of these records is there under its own id."""
        shape = build_shape(needed_properties(self.known, ()))
        reader = BatchReader(self.client, self.known, shape, failures=self.failures)
        for chunk in in_chunks(record_ids, LIST_SIZE):
            alive = {record.id for record in reader.read(chunk)} & set(chunk)
            if alive:
                what = f"{len(alive)} {self.known.name} are there, and no answer spoke of them"
                raise UnreadableAnswerError("hubspot", self._path, what)


def _told(answer: AssociationAnswer) -> Iterator[tuple[str, Sequence[AssociatedRecord]]]:
    """Yield each record that is there by this answer, with its associations, if any."""
    for found in answer.results:
        yield str(found.from_record.id), found.to
    for record_id in alone(answer.errors):
        yield record_id, ()


def _further_pages(answer: AssociationAnswer) -> Iterator[Mapping[str, str]]:
    for found in answer.results:
        after = next_after(found.paging)
        if after is not None:
            yield {"id": str(found.from_record.id), "after": after}
