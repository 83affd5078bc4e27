"""The lake's files: where loads, claims and files aside lie, and how each comes to be.

    raw/<crm>/<stream>/00000001.parquet      a load, never changed once it is there
    claims/<crm>/00000001                    the epoch of the run that reads this CRM
    identity/<random>                        what tells this lake from any other
    incoming/<crm>/<epoch>-<random>.parquet  a load being written, which nobody reads
    spill/                                   what is compared and is more than memory should hold

What must be there once and never be replaced is made by a create-if-absent. On object storage
nothing is written aside there, and what is read or spilt lies on this machine's disk.
"""

import os
import re
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import fsspec
import pyarrow as pa
from fsspec.implementations.local import LocalFileSystem

from pipelines import commit_points
from pipelines.commit_points import CommitPoint
from pipelines.lake_copies import LoadCopies
from pipelines.lake_folders import make_folder, sync_folder, write_aside
from pipelines.lake_objects import LakePlaceError, create_object, place_named, prove_condition
from pipelines.load_files import Footer, LoadFile, write_load

_NUMBERED = re.compile(r"/(\d{8})(?:\.parquet)?$")
_ASIDE = re.compile(r"/(\d{8})-[^/]*$")


class LakeFiles:
    """The files under one fsspec address.

    Args:
        url: The address.
        scratch: Folder of this machine for copies of loads and what is spilt, where the address is
            on object storage; without one, each reading goes there.
        options: What fsspec is to know of the store.
    """

    def __init__(
        self, url: str, scratch: Path | None = None, options: Mapping[str, str] | None = None
    ) -> None:
        self.fs, self._root = fsspec.core.url_to_fs(url, **(options or {}))
        self._is_local = isinstance(self.fs, LocalFileSystem)
        self._scratch = Path(self._root) if self._is_local else scratch
        self._copies = None
        if scratch is not None and not self._is_local:
            self._copies = LoadCopies(self.fs, f"{self._root}/raw", scratch / "loads")

    def spill_folder(self) -> Path:
        """Return where work goes that is more than memory should hold: it may name people."""
        return (self._scratch or Path(tempfile.gettempdir())) / "spill"

    def loads(self, crm: str, stream: str) -> list[str]:
        """Return the paths of the stream's committed loads, oldest first."""
        return self._numbered(f"{self._root}/raw/{crm}/{stream}", ".parquet")

    def streams(self, crm: str) -> list[str]:
        """Return the names of the CRM's streams that have a folder, in order."""
        return [path.rpartition("/")[2] for path in self._list(f"{self._root}/raw/{crm}")]

    def on_disk(self, crm: str, stream: str) -> list[str]:
        """Return the stream's loads as files of this machine, oldest first, for who reads files.

        Raises:
            LakePlaceError: the loads are on object storage, and nowhere to be copied to, or out of
                reach.
        """
        paths = self.loads(crm, stream)
        if self._is_local:
            return paths
        if self._copies is None:
            raise LakePlaceError(
                f"{self._root} is read by files: give it a folder for their copies"
            )
        copies = self._copies.of(paths)
        self._copies.drop_others(copies)
        return [str(copy.absolute()) for copy in copies]

    def open(self, path: str) -> LoadFile:
        """Open a committed load."""
        if self._copies is None:
            return LoadFile(path, number_of(path), self.fs)
        [copy] = self._copies.of([path])
        return LoadFile(str(copy), number_of(path), LocalFileSystem())

    def newest_first(self, paths: Sequence[str]) -> Iterator[LoadFile]:
        """Open loads one after the other; the paths are given oldest first."""
        return map(self.open, reversed(paths))

    def load_path(self, crm: str, stream: str, load_id: int) -> str:
        """Return where the stream's load of this number lies, or will lie."""
        return f"{self._root}/raw/{crm}/{stream}/{load_id:08d}.parquet"

    def commit(
        self, crm: str, path: str, table: pa.Table, footer: Footer, check: Callable[[], None]
    ) -> None:
        """Write a load aside, then let it appear at its path: whole, or not at all.

        Args:
            crm: CRM name.
            path: The load's, by `load_path`.
            table: Its rows.
            footer: What it says beside them.
            check: Called at the last moment; the load is not committed if it raises.

        Raises:
            FileExistsError: another writer was first; nothing is left of ours.
        """
        if self._is_local:
            self._commit_locally(crm, path, table, footer, check)
            return
        sink = pa.BufferOutputStream()
        write_load(table, sink, footer)
        commit_points.passing(CommitPoint.ASIDE_WRITTEN)
        check()
        commit_points.passing(CommitPoint.EPOCH_CHECKED)
        create_object(self.fs, path, sink.getvalue().to_pybytes())
        commit_points.passing(CommitPoint.LOAD_COMMITTED)

    def _commit_locally(
        self, crm: str, path: str, table: pa.Table, footer: Footer, check: Callable[[], None]
    ) -> None:
        name = f"{footer.epoch:08d}-{uuid.uuid4().hex}.parquet"
        aside = Path(self._root, "incoming", crm, name)
        for folder in (aside.parent, Path(path).parent):
            make_folder(folder)
        try:
            write_aside(aside, table, footer)
            check()
            commit_points.passing(CommitPoint.EPOCH_CHECKED)
            os.link(aside, path)
            sync_folder(Path(path).parent)
            commit_points.passing(CommitPoint.LOAD_COMMITTED)
        except FileNotFoundError:
            check()  # A newer run has swept our file away.
            raise
        finally:
            aside.unlink(missing_ok=True)
        commit_points.passing(CommitPoint.ASIDE_REMOVED)

    def identity(self) -> str:
        """Return what tells this lake from any other, be it moved or put back to an older state.

        Where two runs name it at once, both names may be used for a moment; the lesser one stands.
        """
        folder = f"{self._root}/identity"
        if not self._list(folder):
            name = f"{folder}/{uuid.uuid4().hex}"
            self._create_empty(name)
            if not self._is_local:
                prove_condition(self.fs, name)
        return self._list(folder)[0].rpartition("/")[2]

    def prove(self) -> None:
        """Prove on an object of its own that the place can be written to and honours conditions."""
        path = f"{self._root}/proof/{uuid.uuid4().hex}"
        self._create_empty(path)
        try:
            prove_condition(self.fs, path)
        finally:
            with place_named(path):
                self.fs.rm_file(path)

    def newest_epoch(self, crm: str) -> int:
        """Return the greatest epoch that a run has claimed, 0 before the first."""
        claims = self._numbered(f"{self._root}/claims/{crm}")
        return number_of(claims[-1]) if claims else 0

    def claim(self, crm: str) -> int:
        """Return a new epoch, greater than all before, and sweep up what older runs left."""
        while True:
            epoch = self.newest_epoch(crm) + 1
            is_ours = self._create_empty(f"{self._root}/claims/{crm}/{epoch:08d}")
            # Whoever came between may have claimed more already, and removed what we then made.
            if is_ours and self.newest_epoch(crm) == epoch:
                break
        commit_points.passing(CommitPoint.CLAIM_MADE)
        self._sweep(crm, epoch)
        commit_points.passing(CommitPoint.LEFTOVERS_REMOVED)
        return epoch

    def _sweep(self, crm: str, epoch: int) -> None:
        """Remove older claims, and what older runs that were killed left aside: it may hold people.

        What a newer run is writing stays: this one may have slept since it made its claim.
        """
        claims = self._numbered(f"{self._root}/claims/{crm}")
        leftovers = [claim for claim in claims if number_of(claim) < epoch]
        if self._is_local:
            asides = map(str, Path(self._root, "incoming", crm).glob("*.parquet"))
            leftovers += [aside for aside in asides if _writer_of(aside) < epoch]
        for path in leftovers:
            try:
                with place_named(path):
                    self.fs.rm_file(path)
            except FileNotFoundError:
                continue  # Its writer, or another run, was quicker.

    def _create_empty(self, path: str) -> bool:
        """Create a file unless it is there; return whether we did."""
        try:
            if self._is_local:
                Path(path).parent.mkdir(parents=True, exist_ok=True)
                Path(path).touch(exist_ok=False)
            else:
                create_object(self.fs, path, b"")
        except FileExistsError:
            return False
        return True

    def _numbered(self, folder: str, suffix: str = "") -> list[str]:
        names = self._list(folder)
        return [name for name in names if _NUMBERED.search(name) and name.endswith(suffix)]

    def _list(self, folder: str) -> list[str]:
        self.fs.invalidate_cache(folder)
        try:
            with place_named(folder):
                found = self.fs.ls(folder, detail=True)
        except FileNotFoundError:
            return []
        # An object that stands for the folder itself: some consoles make one.
        found = [one for one in found if not one["name"].endswith("/") and one["name"] != folder]
        if self._copies is not None:
            for one in found:
                self._copies.note(one)
        return sorted(one["name"] for one in found)


def number_of(path: str) -> int:
    """Return the number in the name of a load or a claim."""
    match = _NUMBERED.search(path)
    return int(match.group(1)) if match else 0


def _writer_of(aside: str) -> int:
    """Return the epoch of the run that writes a file aside."""
    match = _ASIDE.search(aside)
    return int(match.group(1)) if match else 0
