"""Likely matches of a company drawn anew, judged by its truth; needs the extra [probabilistic]."""

import csv
import random
from pathlib import Path

import pytest

from tests.e2e.company import User, served
from tests.e2e.truth import read_truth

pytestmark = pytest.mark.e2e

PEOPLE = 2_000


def write_labels(sandbox: Path, file: Path) -> None:
    """Write whose each record is, as somebody who knows them all would label them."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        labels = csv.writer(opened)
        labels.writerow(["record_key", "person"])
        for person in read_truth(sandbox):
            labels.writerows((key, person.number) for key in sorted(person.records))


def test_likely_matches_find_what_ties_missed_and_are_told_apart_from_them(tmp_path: Path) -> None:
    pytest.importorskip("splink", reason="the extra [probabilistic] is not installed")
    seed = random.SystemRandom().randrange(1, 10**6)
    with served(tmp_path / "sandbox", people=PEOPLE, seed=seed) as company:
        user = User(tmp_path / "home", company)
        for command in ("extract", "build"):
            done = user.run(command)
            assert done.code == 0, done.stderr
        write_labels(tmp_path / "sandbox", tmp_path / "labels.csv")

        done = user.run("match-people", "--evaluate", str(tmp_path / "labels.csv"), "--json")

    assert done.code == 0, done.stderr
    ties, accepted, with_accepted, likely, with_likely = done.document["evaluation"]
    assert ties["precision"] == 1.0, seed
    assert ties["right"] <= with_accepted["right"] <= with_likely["right"], seed
    assert likely["true"] == accepted["true"], seed
    # A pair of people is at least one pair of records.
    assert with_likely["right"] - ties["right"] >= likely["right"], seed
    assert with_likely["precision"] > 0.97, seed
    assert not (user.home / "lake/raw/leadcycle/likely_matches/00000002.parquet").exists()
