"""Both CRMs into a lake by the steps that Dagster and the command share, over HTTP."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from connectors.errors import ConfigError
from connectors.records import Crm
from pipelines import cli_extract, crms
from pipelines.components.crm_extract import CrmExtractComponent
from pipelines.crms import CRMS, configured_streams, is_counted
from pipelines.reading.extraction import Orders
from pipelines.reading.findings import was_compared
from pipelines.reading.results import ExtractResult
from pipelines.reading.steps import extract_crm, reconcile_crm
from pipelines.resources import LeadcycleResource
from pipelines.settings import Settings
from tests.contract.conftest import Sandbox
from tests.unit.pipelines.builders import silent

QUOTA_GONE = {"preset": "hubspot-daily"}


def environment(sandbox: Sandbox, home: Path) -> dict[str, str]:
    hubspot, salesforce = sandbox.hubspot, sandbox.salesforce
    return {
        "LEADCYCLE_HOME": str(home),
        "SALESFORCE_BASE_URL": salesforce["base_url"],
        "SALESFORCE_CLIENT_ID": salesforce["client_id"],
        "SALESFORCE_CLIENT_SECRET": salesforce["client_secret"],
        "HUBSPOT_BASE_URL": hubspot["base_url"],
        "HUBSPOT_ACCESS_TOKEN": hubspot["access_token"],
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def first(sandbox: Sandbox, home: Path) -> dict[str, ExtractResult]:
    """Both CRMs, read for the first time."""
    settings = Settings(_env_file=None, **environment(sandbox, home))
    return {crm: extract_crm(settings, crm, silent) for crm in CRMS}


@pytest.fixture
def settings(
    clean_sandbox: Sandbox,
    home: Path,
    first: dict[str, ExtractResult],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Settings]:
    """What a process has that reads again; clients know nothing of earlier answers."""
    for name, value in environment(clean_sandbox, home).items():
        monkeypatch.setenv(name, value)
    for kept in (crms._salesforce_client, crms._hubspot_client):
        kept.cache_clear()
    yield Settings(_env_file=None)
    for kept in (crms._salesforce_client, crms._hubspot_client):
        kept.cache_clear()


def run(*arguments: str) -> Result:
    commands = {"extract": cli_extract.extract, "reconcile": cli_extract.reconcile}
    name, *others = arguments
    return CliRunner().invoke(commands[name], [*others, "--json"])


def test_a_first_read_is_whole_and_the_crms_count_as_many_records(
    first: dict[str, ExtractResult], home: Path
) -> None:
    assert {crm: result.status for crm, result in first.items()} == dict.fromkeys(CRMS, "whole")
    audits = pq.read_table(home / "published" / "state" / "audits.parquet").to_pylist()
    assert {("salesforce", "leads"), ("hubspot", "contacts")} <= {
        (row["crm"], row["stream"]) for row in audits
    }
    assert [row for row in audits if row["left"] or row["crm_count"] != row["lake_count"]] == []


def test_reading_again_brings_nothing_and_costs_little(settings: Settings) -> None:
    result = extract_crm(settings, "salesforce", silent)

    assert [row.stream for row in result.streams if row.rows_kept] == []
    assert max(row.requests for row in result.streams) <= 2
    assert result.quota is not None


def test_the_days_calls_used_up_is_no_success_and_the_next_run_goes_on(
    settings: Settings, clean_sandbox: Sandbox
) -> None:
    clean_sandbox.order("faults", [QUOTA_GONE | {"count": 99, "path_prefix": "/crm/v3/owners"}])
    stopped = run("extract", "--crm", "hubspot", "--stream", "owners", "--full-refresh")
    clean_sandbox.order("faults", None, method="DELETE")

    told = json.loads(stopped.stdout)
    assert (stopped.exit_code, told["status"]) == (4, "partial")
    assert "allowance" in told["hubspot"]["streams"]["owners"]["why"]


def test_a_comparison_finds_every_stream_as_the_crm_has_it(settings: Settings) -> None:
    done = run("reconcile", "--crm", "hubspot", "--stream", "companies", "--deep")

    audit = json.loads(done.stdout)["hubspot"]["streams"]["companies"]["audit"]
    assert done.exit_code == 0
    assert (audit["crm_count"], audit["left"]) == (audit["lake_count"], 0)


def test_streams_are_named_of_one_crm_only(settings: Settings) -> None:
    assert run("extract", "--stream", "contacts").exit_code == 2
    assert run("extract", "--crm", "hubspot", "--stream", "contcts").exit_code == 2


def test_dagster_reads_the_streams_that_a_run_names(settings: Settings) -> None:
    done = materialise({"streams": ["owners"], "full_refresh": True})

    assert done.success
    assert [told.asset_key.path[-1] for told in materialised(done)] == ["hubspot__owners"]
    assert [check.check_name for check in done.get_asset_check_evaluations()] == [
        "reading_is_sound"
    ]


def test_a_step_in_which_a_stream_failed_keeps_the_others_and_fails(
    settings: Settings, clean_sandbox: Sandbox
) -> None:
    refused = {"path_prefix": "/crm/v3/owners", "status": 400, "count": 99}
    clean_sandbox.order("faults", [refused])

    done = materialise({"streams": ["owners", "companies"], "full_refresh": True})

    assert not done.success
    assert [told.asset_key.path[-1] for told in materialised(done)] == ["hubspot__companies"]
    checks = {c.asset_key.path[-1]: c.passed for c in done.get_asset_check_evaluations()}
    assert checks == {"hubspot__companies": True, "hubspot__owners": False}


def test_a_reconcile_run_compares_each_stream_in_a_check(settings: Settings) -> None:
    [told] = compare("hubspot__deals")

    assert (told.passed, told.metadata["left"].value) == (True, 0)


def test_every_stream_with_a_check_is_counted_unless_the_crm_lacks_it(
    first: dict[str, ExtractResult], settings: Settings
) -> None:
    compared = {(crm, r.stream) for crm in CRMS for r in first[crm].streams if was_compared(r)}

    streams = [stream for crm in CRMS for stream in configured_streams(settings)[crm]]
    counted = {(stream.crm, stream.name) for stream in streams if is_counted(stream)}
    assert compared == counted - {("salesforce", "currency_types")}, "the org has one currency"


def test_what_was_never_read_is_a_warning_and_no_match(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADCYCLE_HOME", str(tmp_path))

    found = compare("salesforce__leads", "salesforce__accounts")

    assert [(told.passed, told.severity.value) for told in found] == [(False, "WARN")] * 2


def test_what_the_crm_lacks_has_no_check(settings: Settings) -> None:
    found = compare("salesforce__currency_types", "salesforce__leads")

    assert [(told.asset_key.path[-1], told.passed) for told in found] == [
        ("salesforce__leads", True)
    ]


def test_a_comparison_that_failed_is_no_success_of_the_day_before(
    settings: Settings, clean_sandbox: Sandbox
) -> None:
    refused = {"path_prefix": "/crm/v3/objects/companies/search", "status": 400, "count": 99}
    clean_sandbox.order("faults", [refused])

    done = CliRunner().invoke(cli_extract.reconcile, ["--crm", "hubspot", "--stream", "companies"])

    assert done.exit_code == 1
    assert "hubspot companies failed: " in done.stdout
    assert "Compared" not in done.stdout


def test_a_table_chosen_in_the_ui_is_read_with_its_stream_and_told_alone(
    settings: Settings,
) -> None:
    done = materialise({}, dg.AssetSelection.assets(["raw", "hubspot__deal_histories"]))

    assert done.success
    assert [told.asset_key.path[-1] for told in materialised(done)] == ["hubspot__deal_histories"]


def definitions(crm: Crm) -> dg.Definitions:
    return CrmExtractComponent(crm=crm).build_defs(dg.ComponentTree.for_test().load_context)


def test_what_is_gone_is_told_of_streams_that_are_compared(settings: Settings) -> None:
    [told] = compare("salesforce__leads", gone=["leads"])
    assert told.passed
    with pytest.raises(ConfigError, match="'accounts' is not among the streams"):
        compare("salesforce__leads", gone=["accounts"])


def compare(*tables: str, gone: Sequence[str] = ()) -> Sequence[dg.AssetCheckEvaluation]:
    """Run the checks of these tables of raw, all of one CRM; the run is a success."""
    crm = tables[0].partition("__")[0]
    [checks] = definitions(crm).asset_checks or ()
    chosen = [key for key in checks.check_keys if key.asset_key.path[-1] in tables]
    done = dg.materialize(
        [checks],  # type: ignore[list-item]
        resources={"leadcycle": LeadcycleResource()},
        selection=dg.AssetSelection.checks(*chosen),
        run_config={"ops": {f"reconcile_{crm}": {"config": {"gone": list(gone)}}}},
    )
    return done.get_asset_check_evaluations()


def materialise(
    config: dict[str, object], selection: dg.AssetSelection | None = None
) -> dg.ExecuteInProcessResult:
    defs = definitions("hubspot")
    return dg.materialize(
        list(defs.assets or ()),  # type: ignore[arg-type]
        resources={"leadcycle": LeadcycleResource()},
        run_config={"ops": {"extract_hubspot": {"config": config}}},
        selection=selection,
        raise_on_error=False,
    )


def materialised(done: dg.ExecuteInProcessResult) -> list[dg.AssetMaterialization]:
    return done.asset_materializations_for_node("extract_hubspot")


def test_a_full_refresh_reads_every_record_again(settings: Settings) -> None:
    orders = Orders(frozenset({"accounts"}), full_refresh=True)

    [accounts] = extract_crm(settings, "salesforce", silent, orders).streams

    assert (accounts.rows_read > 0, accounts.rows_kept) == (True, 0)
    [again] = reconcile_crm(settings, "salesforce", silent, replace(orders), deep=False).streams
    assert again.audit is not None
    assert again.audit.left == 0
