"""Whether a lake is in order, whatever was killed while it wrote."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tests.survival.world import World


def flaws(world: World) -> list[str]:
    """Return what is wrong with the files of a lake after a run that nobody disturbed."""
    root = world.home / "lake"
    return [*_torn(root), *_gaps(root), *_leftovers(root)]


def content(world: World, crm: str, *streams: str) -> dict[str, list[dict[str, Any]]]:
    """Return the current versions of streams without what tells when they were read."""
    return {stream: sorted(_rows(world, crm, stream), key=repr) for stream in streams}


def _rows(world: World, crm: str, stream: str) -> Iterator[dict[str, Any]]:
    columns = world.lake.columns(crm, stream)
    wanted = [name for name in sorted(columns) if not name.startswith("_")]
    for row in world.lake.current(crm, stream, wanted).to_pylist():
        yield {name: row[name] for name in ("_record_id", "_is_deleted", *wanted)}


def _torn(root: Path) -> Iterator[str]:
    for path in sorted(root.glob("raw/*/*/*")):
        if not path.name.endswith(".parquet"):
            yield f"{path.name} is no load"
        elif pq.read_table(path).num_rows != pq.read_metadata(path).num_rows:
            yield f"{path.name} is torn"


def _gaps(root: Path) -> Iterator[str]:
    for folder in root.glob("raw/*/*"):
        numbers = sorted(int(path.stem) for path in folder.iterdir())
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"{folder.name} has gaps: {numbers}"


def _leftovers(root: Path) -> Iterator[str]:
    yield from (f"{path.name} was left aside" for path in root.glob("incoming/*/*"))
    for claims in root.glob("claims/*"):
        if len(list(claims.iterdir())) != 1:
            yield f"{claims.name} has several claims"
