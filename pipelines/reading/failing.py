"""Records that the CRM fails at, though it gives all others: these go on, and so does the cursor.

They are kept as a mark, before any cursor passes over them. Each run asks for them by id, and no
run is a success until all have come, or the CRM says that they are gone.
"""

import json
from collections.abc import Set as AbstractSet

import pyarrow as pa
import pyarrow.compute as pc

from connectors.errors import FailedRecordsError, UnreadableAnswerError
from connectors.records import IS_DELETED, RECORD_ID, Stream
from pipelines.reading.extraction import Extraction
from pipelines.reading.marks import FAILED, Mark

MOST_OWED = 1_000
"""Records of a stream beyond which it is not they that are at fault: the stream ends there. One
reading may meet all of them, so a source has to put up with as many."""


class FailedRecords:
    """Those of one stream, whichever run has met them.

    Attributes:
        met: Those that the CRM has failed at in this run, or gave no answer for: they were asked
            for several times.
    """

    def __init__(self, run: Extraction, stream: Stream) -> None:
        self._run = run
        self._stream = stream
        self.met: set[str] = set()
        self._later: set[str] = set()
        mark = run.marks.get(stream.name, FAILED)
        self._owed = frozenset(json.loads(mark.note)) if mark else frozenset[str]()

    @property
    def of_before(self) -> list[str]:
        """Those met by runs before, and in this one neither come nor met again, in order."""
        return sorted(self._owed - self.met)

    def lacking(self) -> int:
        """Return how many the CRM counts, having failed at them, and the lake has not living."""
        ids = pa.array(sorted(self.met & self._owed), pa.string())
        if not len(ids):
            return 0
        held = self._run.lake.standing(self._stream.crm, self._stream.name, ids)
        living: int = held.filter(pc.invert(held[IS_DELETED])).num_rows
        return len(ids) - living

    def note(self, record_ids: AbstractSet[str]) -> None:
        """Note records that the CRM fails at; to be called before a cursor passes over them.

        Raises:
            UnreadableAnswerError: there are more than single records can be at fault for.
        """
        self.met |= record_ids
        self._add(record_ids)

    def owe(self, record_ids: AbstractSet[str]) -> None:
        """Let the next run ask for records that the CRM told of and then had no answer for.

        They may have gone in between, so that this run is no failure for them. Raises as `note`.
        """
        self._later |= record_ids
        self._add(record_ids)

    def _add(self, record_ids: AbstractSet[str]) -> None:
        if record_ids <= self._owed:
            return
        owed = self._owed | record_ids
        if len(owed) > MOST_OWED:
            what = f"the CRM fails at {len(owed)} records, such as {min(owed)}"
            raise UnreadableAnswerError(self._stream.crm, self._stream.name, what)
        self._keep(owed)

    def strike(self, came: pa.Table, failed: AbstractSet[str]) -> None:
        """Strike off those that have come, once they are kept; not those that came in part."""
        if self._owed:
            wanted = pa.array(sorted(self._owed - failed), pa.string())
            self.forget(set(wanted.filter(pc.is_in(wanted, came[RECORD_ID])).to_pylist()))

    def forget(self, record_ids: AbstractSet[str]) -> None:
        """Strike off records, such as those that are gone."""
        if record_ids & self._owed:
            self._keep(self._owed - record_ids)

    def check(self) -> None:
        """See that all have come that the CRM was to give in this run.

        Raises:
            FailedRecordsError: some have not.
        """
        if failed := self._owed - self._later:
            raise FailedRecordsError(self._stream.crm, self._stream.name, record_ids=failed)

    def _keep(self, owed: frozenset[str]) -> None:
        marks, name = self._run.marks, self._stream.name
        if owed:
            marks.note(name, {FAILED: Mark(self._run.began, json.dumps(sorted(owed)))})
        else:
            marks.forget(name, FAILED)
        self._owed = owed
