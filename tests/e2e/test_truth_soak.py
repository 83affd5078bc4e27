"""The company's truth at length: 50,000 people, 30 days read and built one by one, any arrival."""

import json
import random
import shutil
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest

from pipelines.rules.compiler import compile_rules
from tests.dbt.comparison import differing_tables
from tests.dbt.warehouse import PROJECT, Project, Warehouse
from tests.e2e.company import User, served
from tests.e2e.truth import FoundPerson, judge, read_found, read_truth, wrong_entries, wrong_people

pytestmark = [pytest.mark.e2e, pytest.mark.soak]

PEOPLE = 2_000
MANY = 50_000
DAYS = 30
WEEK = 7
CUTS = 3
LONGEST = 3_600.0
"""Seconds that one command may take with many people."""


@pytest.fixture(params=["first", "second", "third"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder for a company of a seed that nobody has seen."""
    return tmp_path / f"seed-{random.SystemRandom().randrange(1, 10**6)}"


def seed_of(folder: Path) -> int:
    return int(folder.name.partition("-")[2])


def read_and_build(user: User) -> None:
    for command in ("extract", "build"):
        done = user.run(command, seconds=LONGEST)
        assert done.code == 0, done.stderr


def assert_all_is_true(folder: Path, warehouse: Path, when: str) -> None:
    verdicts = judge(read_truth(folder / "sandbox"), read_found(warehouse))

    assert not (wrong := wrong_people(verdicts)), f"{folder.name}, {when}: {wrong}"
    assert wrong_entries(verdicts) == [], f"{folder.name}, {when}"


def test_everybody_of_a_big_company_has_their_true_path(folder: Path) -> None:
    with served(folder / "sandbox", people=MANY, seed=seed_of(folder)) as company:
        user = User(folder / "home", company)
        read_and_build(user)

    assert_all_is_true(folder, user.home / "warehouse.duckdb", f"{MANY} people")


def test_day_by_day_everybody_keeps_their_true_path_as_a_full_build_finds_it(folder: Path) -> None:
    with served(folder / "sandbox", people=PEOPLE, seed=seed_of(folder)) as company:
        user = User(folder / "home", company)
        read_and_build(user)
        for day in range(1, DAYS + 1):
            company.live(1)
            read_and_build(user)
            if day % WEEK == 0 or day == DAYS:
                assert_all_is_true(folder, user.home / "warehouse.duckdb", f"day {day}")

        anew = User(folder / "anew", company)
        built_things = shutil.ignore_patterns("warehouse.duckdb*", "published", "dbt", "build.json")
        shutil.copytree(user.home, anew.home, ignore=built_things)
        done = anew.run("build", seconds=LONGEST)

    assert done.code == 0, done.stderr
    built, rebuilt = (home.home / "warehouse.duckdb" for home in (user, anew))
    assert differing_tables(built, rebuilt) == {}


def test_in_whatever_order_rows_arrive_everybody_has_their_true_path(folder: Path) -> None:
    with served(folder / "sandbox", people=PEOPLE, seed=seed_of(folder)) as company:
        user = User(folder / "home", company)
        read_and_build(user)
    kept = json.loads((user.home / "build.json").read_text("utf-8"))
    rules = folder / "rules"
    compile_rules(PROJECT.parent / "revops", rules)
    (folder / "target").mkdir()
    scrambled = Warehouse(Project.parse(folder / "target", rules), folder / "warehouse.duckdb")

    so_far: dict[str, list[str]] = defaultdict(list)
    for arrived in dealt(kept["loads"], folder / "scrambled", seed_of(folder)):
        for stream, load in arrived.items():
            so_far[stream].append(load)
        scrambled.build(so_far, as_of=kept["as_of"])

    assert_all_is_true(folder, scrambled.path, "scrambled")
    assert by_records(scrambled.path) == by_records(user.home / "warehouse.duckdb")


def dealt(loads: dict[str, list[str]], folder: Path, seed: int) -> list[dict[str, str]]:
    """Deal the rows of every stream into loads that arrive one after the other, in any order."""
    with duckdb.connect() as db:
        return [
            {
                stream: _deal(db, paths, folder / stream / f"{cut + 1:08}.parquet", cut, seed)
                for stream, paths in loads.items()
            }
            for cut in range(CUTS)
        ]


def _deal(db: duckdb.DuckDBPyConnection, paths: list[str], load: Path, cut: int, seed: int) -> str:
    load.parent.mkdir(parents=True, exist_ok=True)
    db.execute(
        f"copy (select * replace ({cut + 1}::bigint as _load_id) "
        "from read_parquet(?, union_by_name => true) as landed "
        f"where hash(landed, {seed}) % {CUTS} = {cut} order by hash({seed}, landed)) "
        f"to '{load}' (format parquet)",
        [paths],
    )
    return str(load)


def by_records(warehouse: Path) -> dict[frozenset[str], FoundPerson]:
    return {person.records: person for person in read_found(warehouse)}
