"""The whole loop with its lake, state and run history on servers, from two machines in turn."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy as sa

from pipelines.instance import open_instance
from pipelines.settings import Settings
from pipelines.sync.store import StateStore
from tests.e2e.company import Company, User, served
from tests.servers.object_store import ObjectStore
from tests.servers.postgres import PostgresServer

pytestmark = [pytest.mark.e2e, pytest.mark.soak]


@dataclass(frozen=True)
class Elsewhere(User):
    """Somebody whose lake, state and run history lie on servers."""

    places: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        return super().environment() | self.places

    def on(self, home: Path) -> "Elsewhere":
        """Return the same company's user at another machine."""
        return Elsewhere(home, self.company, self.places)


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with served(tmp_path / "sandbox", people=60) as company:
        yield company


@pytest.fixture
def user(
    company: Company, postgres_server: PostgresServer, object_store: ObjectStore, tmp_path: Path
) -> Iterator[Elsewhere]:
    with postgres_server.database() as state, postgres_server.database() as dagster:
        places = {
            "LEADCYCLE_LAKE": f"s3://{object_store.bucket()}/lake",
            "LEADCYCLE_LAKE_ENDPOINT": object_store.url,
            "LEADCYCLE_STATE_URL": postgres_server.address(state),
            "LEADCYCLE_DAGSTER_URL": postgres_server.address(dagster, "psycopg2"),
        }
        yield Elsewhere(tmp_path / "home", company, places)


def test_the_loop_runs_on_servers_and_goes_on_at_another_machine(
    user: Elsewhere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert user.run("provision").code == 0

    first = user.loop()
    other = user.on(tmp_path / "other machine")
    user.company.advance(2 * 3600)
    second = other.loop()

    written = sum(sync["written"] for sync in first["syncs"])
    assert written > 0
    assert sum(sync["written"] for sync in second["syncs"]) == 0, "both know what was written"
    again = {(row["crm"], row["stream"]): row["rows_new"] for row in second["readings"]}
    assert again["salesforce", "opportunities"] == again["hubspot", "companies"] == 0
    assert not list(user.home.glob("lake*")), "the lake is in the bucket"
    assert not list(user.home.glob("state.sqlite*")), "the state is in the database"

    receipts = StateStore(user.places["LEADCYCLE_STATE_URL"]).receipts_after(0)
    assert len({(row["object_name"], row["record_id"]) for row in receipts}) == written
    assert statuses_of(user, monkeypatch) == [dg.DagsterRunStatus.SUCCESS] * 2
    audited = user.run("reconcile", "--json")
    assert audited.code == 0, audited.stderr


def statuses_of(user: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> list[dg.DagsterRunStatus]:
    """Return how the runs ended that Dagster's database knows of."""
    for name, value in user.places.items():
        monkeypatch.setenv(name, value)
    with open_instance(Settings(LEADCYCLE_HOME=user.home)) as instance:
        file = (user.home / "dagster" / "dagster.yaml").read_text("utf-8")
        assert os.environ["LEADCYCLE_DAGSTER_URL"] not in file, "no password in a file"
        assert (
            "event_logs"
            in sa.inspect(sa.create_engine(user.places["LEADCYCLE_DAGSTER_URL"])).get_table_names()
        )
        return [run.status for run in instance.get_runs()]
