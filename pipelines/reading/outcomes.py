"""What came of a stream and of each of its details, once its reading has ended, well or not."""

from collections.abc import Collection
from dataclasses import replace

from connectors.records import Stream
from pipelines.reading.extraction import Extraction
from pipelines.reading.keeping import Count, Keeper
from pipelines.reading.marks import AUDIT
from pipelines.reading.results import Audit, Status, StreamResult


def results_of(
    run: Extraction,
    stream: Stream,
    keeper: Keeper | None,
    end: tuple[Status, str],
    spared: Collection[str] = (),
) -> list[StreamResult]:
    """Return the stream's result, then one per detail.

    Args:
        run: The reading.
        stream: What was read.
        keeper: What kept it; None where it ended before anything could be kept.
        end: How the stream ended, and why. A detail comes with its records and is as whole as they
            are.
        spared: Details that are whole all the same: only another one is not.
    """
    counts = keeper.counts if keeper else {name: Count() for name in (stream.name, *stream.details)}
    results = [
        _ended(name, count, ("whole", "") if name in spared else end)
        for name, count in counts.items()
    ]
    if keeper is not None:
        results[0] = _own(run, keeper, results[0])
    return results


def _ended(name: str, count: Count, end: tuple[Status, str]) -> StreamResult:
    status, why = end
    skipped, why = (why, "") if status == "skipped" else (count.skipped, why)
    counted = (count.read, count.kept, count.loads)
    return StreamResult(name, *counted, (), skipped, status=status, why=why)


def _own(run: Extraction, keeper: Keeper, ended: StreamResult) -> StreamResult:
    return replace(
        ended,
        missing_fields=tuple(field.name for field in keeper.fields if not field.exists),
        duties=tuple(keeper.duties),
        audit=Audit.of(run.marks.get(keeper.stream.name, AUDIT)),
        compared=keeper.own.compared,
        repeated=keeper.own.repeated,
        nulls=dict(keeper.nulls),
        kept_loads=tuple(keeper.own.paths),
    )
