"""`make bench-sandbox`: how fast the sandbox CRMs fill and answer, beside how fast anything could.

Each figure stands beside its floor: SQLite alone writing the same rows, or a server that does
nothing but send the same bytes, read by the same client on the same machine in the same run.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bench import requests as asked
from bench.client import Connection, Work, rate
from bench.figures import Figure, as_table, machine, megabytes
from bench.floors import bytes_rate, copy_seconds, update_rate
from bench.processes import Served, seed, served

_STATE = "sandbox.sqlite"


@dataclass(frozen=True)
class Bench:
    """What every measurement is given: scratch space, seconds for each rate, and connections."""

    folder: Path
    seconds: float
    connections: int
    console: Console

    def seeding(self, people: int) -> Figure:
        """Seed a company; the floor is SQLite writing the same rows."""
        state = self.folder / str(people)
        done = seed(state, people)
        self.console.print(f"seeding {people:,} people held at most {megabytes(done.peak)}")
        bare = copy_seconds(state / _STATE, state.with_suffix(".copy"))
        rates = (60 * people / seconds for seconds in (done.seconds, bare))
        return Figure(f"seeding {people:,}", "people/min", *rates)

    def reading(
        self, what: str, unit: str, connect: Callable[[], Connection], start: Callable[[], Work]
    ) -> Figure:
        """Measure requests; the floor is a server that only sends the bytes of the first answer."""
        connection = connect()
        units = start()(connection)
        body = self.folder / "body"
        body.write_bytes(connection.body)
        connection.close()
        found = rate(connect, start, self.connections, self.seconds)
        return Figure(what, unit, found, bytes_rate(body, units, self.connections, self.seconds))

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
    parser.add_argument("--small", type=int, default=4_000, help="people in the small company")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long a rate is measured")
    parser.add_argument("--connections", type=int, default=2)
    options = parser.parse_args()
    console = Console(width=100)
    console.print(machine())
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(Path(scratch), options.seconds, options.connections, console)
        figures = [bench.seeding(people) for people in (options.small, options.people)]
        with served(bench.folder / str(options.people)) as running:
            figures += _answers(bench, running)
            figures += _changes(bench, running, bench.folder / f"{options.people}.copy")
        console.print(f"the server was ready in {running.started:.1f} s", end="")
        console.print(f" and held at most {megabytes(running.peak)}")
    console.print(as_table(figures))


def _answers(bench: Bench, running: Served) -> Iterator[Figure]:
    doors = asked.open_doors(running)
    yield bench.reading("HubSpot list, 100 x 30", "pages/s", doors.hubspot, asked.listing)
    yield bench.reading("HubSpot search, 200 x 30", "pages/s", doors.hubspot, asked.searching)
    yield bench.reading("SOQL by REST, 2,000 x 20", "rows/s", doors.salesforce, asked.querying)
    connection = doors.salesforce()
    began = time.perf_counter()
    path, rows = asked.bulk_job(connection)
    made = rows / (time.perf_counter() - began)
    connection.close()
    results = bench.reading(
        "Bulk 2.0 results, 50,000 x 20", "rows/s", doors.salesforce, lambda: asked.results_of(path)
    )
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
