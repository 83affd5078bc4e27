"""A CRM's streams side by side, each in a thread; an error of one does not lose the others."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from queue import SimpleQueue

from connectors.records import Stream
from pipelines.reading.extraction import Extraction, Report
from pipelines.reading.results import StreamResult
from pipelines.reading.stream import Work, extract_stream

WORKERS = 4
"""Streams read at once. Two to four requests in flight already reach HubSpot's window; more would
cost memory for nothing."""


@dataclass(frozen=True)
class _Progress:
    stream: str
    rows: int


@dataclass(frozen=True)
class _End:
    stream: str
    results: Sequence[StreamResult] = ()
    error: BaseException | None = None


_Event = _Progress | _End


def read_streams(
    run: Extraction,
    streams: Sequence[Stream],
    report: Report,
    *,
    work: Work = extract_stream,
    workers: int = WORKERS,
) -> tuple[StreamResult, ...]:
    """Read streams side by side; report from this thread; return results in the given order.

    Raises:
        ConfigError, LakeConflictError, FencedError: what ends the whole run. Streams in flight
            stop at their next batch, and what was kept stands.
    """
    heard: SimpleQueue[_Event] = SimpleQueue()
    side_by_side = replace(run, report=lambda name, rows: heard.put(_Progress(name, rows)))
    with ThreadPoolExecutor(workers, thread_name_prefix=run.crm) as threads:
        for stream in streams:
            threads.submit(copy_context().run, _do, work, side_by_side, stream, heard)
        try:
            done = _await(heard, len(streams), report)
        except BaseException:
            run.halt.set()
            raise
    return tuple(_in_order(done, streams))


def _do(work: Work, run: Extraction, stream: Stream, heard: "SimpleQueue[_Event]") -> None:
    try:
        end = _End(stream.name, work(run, stream))
    except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits for it
        run.halt.set()
        end = _End(stream.name, error=error)
    heard.put(end)


def _await(
    heard: "SimpleQueue[_Event]", count: int, report: Report
) -> Mapping[str, Sequence[StreamResult]]:
    """Wait for every stream to end; raise the first error that ends the run."""
    done: dict[str, Sequence[StreamResult]] = {}
    errors: list[BaseException] = []
    while len(done) < count:
        event = heard.get()
        if isinstance(event, _Progress):
            report(event.stream, event.rows)
            continue
        done[event.stream] = event.results
        errors += [event.error] if event.error else []
    if errors:
        raise errors[0]
    return done


def _in_order(
    done: Mapping[str, Sequence[StreamResult]], streams: Sequence[Stream]
) -> Iterator[StreamResult]:
    for stream in streams:
        yield from done[stream.name]
