"""`make bench-extract`: how fast extraction is, beside how fast it could be here.

Two CRMs are filled over their own APIs once and kept under `.leadcycle/bench`. Then they are served
50 ms away and read by our own sources into our own lake, each read in a process of its own. A floor
is what was possible at best: the fewest requests, the time that HubSpot's window allows, a client
that only receives the same bytes, or a program that decodes and writes the same bytes from memory.
The command ends with 1 when a target is missed.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from bench.figures import as_table, machine
from bench.filled import filled_folder
from bench.processes import served
from bench.product import product_figures
from bench.scenes import Scene
from bench.streams import hubspot_figures, salesforce_figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="contacts; twice as many Leads")
    parser.add_argument("--cache", type=Path, default=Path(".leadcycle/bench"))
    options = parser.parse_args()
    console = Console(width=120)
    console.print(machine())
    sizes = (options.rows // 10, options.rows)
    tenth, whole = (filled_folder(options.cache, rows, console.print) for rows in sizes)
    with _served(tenth) as scene:
        contacts, leads = scene.read("hubspot"), scene.read("salesforce")
    missed = False
    with _served(whole) as scene:
        for title, figures in (
            ("HubSpot contacts", hubspot_figures(scene, contacts)),
            ("Salesforce Leads", salesforce_figures(scene, leads)),
            ("leadcycle extract", product_figures(scene)),
        ):
            found = list(figures)
            console.print(as_table(found, title, "ours"))
            missed |= any(one.is_missed for one in found)
    sys.exit(missed)


@contextmanager
def _served(folder: Path) -> Iterator[Scene]:
    with served(folder) as running, tempfile.TemporaryDirectory() as scratch:
        yield Scene(running, Path(scratch))


if __name__ == "__main__":
    main()
