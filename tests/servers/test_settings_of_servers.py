"""What the settings name is found well or wrong by `leadcycle doctor`, and documented as it is."""

import re
from pathlib import Path

import dagster as dg
import pytest
import yaml

from pipelines.doctor import examine
from pipelines.instance import open_instance, write_instance_file
from pipelines.places import lake_of, store_of
from pipelines.settings import PROJECT_ROOT, Settings
from tests.servers.object_store import ObjectStore
from tests.servers.postgres import PostgresServer
from tests.servers.test_lake_on_object_storage import append, kept
from tests.unit.pipelines.sync.test_store import SYNC, settle, wrote


@dg.op
def nothing() -> None:
    """Do nothing."""


@dg.job
def does_nothing() -> None:
    nothing()


def lake_finding(store: ObjectStore, bucket: str, home: Path) -> tuple[str, str]:
    settings = Settings(
        LEADCYCLE_HOME=home,
        LEADCYCLE_LAKE=f"s3://{bucket}/lake",
        LEADCYCLE_LAKE_ENDPOINT=store.url,
    )
    found = next(finding for part, finding in examine(settings) if finding.what)
    return found.state, found.what


def test_a_bucket_that_keeps_what_is_there_is_well(
    object_store: ObjectStore, tmp_path: Path
) -> None:
    state, what = lake_finding(object_store, object_store.bucket(), tmp_path)

    assert (state, "makes nothing that is there" in what) == ("well", True)


@pytest.mark.parametrize("wrong", ["ignores conditions", "no bucket"])
def test_a_bucket_that_can_not_hold_a_lake_is_broken(
    object_store: ObjectStore, tmp_path: Path, wrong: str
) -> None:
    bucket = object_store.bucket() if wrong == "ignores conditions" else "nowhere"
    object_store.ignores_conditions = wrong == "ignores conditions"

    state, what = lake_finding(object_store, bucket, tmp_path)

    said = "takes no notice" if object_store.ignores_conditions else "there is no such bucket"
    assert (state, said in what) == ("broken", True)


def test_the_storage_that_is_documented_is_the_one_that_is_written(tmp_path: Path) -> None:
    settings = Settings(
        LEADCYCLE_HOME=tmp_path, LEADCYCLE_DAGSTER_URL="postgresql://user:planted@db/dagster"
    )
    page = (PROJECT_ROOT / "docs" / "scale.md").read_text("utf-8")
    [documented] = re.findall(r"```yaml\n(storage:.*?)```", page, re.DOTALL)

    written = (write_instance_file(settings) / "dagster.yaml").read_text("utf-8")

    assert yaml.safe_load(written)["storage"] == yaml.safe_load(documented)["storage"]
    assert "planted" not in written


def test_what_lies_on_servers_is_the_same_from_another_machine(
    object_store: ObjectStore,
    postgres_server: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with postgres_server.database() as state, postgres_server.database() as runs:
        bucket, url = object_store.bucket(), postgres_server.address(runs, "psycopg2")
        monkeypatch.setenv("LEADCYCLE_DAGSTER_URL", url)  # Opening an instance sets it.
        one, other = (
            Settings(
                LEADCYCLE_HOME=tmp_path / name,
                LEADCYCLE_LAKE=f"s3://{bucket}/lake",
                LEADCYCLE_LAKE_ENDPOINT=object_store.url,
                LEADCYCLE_STATE_URL=postgres_server.address(state),
                LEADCYCLE_DAGSTER_URL=url,
            )
            for name in ("one", "other")
        )
        append(lake_of(one), "a")
        settle(store_of(one), wrote("Lead"))
        with open_instance(one) as instance:
            does_nothing.execute_in_process(instance=instance)

        assert kept(lake_of(other)) == ["a"]
        assert store_of(other).ledger(SYNC) == {("1", "Stage__c"): "Lead"}
        with open_instance(other) as instance:
            assert [run.status for run in instance.get_runs()] == [dg.DagsterRunStatus.SUCCESS]
        assert not list(tmp_path.glob("*/lake*")), "the lake is in the bucket"
        assert not list(tmp_path.glob("*/state.sqlite*")), "the state is in the database"
        assert not list(tmp_path.glob("*/dagster/**/*.db")), "so is the run history"
