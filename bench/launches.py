"""Installing the extractors of others and running them, each in a process of its own."""

import csv
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

import pyarrow.parquet as pq

from bench.others import Peer, Task
from bench.processes import wait_for_end

_FOREIGN = Path(__file__).parent / "foreign"
_LONGEST = 300.0
"""Seconds that one of them may take."""
_QUIET = {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}


@dataclass(frozen=True)
class Result:
    """What one read took."""

    rows: int
    seconds: float
    cpu: float
    requests: int
    peak: int
    """Bytes, of the whole process, its modules included."""

    @property
    def rows_a_second(self) -> float:
        """Rows for each second that passed."""
        return self.rows / self.seconds

    @property
    def rows_a_cpu_second(self) -> float:
        """Rows for each second of processor time."""
        return self.rows / self.cpu


def install(root: Path, peer: Peer) -> Path:
    """Return a Python that has the peer's packages; they are installed where they are not yet."""
    if not peer.packages:
        return Path(sys.executable)
    home = root.absolute() / peer.packages[0].partition("[")[0]
    python, done = home / "bin" / "python", home / ".installed"
    if not done.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        pip = [str(python), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *peer.packages], check=True)
        done.touch()
    return python


def launch(peer: Peer, python: Path, task: Task) -> Result | None:
    """Let a peer do its task; return what that took, None where it failed.

    It has failed, too, where it took too long or wrote no rows.
    """
    arguments = peer.arguments(task)
    try:
        if peer.stream:
            _run(peer, python, task, [*arguments, "--discover"])
            arguments += [peer.catalog_option, str(_choose(task.folder, peer.stream))]
        task.running.admin("POST", "calls/reset")
        _run(peer, python, task, arguments)
    except RuntimeError:
        return None
    told = json.loads((task.folder / "figures.json").read_text())
    calls = task.running.admin("GET", "calls")[peer.crm]
    rows = sum(_count_rows(file) for file in task.folder.glob(peer.written))
    done = Result(rows, told["seconds"], told["cpu"], sum(calls.values()), told["peak"])
    return done if rows else None


def _run(peer: Peer, python: Path, task: Task, arguments: list[str]) -> None:
    """Run a peer; raises RuntimeError where it fails."""
    started = [str(python), str(_FOREIGN / "launch.py"), task.address]
    figures = str(task.folder / "figures.json")
    with (task.folder / "printed.out").open("wb") as out, (task.folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*started, figures, peer.entry, *arguments],
            stdout=out,
            stderr=log,
            env=os.environ | _QUIET,
        )
    stop = Timer(_LONGEST, process.kill)
    stop.start()
    try:
        wait_for_end(process)
    finally:
        stop.cancel()


def _choose(folder: Path, stream: str) -> Path:
    """Keep a tap's catalog with nothing but one stream, of which every field is chosen."""
    found = json.loads((folder / "printed.out").read_text())
    streams = [one for one in found["streams"] if one["tap_stream_id"] == stream]
    for part in streams[0]["metadata"]:
        part["metadata"]["selected"] = True
    catalog = folder / "catalog.json"
    catalog.write_text(json.dumps({"streams": streams}))
    return catalog


def _count_rows(file: Path) -> int:
    match file.suffix:
        case ".parquet":
            return int(pq.read_metadata(file).num_rows)
        case ".csv":
            with file.open(newline="") as lines:
                return sum(1 for _ in csv.DictReader(lines))
    marks = (b'"type": "RECORD"', b'"type":"RECORD"', b'{"id": ')
    with file.open("rb") as lines:
        return sum(any(mark in line for mark in marks) for line in lines)
