"""`make bench-sandbox`: how fast the sandbox CRMs fill and answer, beside how fast anything could.

Each figure stands beside its floor: SQLite alone writing the same rows, or a server that does
nothing but send the same bytes, read by the same client on the same machine in the same run.
Some have a target, too; the command ends with 1 when one of these is missed.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console

from bench import requests as asked
from bench.client import Connection, Work, rate
from bench.figures import Figure, Target, as_table, machine, megabytes
from bench.floors import bytes_rate, copy_seconds, update_rate
from bench.processes import Served, seed, served

_STATE = "sandbox.sqlite"
_PEOPLE_A_MINUTE = Target(20_000)
_PAGES_A_SECOND = Target(200)
_ROWS_A_SECOND = Target(100_000)
_MEMORY = Target(115, is_most=True)
"""Per cent of what the small company's seeding held: memory doesn't grow with the company."""


@dataclass(frozen=True)
class Bench:
    """What every measurement is given: scratch space, seconds for each rate, and connections."""

    folder: Path
    seconds: float
    connections: int
    console: Console

    def seedings(self, small: int, big: int) -> Iterator[Figure]:
        """Seed two companies, and compare what memory that took."""
        peaks = []
        for people in (small, big):
            done = seed(self.folder / str(people), people)
            self.console.print(f"seeding {people:,} people held at most {megabytes(done.peak)}")
            peaks.append(done.peak)
            yield self._seeding(people, done.seconds)
        yield Figure("memory, big / small", "%", 100 * peaks[1] / peaks[0], target=_MEMORY)

    def _seeding(self, people: int, seconds: float) -> Figure:
        """Return how fast people were drawn; the floor is SQLite writing the same rows."""
        state = self.folder / str(people)
        bare = copy_seconds(state / _STATE, state.with_suffix(".copy"))
        value, floor = 60 * people / seconds, 60 * people / bare
        return Figure(f"seeding {people:,}", "people/min", value, floor, _PEOPLE_A_MINUTE)

    def reading(
        self,
        what: str,
        unit: str,
        connect: Callable[[], Connection],
        start: Callable[[], Work],
        target: Target | None = None,
    ) -> Figure:
        """Measure requests; the floor is a server that only sends the bytes of the first answer."""
        connection = connect()
        units = start()(connection)
        body = self.folder / "body"
        body.write_bytes(connection.body)
        connection.close()
        found = rate(connect, start, self.connections, self.seconds)
        bare = bytes_rate(body, units, self.connections, self.seconds)
        return Figure(what, unit, found, bare, target)

    def writing(
        self,
        what: str,
        connect: Callable[[], Connection],
        start: Callable[[Connection], Work],
        floor: float,
    ) -> Figure:
        """Measure batches of changes over one connection."""
        connection = connect()
        work = start(connection)
        connection.close()
        return Figure(what, "records/s", rate(connect, lambda: work, 1, self.seconds), floor)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=40_000, help="people in the big company")
    # Big enough to fill SQLite's 8 MB of pages, which 4,000 people (2026-11-22) do not yet.
    parser.add_argument("--small", type=int, default=10_000, help="people in the small company")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long a rate is measured")
    parser.add_argument("--connections", type=int, default=2)
    options = parser.parse_args()
    console = Console(width=120)
    console.print(machine())
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(Path(scratch), options.seconds, options.connections, console)
        figures = [*bench.seedings(options.small, options.people)]
        with served(bench.folder / str(options.people)) as running:
            figures += _answers(bench, running)
            figures += _changes(bench, running, bench.folder / f"{options.people}.copy")
        console.print(f"the server was ready in {running.started:.1f} s", end="")
        console.print(f" and held at most {megabytes(running.peak)}")
    console.print(as_table(figures))
    sys.exit(any(one.is_missed for one in figures))


def _answers(bench: Bench, running: Served) -> Iterator[Figure]:
    doors = asked.open_doors(running)
    what, target = "HubSpot list, 100 x 30", _PAGES_A_SECOND
    yield bench.reading(what, "pages/s", doors.hubspot, asked.listing, target)
    yield bench.reading("HubSpot search, 200 x 30", "pages/s", doors.hubspot, asked.searching)
    yield bench.reading("SOQL by REST, 2,000 x 20", "rows/s", doors.salesforce, asked.querying)
    connection = doors.salesforce()
    began = time.perf_counter()
    path, rows = asked.bulk_job(connection)
    made = rows / (time.perf_counter() - began)
    connection.close()
    what, target = "Bulk 2.0 results, 50,000 x 20", _ROWS_A_SECOND
    reader = partial(asked.results_of, path)
    results = bench.reading(what, "rows/s", doors.salesforce, reader, target)
    yield Figure(f"Bulk 2.0 job, {rows:,} x 20", "rows/s", made, results.floor)
    yield results


def _changes(bench: Bench, running: Served, copy: Path) -> Iterator[Figure]:
    doors = asked.open_doors(running)
    for what, size, connect, start in (
        ("HubSpot batch update, 100", 100, doors.hubspot, asked.updating_contacts),
        ("Salesforce Collections, 200", 200, doors.salesforce, asked.updating_leads),
    ):
        yield bench.writing(what, connect, start, update_rate(copy, size, bench.seconds))


if __name__ == "__main__":
    main()
