"""What the reading of a CRM did, stream by stream: numbers and names of fields, never values."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Literal

from connectors.records import Crm, Quota
from connectors.tally import CallCounts
from pipelines.reading.marks import Mark

Status = Literal["whole", "partial", "skipped", "unread", "failed"]
"""All was read; a part, and the next run goes on; the CRM lacks, hides or can't count it; nothing
is compared before all was read once; an error ended it."""


class ReadInPartError(Exception):
    """Not all was read; what was read is kept, and the next run goes on from there."""


class StreamsFailedError(Exception):
    """Streams could not be read; what was read is kept, and the next run reads the rest."""


@dataclass(frozen=True)
class Drift:
    """How a stream's fields differ from those of its last reading."""

    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    retyped: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.new or self.gone or self.retyped)


@dataclass(frozen=True)
class Audit:
    """A stream in the CRM against the lake, and what was done about the difference."""

    at: datetime
    """When, by the CRM's clock (UTC)."""
    crm_count: int
    """Living records the CRM has."""
    lake_count: int
    """Living records the lake had before anything was repaired."""
    missing: int = 0
    """The CRM has them, and the lake not, or not living."""
    stale: int = 0
    """The lake has an older version, or other values where no stamp tells of a change."""
    extra: int = 0
    """The lake has them living, and the CRM not."""
    repaired: int = 0
    left: int = 0
    """What still differed after the repair."""

    def to_mark(self) -> Mark:
        """Return it as it is kept among the marks."""
        counts = {name: value for name, value in asdict(self).items() if name != "at"}
        return Mark(self.at, json.dumps(counts))

    @staticmethod
    def of(mark: Mark | None) -> "Audit | None":
        """Read what `to_mark` wrote; None where the CRM could not be asked."""
        return Audit(mark.at, **json.loads(mark.note)) if mark and mark.note else None


@dataclass(frozen=True)
class Duty:
    """One reading beside the increment, and what it cost."""

    name: str
    rows_read: int
    rows_kept: int
    requests: int
    skipped: str = ""


@dataclass(frozen=True)
class StreamResult:
    """What one reading of one stream did."""

    stream: str
    rows_read: int
    rows_kept: int
    loads: int
    missing_fields: tuple[str, ...]
    """Fields our models need that this CRM lacks: their columns are NULL."""
    skipped: str = ""
    """Why it, or a part of it, could not be read; empty if all of it was."""
    requests: int = 0
    """HTTP requests made for the stream and its details, retries included."""
    status: Status = "whole"
    why: str = ""
    """What ended it, where it is partial or failed; why it is unread."""
    calls: CallCounts = field(default_factory=CallCounts)
    road: str = ""
    requests_saved: int = 0
    drift: Drift = Drift()
    duties: tuple[Duty, ...] = ()
    audit: Audit | None = None
    """The latest there is, of this reading or one before."""
    repeated: int = 0
    """Rows that came again without being new, of those compared with the lake."""
    compared: int = 0
    nulls: Mapping[str, int] = field(default_factory=dict)
    """By required field that the CRM has: rows that came without a value, where it may be odd."""
    kept_loads: tuple[str, ...] = ()
    """Paths of the loads that hold the rows kept."""
    unknown_choices: Mapping[str, int] = field(default_factory=dict)
    """By field: values kept that the CRM's own list of choices does not have."""
    unknown_fields: tuple[str, ...] = ()
    """Named in `extract.yml`, and not among the fields that the CRM lists."""

    def to_json(self) -> dict[str, object]:
        """Return it as commands print it; where loads lie is nobody's business."""
        told = asdict(self)
        del told["kept_loads"]
        return told


@dataclass(frozen=True)
class ExtractResult:
    """What was read from one CRM."""

    crm: Crm
    streams: tuple[StreamResult, ...]
    clock: datetime
    calls: CallCounts
    quota: Quota | None = None

    @property
    def status(self) -> Literal["whole", "partial", "failed"]:
        """The worst of the streams'; one that the CRM lacks takes nothing from the whole."""
        found = {stream.status for stream in self.streams}
        return "failed" if "failed" in found else "partial" if "partial" in found else "whole"


def raise_if_unfinished(results: Sequence[ExtractResult]) -> None:
    """Let no run be called a success that did not read everything.

    Raises:
        StreamsFailedError: naming every stream that failed.
        ReadInPartError: naming every stream that was read in part.
    """
    for status, error in (("failed", StreamsFailedError), ("partial", ReadInPartError)):
        by_reason: dict[tuple[str, str], list[str]] = {}
        for result in results:
            for stream in result.streams:
                if stream.status == status:
                    by_reason.setdefault((result.crm, stream.why), []).append(stream.stream)
        if by_reason:
            told = (f"{crm} {', '.join(names)}: {why}" for (crm, why), names in by_reason.items())
            raise error(f"{str(error.__doc__).rstrip('.')}: {'; '.join(told)}")
