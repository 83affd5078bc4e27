"""What Dagster sees: any unintended change of the graph shows as a difference here."""

from pathlib import Path

import dagster as dg
import pytest
import yaml

from pipelines.components.crm_sync import definitions_of
from pipelines.definitions import defs
from pipelines.settings import load_settings
from pipelines.syncs import configured_syncs

GRAPH = Path(__file__).with_name("graph.yml")


@pytest.fixture(scope="module")
def loaded() -> dg.Definitions:
    return defs()


def graph_of(loaded: dg.Definitions) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for spec in loaded.resolve_all_asset_specs():
        groups.setdefault(str(spec.group_name), []).append(spec.key.to_user_string())
    return {group: sorted(groups[group]) for group in sorted(groups)}


def test_the_graph_is_the_one_that_was_reviewed(loaded: dg.Definitions) -> None:
    """To accept a change: `python -m tests.definitions.write_graph`."""
    assert graph_of(loaded) == yaml.safe_load(GRAPH.read_text())


def test_every_key_spells_schema_and_table(loaded: dg.Definitions) -> None:
    assert {len(spec.key.path) for spec in loaded.resolve_all_asset_specs()} == {2}


def test_a_model_follows_the_stream_it_keeps_current(loaded: dg.Definitions) -> None:
    graph = loaded.resolve_asset_graph()
    parents = graph.get(dg.AssetKey(["base", "salesforce__leads"])).parent_keys

    assert dg.AssetKey(["raw", "salesforce__leads"]) in parents


def test_syncs_wait_for_what_is_published(loaded: dg.Definitions) -> None:
    graph = loaded.resolve_asset_graph()

    for name in ("salesforce__leads", "salesforce__contacts", "hubspot__contacts"):
        parents = graph.get(dg.AssetKey(["crm", name])).parent_keys
        assert dg.AssetKey(["published", "snapshot"]) in parents


def test_a_sync_with_a_schedule_runs_by_itself() -> None:
    leads, *others = configured_syncs(load_settings())
    timed = leads.model_copy(update={"schedule": "15 6 * * 1-5"})

    built = definitions_of([timed, *others])

    (schedule,) = built.schedules or ()
    assert isinstance(schedule, dg.ScheduleDefinition)
    assert (schedule.name, schedule.cron_schedule) == (
        "salesforce__leads_schedule",
        "15 6 * * 1-5",
    )
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING


def test_blocking_checks_stand_before_publishing(loaded: dg.Definitions) -> None:
    blocking = {
        spec.asset_key.to_user_string()
        for checks in loaded.asset_checks or ()
        for spec in checks.check_specs
        if spec.blocking
    }

    assert "base/salesforce__leads" in blocking
    assert all(key.startswith("base/") for key in blocking)


def test_the_loop_is_one_job_with_a_schedule_that_somebody_turns_on(
    loaded: dg.Definitions,
) -> None:
    schedule = loaded.resolve_schedule_def("hourly_loop_schedule")

    assert schedule.job_name == "run_loop_job"
    assert schedule.default_status == dg.DefaultScheduleStatus.STOPPED


def test_what_is_read_and_published_has_a_freshness_policy(loaded: dg.Definitions) -> None:
    without = [
        spec.key.to_user_string()
        for spec in loaded.resolve_all_asset_specs()
        if spec.key.path[0] in ("raw", "published") and spec.freshness_policy is None
    ]

    assert without == ["raw/leadcycle__receipts", "raw/leadcycle__likely_matches"]
