"""Spark builds what DuckDB builds: every published table, from one lake, at one instant."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bench.people_lake import AS_OF, change_lake, fill_lake
from pipelines.lake import Lake
from pipelines.receipts import append_receipts
from pipelines.sync.store import StateStore
from tests.dbt.stories import beginning, more_news, news, oddities
from tests.e2e.company import User, served
from tests.spark.cluster import driver_environment, running_cluster
from tests.spark.compare import SCHEMAS, compare_warehouses, report
from tests.spark.told import tell_lake

pytestmark = pytest.mark.spark

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 300
DAYS = 7
EVERY = 10
"""Of the people of the lake that is written directly: one in so many has news."""

EMPTY = {"company": {"marts.identity_reviews", "marts.unmapped_values"}, "people": set[str]()}
"""Tables without rows: the sandbox's people are themselves, and their stages are those we map."""


@dataclass(frozen=True)
class Scene:
    """A lake before and after news, each with the instant (ISO 8601) it is built at."""

    before: Path
    before_as_of: str
    after: Path
    after_as_of: str


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A cluster, as the environment of those who use it."""
    folder = tmp_path_factory.mktemp("cluster")
    with running_cluster(folder) as address:
        yield driver_environment(address, folder)


@pytest.mark.parametrize("name", ["company", "people"])
def test_every_published_table_is_the_same_first_and_after_news(
    name: str, tmp_path: Path, cluster: dict[str, str]
) -> None:
    scene = SCENES[name](tmp_path / "scene")
    duckdb, spark, anew = (tmp_path / engine for engine in ("duckdb", "spark", "duckdb-anew"))

    give(scene.before, duckdb, spark)
    build(duckdb, scene.before_as_of)
    build(spark, scene.before_as_of, cluster)
    differences = differ("first build", duckdb, spark) + empty(name, duckdb)

    give(scene.after, duckdb, spark)
    build(duckdb, scene.after_as_of)
    build(spark, scene.after_as_of, cluster)
    differences += differ("after news", duckdb, spark, ("base", *SCHEMAS))

    # Two engines could leave out the same news.
    give(scene.after, anew)
    build(anew, scene.after_as_of)
    differences += differ("anew, and Spark after news", anew, spark, ("base", *SCHEMAS))

    assert differences == []


def company_scene(folder: Path) -> Scene:
    """Both sandbox CRMs, read and written twice; then a week of their people's lives."""
    (folder / "sandbox").mkdir(parents=True)
    with served(folder / "sandbox", people=PEOPLE) as company:
        user = User(folder / "home", company)
        assert user.run("provision").code == 0
        user.loop()
        company.advance(2 * 3600)
        user.loop()
        land_receipts(user.home)
        shutil.copytree(user.home, folder / "before")
        company.live(DAYS)
        user.loop()
        land_receipts(user.home)
    return Scene(
        folder / "before", _as_of(folder / "before"), folder / "home", _as_of(folder / "home")
    )


def land_receipts(home: Path) -> None:
    """Keep the receipts of the last syncs in the lake, as a build begins: once, not by each home.

    Each of several homes would land them at its own instant, and `_extracted_at` would differ.
    """
    append_receipts(StateStore(f"sqlite:///{home}/state.sqlite"), Lake(str(home / "lake")))


def people_scene(folder: Path) -> Scene:
    """A lake of people written as extraction would, then news of some of them."""
    before, after, later = folder / "before", folder / "after", AS_OF + timedelta(days=1)
    fill_lake(before / "lake", PEOPLE)
    tell_lake(before / "lake", AS_OF, beginning, oddities)
    shutil.copytree(before, after)
    change_lake(after / "lake", PEOPLE, EVERY, AS_OF + timedelta(hours=1))
    tell_lake(after / "lake", later, news, more_news)
    return Scene(before, AS_OF.isoformat(), after, later.isoformat())


SCENES: dict[str, Callable[[Path], Scene]] = {"company": company_scene, "people": people_scene}


def give(scene: Path, *homes: Path) -> None:
    """Let homes have a scene's lake and state, and keep their warehouses."""
    for home in homes:
        home.mkdir(exist_ok=True)
        for part in ("lake", "state.sqlite"):
            if (scene / part).is_dir():
                shutil.copytree(scene / part, home / part, dirs_exist_ok=True)
            elif (scene / part).exists():
                shutil.copyfile(scene / part, home / part)


def build(home: Path, as_of: str, cluster: dict[str, str] | None = None) -> None:
    """Build a home's warehouse with its tests, in a process of its own: on Spark, or by DuckDB."""
    own = {"LEADCYCLE_TARGET": "spark", **cluster} if cluster else {}
    done = subprocess.run(
        [sys.executable, "-m", "bench.build", str(home), as_of],
        cwd=ROOT,
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    say(f"{home.name}: built in {told['seconds']:.0f} s")


def differ(what: str, first: Path, second: Path, schemas: tuple[str, ...] = SCHEMAS) -> list[str]:
    """Print how two homes' tables compare; return those that are not the same."""
    warehouses = first / "warehouse.duckdb", second / "warehouse.duckdb"
    compared = compare_warehouses(*warehouses, schemas)
    say(f"{what}: {first.name} and {second.name}", *report(compared))
    assert sum(one.rows for one in compared) > PEOPLE
    return [f"{what}: {one.table}" for one in compared if not one.is_same]


def empty(scene: str, home: Path) -> list[str]:
    """Return the tables of a home without rows that should have some: two of those are equal."""
    found = compare_warehouses(*[home / "warehouse.duckdb"] * 2)
    return [
        f"{one.table} is empty" for one in found if not one.rows and one.table not in EMPTY[scene]
    ]


def say(*lines: str) -> None:
    """Print lines; `make test-spark` shows them."""
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
    sys.stdout.flush()


def _as_of(home: Path) -> str:
    return str(json.loads((home / "build.json").read_text("utf-8"))["as_of"])
