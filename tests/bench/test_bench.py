"""A benchmark fails when what it measures has failed, or is too slow."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bench.client import Connection, rate
from bench.figures import Figure, Target, as_table
from bench.processes import bare_server, wait_for_end


def ended(program: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", program])


def test_a_process_that_was_killed_has_no_figures() -> None:
    killed = "import os; os.kill(os.getpid(), 9)"
    with pytest.raises(RuntimeError, match="ended with -9"):
        wait_for_end(ended(killed), -signal.SIGTERM)
    assert wait_for_end(ended("")) > 1_000_000


def test_only_a_server_may_end_by_the_signal_that_ends_it() -> None:
    program = "import os; os.kill(os.getpid(), 15)"
    with pytest.raises(RuntimeError, match="ended with -15"):
        wait_for_end(ended(program))
    assert wait_for_end(ended(program), -signal.SIGTERM) > 1_000_000


def test_a_rate_of_which_a_part_failed_is_none(tmp_path: Path) -> None:
    (tmp_path / "body").write_bytes(b"{}")
    with bare_server(tmp_path / "body") as port:
        assert rate(lambda: Connection(port, {}), lambda: lambda _: 1, 1, 0.01) > 1
        with pytest.raises(OSError, match="no route"):
            rate(lambda: Connection(port, {}), lambda: _fail, 2, 0.01)
    with pytest.raises(ConnectionRefusedError):
        rate(lambda: Connection(port, {}), lambda: lambda _: 1, 1, 0.01)


def _fail(connection: Connection) -> int:
    raise OSError("no route")


def test_targets_are_met_from_above_or_from_below() -> None:
    least, most = Target(200), Target(115, is_most=True)
    missed = [Figure("", "", value, target=least).is_missed for value in (199.9, 200.0)]
    missed += [Figure("", "", value, target=most).is_missed for value in (115.0, 115.1)]
    assert (missed, Figure("", "", 0.0).is_missed) == ([True, False, False, True], False)
    table = as_table([Figure("list", "pages/s", 250.0, 1_000.0, least)])
    assert [[*column.cells] for column in table.columns] == [
        ["list"], ["pages/s"], ["250"], ["1,000"], ["25%"], [">= 200"], ["met"]
    ]  # fmt: skip
