"""The engine against an independent computation, on a public log and on a generated one."""

import resource
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipelines.histories.homes import published_by
from pipelines.histories.timelines import stints_at
from pipelines.settings import Settings
from tests.histories import by_pandas
from tests.histories.conftest import Home

PUBLIC = Path(__file__).with_name("data") / "ecom.csv.gz"
STAGES = ("Inquiry", "Contacted", "Qualified", "Demo", "Proposal", "Negotiation", "Won", "Active")


def assert_equal(home: Home, name: str, stays: pd.DataFrame) -> None:
    """Compare every stay, the counts, and the states at three instants."""
    [published] = published_by(Settings(LEADCYCLE_HOME=home.folder), name)
    tables = published.snapshot.tables
    told = {
        row["stage_key"]: row["stage_rank"]
        for row in pq.read_table(tables["marts.case_stages"]).to_pylist()
    }
    found = pq.read_table(
        tables["marts.case_stints"],
        columns=["case_id", "stint_number", "stage_key", "pass_number", "entered_at", "exited_at",
                 "next_stage_key"],
    ).to_pandas()  # fmt: skip
    found.columns = stays.columns
    order = ["case", "number"]
    pd.testing.assert_frame_equal(
        found.sort_values(order).reset_index(drop=True),
        stays.sort_values(order).reset_index(drop=True),
        check_dtype=False,
    )
    ranks = by_pandas.ranks(stays)
    assert told == ranks
    assert_counts(home, name, stays, ranks)
    for share in (0.1, 0.5, 0.9):
        at = stays["entered"].quantile(share).floor("s")
        with stints_at(published, at.to_pydatetime()) as db:
            then = db.sql("""
                select subject, stage_key, pass_number, entered_at from stints
                where exited_at is null and exit_type = 'open'
            """).fetchall()
        assert {row[0]: tuple(row[1:]) for row in then} == by_pandas.states(stays, at)


def assert_counts(home: Home, name: str, stays: pd.DataFrame, ranks: dict[str, int]) -> None:
    counts = home.run("stints", "--summary", "--from", name).json
    assert counts["cases"] == stays["case"].nunique()
    assert counts["visits"] == len(stays)
    assert counts["reentries"] == int((stays["pass"] > 1).sum())
    assert counts["highest_pass"]["pass_number"] == int(stays["pass"].max())
    moves = {
        (move["from_stage"], move["to_stage"]): move["moves"] for move in counts["transitions"]
    }
    assert moves == by_pandas.transitions(stays)
    both = {way: counts["moves"][way] for way in ("forward", "back")}
    assert both == by_pandas.directions(stays, ranks)
    passes = stays.groupby(["stage", "pass"]).size()
    told = {(row["stage_key"], row["pass_number"]): row["visits"] for row in counts["passes"]}
    assert told == {(str(a), int(b)): int(n) for (a, b), n in passes.items()}


def test_a_public_log_of_31106_events_gives_what_pandas_finds(home: Home) -> None:
    case = "user_id"
    done = home.run(
        "import-history", PUBLIC, "--case", case, "--stage", "event", "--at", "timestamp"
    )
    assert (done.code, done.json["files"][0]["new"]) == (0, 31_106)
    log = pd.read_csv(PUBLIC)
    events = pd.DataFrame(
        {
            "case": log[case],
            "stage": log["event"],
            "at": pd.to_datetime(log["timestamp"], utc=True),
            "tie": range(len(log)),
        }
    )
    assert_equal(home, "ecom", by_pandas.visits(events))


def generated(cases: int, seed: int) -> pd.DataFrame:
    """Draw a log with loops, steps back, skips and ties, its rows in no order."""
    drawn = np.random.default_rng(seed)
    lengths = drawn.geometric(0.1, cases).clip(1, 60)
    case = np.repeat(np.arange(cases), lengths)
    is_first = np.r_[True, case[1:] != case[:-1]]
    steps = np.where(is_first, 0, drawn.choice([-2, -1, 0, 1, 1, 1, 2], len(case)))
    place = np.cumsum(steps)
    place = (place - np.repeat(place[is_first], lengths)) % len(STAGES)
    gaps = np.where(is_first, 0, drawn.choice([0, 0, 60, 3600, 86400], len(case)))
    seconds = np.cumsum(gaps)
    seconds = seconds - np.repeat(seconds[is_first], lengths)
    seconds = seconds + np.repeat(drawn.integers(0, 30_000_000, cases), lengths)
    log = pd.DataFrame(
        {
            "case": np.char.add("case-", case.astype(str)),
            "stage": np.array(STAGES)[place],
            "at": pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(seconds, unit="s"),
            "tie": np.arange(len(case)),
        }
    )
    return log.sample(frac=1, random_state=seed)


def test_where_repeats_are_kept_each_row_is_a_visit_in_whatever_order_rows_stand(
    home: Home,
) -> None:
    log = generated(2_000, seed=7)
    log.to_csv(home.folder / "log.csv", index=False)
    done = home.run("import-history", home.folder / "log.csv", "--case", "case", "--stage", "stage",
                    "--at", "at", "--id", "tie", "--repeats", "keep")  # fmt: skip
    assert done.code == 0
    assert_equal(home, "log", by_pandas.visits(log, collapse=False))


@pytest.mark.soak
def test_a_million_events_give_what_pandas_finds_in_bounded_time_and_memory(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    log = generated(100_500, seed=11)
    log.to_csv(home.folder / "log.csv", index=False)
    began = time.monotonic()
    done = home.run("import-history", home.folder / "log.csv", "--case", "case", "--stage", "stage",
                    "--at", "at", "--id", "tie")  # fmt: skip
    took = time.monotonic() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    with capsys.disabled():
        print(f"{len(log)} events: {took:.0f} s, {memory:.2f} GB with the test's own frames")  # noqa: T201
    assert done.code == 0
    assert_equal(home, "log", by_pandas.visits(log))
    assert took < 180
    assert memory < 3
