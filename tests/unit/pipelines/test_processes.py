"""Servers that a command starts end with it, and all they started too."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from pipelines import processes
from pipelines.processes import ServerError, answers, server, wait_until_ready

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = (
    "import signal, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print(flush=True)\n"
    "time.sleep(60)\n"
)
START_A_CHILD = (
    "import subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    "print(child.pid, flush=True)\n"
)


def eventually(holds: Callable[[], bool], seconds: float = 5) -> bool:
    """Poll until it holds, at most so long."""
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    return holds()


def lives(pid: int) -> bool:
    """Tell whether a process runs; one that nobody has reaped yet is dead all the same."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@contextmanager
def answering(status: int) -> Iterator[str]:
    """Serve one status for every request; yields the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    web = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=web.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{web.server_port}/"
    finally:
        web.shutdown()
        web.server_close()
        thread.join()


@pytest.fixture
def dead_url() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/"


def test_a_server_ends_with_its_block(tmp_path: Path) -> None:
    with server(SLEEP, tmp_path / "log") as process:
        assert lives(process.pid)

    assert process.poll() is not None


def test_a_server_ends_though_its_block_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyError), server(SLEEP, tmp_path / "log") as process:
        raise KeyError

    assert process.poll() is not None


def test_what_a_server_started_ends_with_it(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with server([sys.executable, "-c", START_A_CHILD + "time.sleep(60)"], log):
        assert eventually(lambda: log.read_text().endswith("\n"))
        child = int(log.read_text())
        assert lives(child)

    assert eventually(lambda: not lives(child))


def test_what_a_server_started_ends_though_the_server_is_gone(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with server([sys.executable, "-c", START_A_CHILD], log) as process:
        process.wait(10)
        child = int(log.read_text())
        assert lives(child)

    assert eventually(lambda: not lives(child))


def test_a_server_that_does_not_want_to_end_is_made_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "GRACE_SECONDS", 0.2)
    log = tmp_path / "log"
    with server([sys.executable, "-c", STUBBORN], log) as process:
        assert eventually(lambda: log.stat().st_size > 0)

    assert process.poll() == -9


def test_a_server_prints_into_its_log_and_sees_its_variables(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import os; print(os.environ['SHOWN'], os.environ['PATH'])"]
    with server(command, tmp_path / "logs/server.log", {"SHOWN": "yes"}) as process:
        process.wait(10)

    assert (tmp_path / "logs/server.log").read_text() == f"yes {os.environ['PATH']}\n"


@pytest.mark.parametrize(("status", "expected"), [(200, True), (404, True), (500, False)])
def test_a_server_answers_unless_it_is_faulty(status: int, expected: bool) -> None:
    with answering(status) as url:
        assert answers(url) is expected


def test_nobody_there_is_no_answer(dead_url: str) -> None:
    assert answers(dead_url) is False


def test_waiting_ends_when_the_server_answers(tmp_path: Path) -> None:
    with server(SLEEP, tmp_path / "log") as process, answering(200) as url:
        wait_until_ready("sandbox", url, process, tmp_path / "log", seconds=5)


def test_a_server_that_ended_is_reported_with_its_code_and_log(
    tmp_path: Path, dead_url: str
) -> None:
    log = tmp_path / "log"
    log.write_text("Starting\nOSError: the folder is gone\n\n")
    process = subprocess.Popen([sys.executable, "-c", "raise SystemExit(7)"])
    process.wait(10)

    with pytest.raises(ServerError) as wrong:
        wait_until_ready("sandbox", dead_url, process, log, seconds=5)
    why = "OSError: the folder is gone"
    assert str(wrong.value) == f"sandbox ended with code 7: {why} (see {log})"


def test_a_server_that_does_not_answer_in_time_is_reported(tmp_path: Path, dead_url: str) -> None:
    log = tmp_path / "log"
    with server(SLEEP, log) as process, pytest.raises(ServerError) as wrong:
        wait_until_ready("sandbox", dead_url, process, log, seconds=0.1)

    assert str(wrong.value) == f"sandbox did not answer at {dead_url} within 0 s: see {log}"
