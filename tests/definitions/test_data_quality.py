"""The checks that count what is odd about the CRMs' data, as Dagster runs them."""

from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from pipelines.defs.transform.quality import IS_EMPTY, quality
from pipelines.resources import LeadcycleResource
from pipelines.rules.compiler import read_rules
from pipelines.rules.presets import PRESETS_DIR
from pipelines.rules.problems import RulesError
from pipelines.settings import load_settings

PERSON, VALUE = "p_0123456789abcdef", "ann@x.example"
TABLES = f"""
    create schema marts;
    create table marts.stage_anomalies as
    select anomaly, '{PERSON}' as person_id, '{VALUE}' as detail
    from (values ('tie'), ('bounce'), ('tie'), ('chain_break')) as told (anomaly);
    create table marts.unmapped_values as
    select 'hubspot' as source_system, 'contact' as object_name,
        'lifecyclestage' as field_name, field_value
    from (values ('{VALUE}'), ('partner')) as told (field_value);
    create table marts.identity_reviews as
    select '{PERSON}' as person_id, 'too_many_records' as reason where false;
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose warehouse has only these tables, and rules that are this file's own."""
    (tmp_path / "revops").mkdir()
    monkeypatch.setenv("LEADCYCLE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LEADCYCLE_REVOPS", str(tmp_path / "revops"))
    warehouse = load_settings().warehouse_path
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(warehouse)) as db:
        db.execute(TABLES)
    return tmp_path


def evaluate() -> dict[str, dg.AssetCheckEvaluation]:
    checks: Sequence[dg.AssetChecksDefinition] = quality().asset_checks  # type: ignore[assignment]
    done = dg.materialize(
        [*checks],
        resources={"leadcycle": LeadcycleResource()},
        selection=dg.AssetSelection.all_asset_checks(),
    )
    assert done.success
    told = done.get_asset_check_evaluations()
    assert {check.check_name for check in told} == {IS_EMPTY}
    return {check.asset_key.path[-1]: check for check in told}


def by_kind(check: dg.AssetCheckEvaluation) -> list[str]:
    return str(check.metadata["by_kind"].value).splitlines()[2:]


def test_what_is_odd_is_counted_by_kind_and_warns(home: Path) -> None:
    found = evaluate()

    odd = {name: check for name, check in found.items() if not check.passed}
    assert {name: check.metadata["rows"].value for name, check in odd.items()} == {
        "stage_anomalies": 4,
        "unmapped_values": 2,
    }
    assert by_kind(odd["stage_anomalies"]) == [
        "| tie | 2 |",
        "| bounce | 1 |",
        "| chain_break | 1 |",
    ]
    assert by_kind(odd["unmapped_values"]) == ["| hubspot contact.lifecyclestage | 2 |"]
    assert {check.severity.value for check in odd.values()} == {"WARN"}


def test_where_nothing_is_odd_the_check_passes(home: Path) -> None:
    check = evaluate()["identity_reviews"]

    assert (check.passed, check.metadata["rows"].value) == (True, 0)


def test_nobodys_data_is_in_a_check(home: Path) -> None:
    told = str([check.metadata for check in evaluate().values()])

    assert (PERSON in told, VALUE in told) == (False, False)


def test_the_rules_say_how_grave_a_row_is(home: Path) -> None:
    (home / "revops" / "quality.yml").write_text("severity: {unmapped_values: error}\n")

    found = evaluate()

    assert (found["unmapped_values"].severity.value, found["unmapped_values"].passed) == (
        "ERROR",
        False,
    )
    assert found["stage_anomalies"].severity.value == "WARN"


def test_a_wrong_word_is_a_mistake_of_the_rules_and_stops_a_build(tmp_path: Path) -> None:
    (tmp_path / "quality.yml").write_text("severity:\n  unmapped_values: fatal\n")

    with pytest.raises(RulesError, match=r"quality\.yml:2:severity\.unmapped_values: 'fatal'"):
        read_rules(tmp_path, PRESETS_DIR / "jon_miller_9", PRESETS_DIR / "common")
