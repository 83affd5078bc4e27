"""When a recycle bin that can only be read whole is worth its requests.

One record removed leaves the CRM with fewer than the lake: a count tells of it for one request.
Only where as many came as went does it not, so the bin is read once a day whatever is counted.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines.reading.keeping import Keeper
from pipelines.reading.marks import DELETIONS, Mark

LONGEST = timedelta(hours=23)
"""How old the latest reading of a bin may become: removals that no count shows wait as long. A look
may come late, and they are to be found within a day."""
FEW = 2
"""Requests for a bin of one page. A count would save one of them at most, and sees less."""


@dataclass(frozen=True)
class BinReading:
    """When removals were last read (UTC, by the CRM's clock), and the requests it took."""

    at: datetime
    requests: int = 0

    @staticmethod
    def of(mark: Mark | None) -> "BinReading | None":
        """Read what `to_mark` wrote; a mark without a note is a reading of unknown cost."""
        if mark is None or not mark.note:
            return BinReading(mark.at) if mark else None
        noted = json.loads(mark.note)
        return BinReading(datetime.fromisoformat(noted["read_at"]), noted["requests"])

    def to_mark(self, looked_at: datetime) -> Mark:
        """Return it as it is kept once removals were looked for again, if only by a count."""
        note = {"read_at": self.at.isoformat(), "requests": self.requests}
        return Mark(looked_at, json.dumps(note))


def is_spared(keeper: Keeper, last: BinReading) -> bool:
    """Tell whether counts agree, so that the bin need not be read before the next look.

    What the CRM fails at is no removal: it must not cost a whole bin at each look.
    """
    run, stream = keeper.run, keeper.stream
    if not run.source.reads_bin_whole or last.requests <= FEW:
        return False
    if run.began + run.rules.every.interval(DELETIONS) - last.at > LONGEST:
        return False
    there = run.source.count(stream)
    here = run.lake.living(run.crm, stream.name) + keeper.failed.lacking()
    return there == here
