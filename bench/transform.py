"""`make bench-transform`: how long lake to marts takes, beside DuckDB copying the same rows.

Two companies' lakes are written (`bench.people_lake`), the second with ten times the people of the
first, and built in full, each build in a process of its own. Then one person in a hundred has news,
and the second is built again. What a build after news may take at most is said of the models that
the stays of people are made of; the whole build is told beside it. The command ends with 1 when a
target is missed.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
from rich.console import Console

from bench.figures import Figure, Target, as_table, machine
from bench.people_lake import AS_OF, change_lake, fill_lake

_EVERY = 100
"""One person in so many has news before the second build."""
_FULL_SIZE = 1_000_000
_SECONDS, _MEMORY = Target(600, is_most=True), Target(8_000, is_most=True)
_TENFOLD = Target(11, is_most=True)
_AGAIN = Target(10, is_most=True)
"""Per cent of the full build's time, from base to the stays of people."""
_MB = 1_000_000


@dataclass(frozen=True)
class Built:
    """What one build took."""

    seconds: float
    cpu: float
    """Seconds of processor time, all threads together."""
    peak: int
    """Bytes held at most."""
    in_models: float
    """Seconds in models, one after the other."""
    to_stints: float
    """Seconds of that in the models from base to `stage_stints`."""
    models: dict[str, float]
    """Seconds of the slowest models."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=_FULL_SIZE)
    parser.add_argument("--models", nargs="*", default=[], help="what dbt selects; all by default")
    options = parser.parse_args()
    console = Console(width=120)
    console.print(machine())
    with tempfile.TemporaryDirectory() as scratch:
        found = list(_figures(Path(scratch), options.people, options.models, console))
    console.print(as_table(found, "Lake to marts", "ours"))
    sys.exit(any(one.is_missed for one in found))


def _figures(folder: Path, people: int, models: list[str], console: Console) -> Iterator[Figure]:
    tenth = _built_anew(folder / "tenth", people // 10, models)
    home = folder / "whole"
    whole = _built_anew(home, people, models)
    rows, copied = _copy(home / "lake", folder / "copy.duckdb")
    yield Figure(
        f"full build, {people:,} people, {rows:,} rows", "s", whole.seconds, copied, _SECONDS
    )
    yield Figure("full build: processor", "s", whole.cpu)
    yield Figure("full build: memory", "MB", whole.peak / _MB, target=_MEMORY)
    yield Figure("full build, all / a tenth", "x", whole.seconds / tenth.seconds, target=_TENFOLD)
    _show_models("full build", whole, console)
    news = AS_OF + timedelta(days=1)
    change_lake(home / "lake", people, _EVERY, news - timedelta(hours=1))
    again = _build(home, news, models)
    yield Figure(f"build after news of 1 in {_EVERY}", "s", again.seconds)
    yield from shares(again, whole)
    _show_models("build after news", again, console)


def shares(again: Built, whole: Built) -> Iterator[Figure]:
    """Return what a build after news takes of a full one: with the target, base to stays alone."""
    if whole.to_stints:
        share = 100 * again.to_stints / whole.to_stints
        yield Figure("after news / full: models, base to stints", "%", share, target=_AGAIN)
    share = 100 * again.in_models / whole.in_models
    yield Figure("after news / full: all models", "%", share)
    share = 100 * again.seconds / whole.seconds
    yield Figure("after news / full: whole build with its tests", "%", share)


def _built_anew(home: Path, people: int, models: list[str]) -> Built:
    home.mkdir()
    fill_lake(home / "lake", people)
    return _build(home, AS_OF, models)


def _build(home: Path, as_of: datetime, models: list[str]) -> Built:
    command = [sys.executable, "-m", "bench.build", str(home), as_of.isoformat(), *models]
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Built(**json.loads(ended.stdout.splitlines()[-1]))


def _copy(lake: Path, copy: Path) -> tuple[int, float]:
    """Return how many rows the lake has, and the seconds in which DuckDB copies its columns."""
    began, rows = time.perf_counter(), 0
    with duckdb.connect(str(copy), config={"threads": 2}) as db:
        for number, stream in enumerate(sorted(lake.glob("raw/*/*"))):
            loads = f"read_parquet('{stream}/*.parquet', union_by_name = true)"
            db.execute(f"create table copy_{number} as select * from {loads}")
            rows += db.sql(f"select count(*) from copy_{number}").fetchall()[0][0]
        db.execute("checkpoint")
    return rows, time.perf_counter() - began


def _show_models(what: str, built: Built, console: Console) -> None:
    slowest = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in built.models.items())
    console.print(f"{what}: {slowest}", soft_wrap=True)


if __name__ == "__main__":
    main()
