"""`make bench-peers`: extractors of others, on the same sandbox, in the same run as ours.

Each is installed by pip into an environment of its own under `.leadcycle/bench/peers`, and reads
the benchmark's contacts or Leads from a sandbox that is 50 ms away and counts no requests. They do
not all do the same: what a figure leaves out is printed beneath the table.
"""

import argparse
import tempfile
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.figures import machine, megabytes
from bench.filled import filled_folder
from bench.launches import Result, install, launch
from bench.others import PEERS, Peer, Task
from bench.processes import served
from bench.scenes import LATENCY, Scene


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000, help="contacts; twice as many Leads")
    parser.add_argument("--cache", type=Path, default=Path(".leadcycle/bench"))
    options = parser.parse_args()
    console = Console(width=130)
    console.print(machine())
    folder = filled_folder(options.cache, options.rows, console.print)
    pythons = {peer: install(options.cache / "peers", peer) for peer in PEERS}
    with served(folder) as running, tempfile.TemporaryDirectory() as scratch:
        scene = Scene(running, Path(scratch))
        for crm in ("hubspot", "salesforce"):
            found = scene.read(crm)
            ours = Result(found.rows, found.seconds, found.cpu, found.requests, found.peak)
            scene.set(latency_ms=round(1000 * LATENCY))
            theirs = {
                peer: launch(peer, python, Task(running, Path(tempfile.mkdtemp(dir=scratch))))
                for peer, python in pythons.items()
                if peer.crm == crm
            }
            scene.set(latency_ms=0)
            console.print(_as_table(crm, ours, theirs.items()))
            for peer in theirs:
                console.print(f"  {peer.name}: {peer.remark}")


def _as_table(crm: str, ours: Result, theirs: Iterable[tuple[Peer, Result | None]]) -> Table:
    table = Table("", title=f"{crm}: ours and others")
    headings = ("rows", "rows/s", "ours / it", "rows/CPU s", "ours / it", "requests", "memory")
    for heading in headings:
        table.add_column(heading, justify="right")
    table.add_row("ours", *_cells(ours, ours))
    for peer, result in theirs:
        table.add_row(peer.name, *(_cells(result, ours) if result else ["failed"]))
    return table


def _cells(one: Result, ours: Result) -> list[str]:
    return [
        f"{one.rows:,}",
        f"{one.rows_a_second:,.0f}",
        f"{ours.rows_a_second / one.rows_a_second:.1f}",
        f"{one.rows_a_cpu_second:,.0f}",
        f"{ours.rows_a_cpu_second / one.rows_a_cpu_second:.1f}",
        f"{one.requests:,}",
        megabytes(one.peak),
    ]


if __name__ == "__main__":
    main()
