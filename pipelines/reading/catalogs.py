"""Streams of states: read whole when due; what is in a whole list no longer is gone.

What seems to be gone is asked for again, by `read_records`, before it is buried.
"""

from collections.abc import Sequence

from connectors.records import Batch
from pipelines.reading.keeping import Keeper, ids_of
from pipelines.reading.marks import CATALOGS, Mark
from pipelines.reading.portions import portions


def read_catalog(keeper: Keeper) -> None:
    """Read the stream if it is due, or asked for by name."""
    run, stream = keeper.run, keeper.stream
    mark = run.marks.past(stream.name, CATALOGS, run.began)
    asked = run.orders.full_refresh or stream.name in run.orders.streams
    is_fresh = mark and run.began - mark.at < run.rules.every.interval(CATALOGS)
    # A lake begun anew knows nothing of what a mark vouches for.
    if is_fresh and not asked and run.lake.paths(run.crm, stream.name):
        return
    keeper.prepare()
    gone = _Gone(keeper)
    for batch in run.source.read(stream, keeper.fields, keeper.cursor):
        keeper.keep(batch, "states")
        gone.heed(batch)
    if not run.lake.paths(run.crm, stream.name):
        keeper.keep_columns()
    run.marks.note(stream.name, {CATALOGS: Mark(run.began)})


class _Gone:
    """Finds what a whole list no longer has, scope by scope; see `Batch.whole`."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._seen: set[str] = set()

    def heed(self, batch: Batch) -> None:
        """Note what came; bury what did not, where the batch ends a scope."""
        self._seen |= ids_of(batch.tables, self._keeper.stream.name)
        if not batch.whole:
            return
        if gone := self._missing(batch.whole):
            # One answer that lacks them is no proof.
            self._ask_for(gone)
            self._keeper.bury(self._missing(batch.whole), self._keeper.run.began)

    def _missing(self, scopes: tuple[str, ...]) -> list[str]:
        return [
            record_id
            for record_id in self._keeper.living_ids()
            if record_id.startswith(scopes) and record_id not in self._seen
        ]

    def _ask_for(self, record_ids: Sequence[str]) -> None:
        keeper = self._keeper
        for ids in portions(record_ids):
            for batch in keeper.run.source.read_records(keeper.stream, keeper.fields, ids):
                keeper.keep(batch, "states")
                self._seen |= ids_of(batch.tables, keeper.stream.name)
