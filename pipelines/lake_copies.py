"""Copies of loads on this machine's disk, where the lake lies on object storage.

A load never changes, so its copy is good for ever; it lies in a folder named by what the store says
of its version (ETag), so that a lake that was put back or made anew is not taken for the old one.

    <folder>/<crm>/<stream>/<version>/00000001.parquet
    <folder>/incoming/<random>                          being fetched
"""

import hashlib
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import fsspec

from pipelines.lake_objects import LakePlaceError, place_named

TOGETHER = 32
"""Loads that are fetched at a time."""
_FORGOTTEN_SECONDS = 3600
_VERSIONS = ("ETag", "etag")
"""Where a store says an object's version. Times would not do: a listing tells milliseconds, and
asking for one object tells seconds."""


class LoadCopies:
    """Loads of one lake, each fetched once.

    Safe to use from several threads and processes: who fetches what another has fetched meanwhile
    puts the same bytes there.

    Args:
        fs: The store.
        root: Bucket and prefix of its loads, without a slash at the end.
        folder: Where the copies lie; they hold people's values, as the lake does.
    """

    def __init__(self, fs: fsspec.AbstractFileSystem, root: str, folder: Path) -> None:
        self._fs = fs
        self._root = root
        self._folder = folder
        self._versions: dict[str, str] = {}

    def note(self, listed: Mapping[str, Any]) -> None:
        """Take what a listing says of an object, so that nobody need ask for it."""
        if listed["type"] == "file":
            self._versions[listed["name"]] = _version(listed)

    def of(self, paths: Sequence[str]) -> list[Path]:
        """Return the copies of loads, in their order; those that are not there are fetched."""
        copies = [self._copy(path) for path in paths]
        missing = [pair for pair in zip(paths, copies, strict=True) if not pair[1].exists()]
        for first in range(0, len(missing), TOGETHER):
            self._fetch(missing[first : first + TOGETHER])
        return copies

    def drop_others(self, kept: Sequence[Path]) -> None:
        """Remove copies of a stream's loads that are not, or no longer, those of the lake.

        Args:
            kept: Copies of all the stream's loads, oldest first. What comes after them stays: a
                run that reads the CRM may have just committed and fetched it.
        """
        if not kept:
            return
        wanted, last = set(kept), kept[-1].name
        for found in kept[0].parent.parent.glob("*/*.parquet"):
            if found not in wanted and found.name <= last:
                found.unlink(missing_ok=True)
                with suppress(OSError):  # Another load of the same version is in it.
                    found.parent.rmdir()
        self._drop_forgotten()

    def _drop_forgotten(self) -> None:
        """Remove what a process that was killed had begun to fetch."""
        for found in (self._folder / "incoming").glob("*"):
            if time.time() - found.stat().st_mtime > _FORGOTTEN_SECONDS:
                found.unlink(missing_ok=True)

    def _copy(self, path: str) -> Path:
        if path not in self._versions:
            with place_named(path):
                self.note(self._fs.info(path))
        crm_and_stream, _, name = path.removeprefix(f"{self._root}/").rpartition("/")
        return self._folder / crm_and_stream / self._versions[path] / name

    def _fetch(self, wanted: Sequence[tuple[str, Path]]) -> None:
        incoming = self._folder / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        asides = [incoming / uuid.uuid4().hex for _ in wanted]
        try:
            with place_named(self._root):
                self._fs.get([path for path, _ in wanted], [str(aside) for aside in asides])
            for aside, (_, copy) in zip(asides, wanted, strict=True):
                copy.parent.mkdir(parents=True, exist_ok=True)
                aside.replace(copy)
        finally:
            for aside in asides:
                aside.unlink(missing_ok=True)


def _version(listed: Mapping[str, Any]) -> str:
    said = next((str(listed[name]) for name in _VERSIONS if listed.get(name)), None)
    if said is None:
        raise LakePlaceError(
            f"{listed['name']}: the store tells no ETag, so no copy can be trusted"
        )
    return hashlib.sha256(f"{said} {listed['size']}".encode()).hexdigest()[:16]
