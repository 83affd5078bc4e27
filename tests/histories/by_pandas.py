"""What the engine must find, computed by pandas alone: it shares nothing with the product."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd


def visits(events: pd.DataFrame, *, collapse: bool = True) -> pd.DataFrame:
    """Return one row for each stay: case, number, stage, its pass, entered, exited, next stage.

    Args:
        events: Columns case, stage, at (UTC) and tie, in any order.
        collapse: Whether rows of one stage after the other are one stay.
    """
    ordered = events.sort_values(["case", "at", "tie"], kind="stable").reset_index(drop=True)
    if collapse:
        before = ordered.groupby("case")["stage"].shift()
        ordered = ordered[ordered["stage"] != before]
    by_case = ordered.groupby("case")
    return pd.DataFrame(
        {
            "case": ordered["case"],
            "number": by_case.cumcount() + 1,
            "stage": ordered["stage"],
            "pass": ordered.groupby(["case", "stage"]).cumcount() + 1,
            "entered": ordered["at"],
            "exited": by_case["at"].shift(-1),
            "next": by_case["stage"].shift(-1),
        }
    ).reset_index(drop=True)


def transitions(stays: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Return how often each stage was left for each other."""
    moved = stays[stays["next"].notna()]
    counts = moved.groupby(["stage", "next"]).size()
    return {(str(a), str(b)): int(n) for (a, b), n in counts.items()}


def directions(stays: pd.DataFrame, ranks: Mapping[str, int]) -> dict[str, int]:
    """Return the moves forward and back by the stages' ranks."""
    moved = stays[stays["next"].notna()]
    steps = moved["next"].map(ranks) - moved["stage"].map(ranks)
    return {"forward": int((steps > 0).sum()), "back": int((steps < 0).sum())}


def ranks(stays: pd.DataFrame) -> dict[str, int]:
    """Return the stages' ranks, from who reaches which of two stages first.

    Args:
        stays: As of `visits`.
    """
    firsts = stays.sort_values("number").drop_duplicates(["case", "stage"])
    numbers = firsts.pivot_table(index="case", columns="stage", values="number")
    names = list(numbers.columns)
    ahead = {
        name: sum(
            int(np.sign((numbers[name] < numbers[other]).sum()
                - (numbers[name] > numbers[other]).sum()))
            for other in names
        )
        for name in names
    }  # fmt: skip
    reached = numbers.rank(axis=1).mean()
    ordered = sorted(names, key=lambda name: (-ahead[name], round(reached[name], 9), name))
    return {str(name): place for place, name in enumerate(ordered, start=1)}


def states(stays: pd.DataFrame, at: pd.Timestamp) -> dict[Any, tuple[Any, ...]]:
    """Return by case where it stood at an instant: stage, pass, since when."""
    begun = stays[stays["entered"] <= at].drop_duplicates("case", keep="last")
    return {
        row.case: (row.stage, row.passed, row.entered)
        for row in begun.rename(columns={"pass": "passed"}).itertuples()
    }
