"""kill -9 at any moment, then one more run: as if nothing had happened."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.dbt.comparison import OF_ONE_BUILD
from tests.e2e.company import User
from tests.e2e.conftest import LATER, Run

pytestmark = pytest.mark.e2e

Moment = Callable[[User], bool]

LOAD_COLUMNS = ("_load_id", "_extracted_at")
BOOKKEEPING = ("leadcycle__receipts", "stg_leadcycle__receipts", *sorted(OF_ONE_BUILD))
"""Receipts tell which plan sent what: a plan that was cut in two has two numbers."""


def first_load_is_kept(user: User) -> bool:
    return any((user.home / "lake" / "raw").rglob("*.parquet"))


def second_crm_is_being_read(user: User) -> bool:
    return any((user.home / "lake" / "raw" / "hubspot").rglob("*.parquet"))


def warehouse_is_being_built(user: User) -> bool:
    return (user.home / "warehouse.duckdb").exists()


def leads_are_being_written(user: User) -> bool:
    return holds_ours(user, "Lead")


def salesforce_contacts_are_being_written(user: User) -> bool:
    return holds_ours(user, "Contact")


def hubspot_contacts_are_being_written(user: User) -> bool:
    return user.company.calls()["hubspot"]["write"] > 0


def holds_ours(user: User, kind: str) -> bool:
    """Tell whether a batch has arrived; its answer is still on its way."""
    return any(record["Leadcycle_Stage__c"] for record in user.company.dump()["salesforce"][kind])


MOMENTS: dict[str, Moment] = {
    moment.__name__: moment
    for moment in (
        first_load_is_kept,
        second_crm_is_being_read,
        warehouse_is_being_built,
        leads_are_being_written,
        salesforce_contacts_are_being_written,
        hubspot_contacts_are_being_written,
    )
}


SAMPLE = ("salesforce_contacts_are_being_written",)
"""The moment of every test run: one sync is done, one in flight, one to come.

`make soak` takes them all; kills while CRMs are read are those of tests/survival.
"""


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in SAMPLE else pytest.mark.soak) for name in MOMENTS],
)
def test_a_killed_run_leaves_nothing_that_the_next_one_does_not_mend(
    first_run: Run, second_run: Run, newcomer: User, name: str
) -> None:
    slow_down_writes(newcomer)
    kill_when(newcomer, MOMENTS[name])
    newcomer.company.clear_faults()

    after_one_more = newcomer.loop()

    assert all(sync["rejected"] == sync["deferred"] == 0 for sync in after_one_more["syncs"])
    assert newcomer.company.dump() == first_run.dump
    results = ("marts", "sync")
    assert tables_that_differ(newcomer.home, first_run.home, results, skip=()) == []
    # Once both have read back what they wrote, every table is the same.
    newcomer.company.advance(LATER)
    assert [sync["written"] for sync in newcomer.loop()["syncs"]] == [0, 0, 0]
    everything = ("base", "staging", "intermediate", "marts", "sync")
    assert tables_that_differ(newcomer.home, second_run.home, everything, skip=BOOKKEEPING) == []


def slow_down_writes(user: User) -> None:
    """Widen the moments in which a batch is in flight: it is carried out, then answered late."""
    fault = {"kind": "delay", "count": 50, "seconds": 1.5}
    paths = (
        ("PATCH", "/services/data/v66.0/composite"),
        ("POST", "/crm/v3/objects/contacts/batch/update"),
    )
    user.company.inject(
        *({**fault, "method": method, "path_prefix": path} for method, path in paths)
    )
    user.company.reset_calls()


def kill_when(user: User, moment: Moment) -> None:
    process = user.start("run", "--json")
    deadline = time.monotonic() + 120
    while not moment(user):
        assert process.poll() is None, "the run ended before the moment came"
        assert time.monotonic() < deadline, "the moment never came"
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)


def tables_that_differ(
    one: Path, other: Path, schemas: tuple[str, ...], skip: tuple[str, ...]
) -> list[str]:
    with duckdb.connect() as db:
        for name, home in (("one", one), ("other", other)):
            db.execute(f"attach '{home / 'warehouse.duckdb'}' as {name} (read_only)")
        found = db.execute(
            "select table_schema, table_name from information_schema.tables"
            " where table_catalog = 'one' and list_contains(?, table_schema) order by all",
            [schemas],
        ).fetchall()
        tables = [row for row in found if not row[1].startswith(skip)]
        assert len(tables) > 5
        return [f"{schema}.{table}" for schema, table in tables if differs(db, schema, table)]


def differs(db: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    columns = [row[0] for row in db.execute(f'describe one."{schema}"."{table}"').fetchall()]
    kept = ", ".join(f'"{column}"' for column in columns if column not in LOAD_COLUMNS)
    left, right = (f'select {kept} from {side}."{schema}"."{table}"' for side in ("one", "other"))
    both_ways = f"({left} except all {right}) union all ({right} except all {left})"
    row = db.execute(f"select count(*) from ({both_ways})").fetchone()
    return row is not None and row[0] > 0
