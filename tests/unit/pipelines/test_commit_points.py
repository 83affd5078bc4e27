"""kill -9 at each instant of committing a load, by enumeration; then one more run."""

import os
import signal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from connectors.records import Cursor
from pipelines import commit_points
from pipelines.commit_points import CommitPoint
from pipelines.lake import Lake
from tests.unit.pipelines.builders import AS_OF, lead, lead_table, utc

DAY = "2026-11-20"
OF_THE_LAKE = [point for point in CommitPoint if point is not CommitPoint.MARKS_NOTED]
COMMITTED = {CommitPoint.LOAD_COMMITTED, CommitPoint.ASIDE_REMOVED}


def run(folder: Path) -> None:
    """Read the next record after the cursor, as any run does."""
    lake = Lake(str(folder))
    epoch = lake.claim("salesforce")
    cursor = lake.cursor("salesforce", "leads")
    key = str(int(cursor.record_id) + 1) if cursor else "1"
    table, after = lead_table(lead(key, DAY)), Cursor(utc(DAY), key)
    lake.append("salesforce", "leads", table, after, AS_OF, epoch=epoch)


def run_killed_at(point: CommitPoint, folder: Path) -> int:
    """Run in a process that is killed at the point; return the signal that ended it."""
    child = os.fork()
    if not child:
        commit_points.passing = lambda passed: (
            os.kill(os.getpid(), signal.SIGKILL) if passed is point else None
        )
        try:
            run(folder)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kept(folder: Path) -> list[str]:
    tables = [pq.read_table(path) for path in Lake(str(folder)).paths("salesforce", "leads")]
    return [record_id for table in tables for record_id in table.column("_record_id").to_pylist()]


@pytest.mark.parametrize("point", OF_THE_LAKE)
def test_a_kill_leaves_rows_and_cursor_together(tmp_path: Path, point: CommitPoint) -> None:
    run(tmp_path)

    assert run_killed_at(point, tmp_path) == -signal.SIGKILL

    cursor = Lake(str(tmp_path)).cursor("salesforce", "leads")
    assert kept(tmp_path) == (["1", "2"] if point in COMMITTED else ["1"])
    assert cursor == Cursor(utc(DAY), kept(tmp_path)[-1])


@pytest.mark.parametrize("point", OF_THE_LAKE)
def test_one_more_run_goes_on_and_sweeps_up(tmp_path: Path, point: CommitPoint) -> None:
    run_killed_at(point, tmp_path)

    run(tmp_path)

    assert kept(tmp_path) == (["1", "2"] if point in COMMITTED else ["1"])
    assert list(tmp_path.glob("incoming/*/*")) == []
    assert len(list(tmp_path.glob("claims/salesforce/*"))) == 1
