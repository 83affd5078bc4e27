"""What the readings of one CRM's streams have in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

import pyarrow as pa

from connectors.interfaces import Source
from connectors.records import Crm, Cursor
from pipelines.lake import Lake
from pipelines.lake_writer import Load, Look
from pipelines.reading.marks import Marks
from pipelines.reading.rules import ExtractRules

Report = Callable[[str, int], None]
"""Called with a stream's name and the rows read so far."""

HORIZONS: Mapping[Crm, timedelta] = {
    "hubspot": timedelta(hours=1),
    "salesforce": timedelta(minutes=10),
}
"""How long a CRM may take to show a change: HubSpot's search index has been seen an hour behind,
and a transaction of Salesforce may commit ten minutes after the stamp it bears."""


class HaltedError(Exception):
    """Another stream met what ends the whole run."""


@dataclass(frozen=True)
class Orders:
    """What a person asked of a run, beside what is read anyway."""

    streams: frozenset[str] = frozenset()
    """If any: the only ones read."""
    full_refresh: bool = False
    """Read every record again, whatever the cursor says."""
    since: datetime | None = None
    """Read again what is stamped from then on (UTC)."""


@dataclass(frozen=True)
class Extraction:
    """One reading of one CRM."""

    source: Source
    lake: Lake
    marks: Marks
    rules: ExtractRules
    began: datetime
    """The CRM's own time when the reading began (UTC); duties are due by it."""
    extracted_at: datetime
    """This machine's time (UTC), for the stamp of loads."""
    epoch: int = 0
    """Of several runs, loads of the latest alone are kept; see `Lake.claim`."""
    orders: Orders = Orders()
    report: Report = lambda _stream, _rows: None
    halt: Event = field(default_factory=Event)
    """Set once the whole run is to end: streams stop at their next batch."""

    @property
    def crm(self) -> Crm:
        """The CRM that is read."""
        return self.source.crm

    def check(self) -> None:
        """Go no further where the run is to end; raises HaltedError."""
        if self.halt.is_set():
            raise HaltedError(str(HaltedError.__doc__))

    def append(
        self,
        name: str,
        table: pa.Table,
        cursor: Cursor | None,
        look: Look,
        blank: Mapping[str, str] | None = None,
    ) -> Load | None:
        """Keep rows of a stream of this CRM, as `Lake.append` does.

        Raises:
            LakeConflictError, FencedError: another run is reading the same stream.
        """
        at, epoch = self.extracted_at, self.epoch
        return self.lake.append(
            self.crm, name, table, cursor, at, look=look, blank=blank, epoch=epoch
        )
