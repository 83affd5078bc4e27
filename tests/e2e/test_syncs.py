"""What people do about runs that write: undo, pause, resume; and what a send keeps others from."""

import time
from typing import Any

import duckdb
import pytest

from tests.e2e.company import User
from tests.e2e.test_loop import OWN_FIELDS, record_values

pytestmark = pytest.mark.e2e

SLOW = {"kind": "delay", "path": "*/batch/update", "seconds": 4, "count": 1}


FADING = ("synced_at", "score")
"""Parts of the names of fields whose values are others an hour later."""


def ours(user: User) -> dict[str, dict[str, Any]]:
    """What every record holds in our fields that do not fade, by record id."""
    names = {name for name in OWN_FIELDS if not any(part in name.lower() for part in FADING)}
    return {
        key: {name: held[name] or None for name in names & held.keys()}
        for key, held in record_values(user.company.dump()).items()
    }


def filled(records: dict[str, dict[str, Any]]) -> int:
    return sum(any(values.values()) for values in records.values())


def plans(user: User) -> list[dict[str, Any]]:
    return list(user.run("plans", "--json").document["plans"])


def test_an_undone_run_leaves_no_trace_and_the_sync_waits(user: User) -> None:
    before = ours(user)
    first = next(
        plan for plan in plans(user) if plan["sync"] == "hubspot__contacts" and plan["written"]
    )
    number = str(first["plan_id"])

    preview = user.run("undo", number, "--preview", "--json").document
    assert (preview["planned"], preview["account"]) == (first["written"], None)
    assert ours(user) == before

    done = user.run("undo", number, "--why", "the rules were wrong", "--json")
    assert done.code == 0, done.stderr
    assert done.document["account"]["written"] == first["written"]
    after = ours(user)
    assert filled(before) - filled(after) == first["written"]

    held_up = user.run("apply", "--json").document["syncs"]
    assert {sync["sync"]: sync["account"] for sync in held_up}["hubspot__contacts"] is None
    assert ours(user) == after

    assert user.run("resume", "hubspot__contacts").code == 0
    assert user.run("apply").code == 0
    assert ours(user) == before


def test_an_undo_without_a_reason_or_a_number_is_wrong_use(user: User) -> None:
    assert user.run("undo", "1").code == 2
    assert "there is no plan 999" in user.run("undo", "999", "--preview").stderr


def test_a_pause_of_a_sync_that_is_not_there_names_those_that_are(user: User) -> None:
    done = user.run("pause", "salesforce__leeds", "--why", "to see")

    assert done.code == 2
    assert "salesforce__leads" in done.stderr


def test_t8_the_warehouse_can_be_written_while_records_are_sent(user: User) -> None:
    number = next(plan["plan_id"] for plan in plans(user) if plan["sync"] == "hubspot__contacts")
    first = next(
        plan for plan in plans(user) if plan["sync"] == "hubspot__contacts" and plan["written"]
    )
    assert number >= first["plan_id"]
    user.company.inject(SLOW)

    sending = user.start("undo", str(first["plan_id"]), "--why", "something to send", "--json")
    while user.company.calls()["hubspot"]["write"] == 0 and sending.poll() is None:
        time.sleep(0.05)
    is_sending = sending.poll() is None
    with duckdb.connect(str(user.home / "warehouse.duckdb")) as db:
        db.execute("create or replace table main.somebody_else as select 1 as one")
    sending.communicate(timeout=120)

    assert is_sending
    assert sending.returncode == 0
