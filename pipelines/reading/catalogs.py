"""Streams of states: read whole when due; what is in a whole list no longer is gone.

What seems to be gone is asked for again, by `read_records`, before it is buried.
"""

from collections.abc import Sequence

from connectors.records import Batch
from pipelines.reading.ending import ended
from pipelines.reading.keeping import Keeper, ids_of
from pipelines.reading.marks import CATALOGS, Mark
from pipelines.reading.portions import portions
from pipelines.reading.signs import Signs
from pipelines.reading.standing import Standing


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
    gone, signs = _Gone(keeper), Signs(keeper)
    with ended(run.source.read_states(stream, keeper.fields, signs.known())) as batches:
        for batch in batches:
            keeper.keep(batch, "states")
            signs.let_go(batch)
            gone.heed(batch)
            signs.keep(batch)
    if not run.lake.paths(run.crm, stream.name):
        keeper.keep_columns()
    keeper.show_parts(stream.name)
    run.marks.note(stream.name, {CATALOGS: Mark(run.began)})


class _Gone:
    """Finds what a whole list no longer has, scope by scope; see `Batch.whole`."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        run = keeper.run
        self._standing = Standing(run.lake.living_ids(run.crm, keeper.stream.name))

    def heed(self, batch: Batch) -> None:
        """Note what came; bury what did not, where the batch ends a scope."""
        self._standing.strike(ids_of(batch.tables, self._keeper.stream.name))
        for scope in batch.unmoved:
            self._standing.strike_scope(scope)
        if gone := self._standing.left_of(batch.whole):
            # One answer that lacks them is no proof.
            self._ask_for(gone)
            gone = self._standing.left_of(batch.whole)
            self._keeper.bury(gone, self._keeper.run.began)
            self._standing.strike(gone)

    def _ask_for(self, record_ids: Sequence[str]) -> None:
        keeper = self._keeper
        for ids in portions(record_ids):
            asked = keeper.run.source.read_records(keeper.stream, keeper.fields, ids)
            with ended(asked) as batches:
                for batch in batches:
                    keeper.keep(batch, "states")
                    self._standing.strike(ids_of(batch.tables, keeper.stream.name))
