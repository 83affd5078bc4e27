"""A build's rules come from the folder it names, whatever the project was parsed with."""

from pathlib import Path

import duckdb
import jinja2
import pytest

from pipelines.project import run_dbt
from pipelines.rules.presets import compile_preset, preset_lifecycle
from tests.dbt.warehouse import PROJECT


def written(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in folder.iterdir()}


@pytest.mark.parametrize(
    ("home_name", "presets"),
    [
        ("home", ("sirius_2012", "jon_miller_9")),
        ("o'brien's home", ("hubspot_default", "demand_unit_2017")),
    ],
)
def test_each_home_has_the_stages_of_its_own_rules(
    home_name: str, presets: tuple[str, ...], tmp_path: Path
) -> None:
    home = tmp_path / home_name
    home.mkdir()
    for preset in presets:
        compile_preset(preset, home / "rules")
        warehouse = home / "warehouse.duckdb"
        compiled = written(home / "rules")
        run_dbt(warehouse, home / "dbt", ["seed"], {}, seeds_dir=home / "rules")
        assert written(home / "rules") == compiled
        with duckdb.connect(str(warehouse), read_only=True) as db:
            people = db.execute("select stage_key from cfg.cfg_stages").fetchall()
            accounts = db.execute("select stage_key from cfg.cfg_account_stages").fetchall()
            empty = db.execute(
                "select count(*), count(direction), bool_or(counts_all) from cfg.cfg_entry_rules"
            ).fetchone()
        lifecycle = preset_lifecycle(preset)
        rules = lifecycle.entry_rules
        of_people = [rule for rule in rules if rule.enter in lifecycle.keys_of("person")]
        directed = [rule for rule in of_people if rule.direction]
        counts_all = any(rule.counts == "all" for rule in of_people)
        assert empty == (len(of_people), len(directed), counts_all)
        assert {key for (key,) in people} == lifecycle.keys_of("person")
        assert {key for (key,) in accounts} == lifecycle.keys_of("account")


@pytest.mark.parametrize(
    ("number", "shown"), [(1, "MQL-01"), (9, "MQL-09"), (10, "MQL-10"), (99, "MQL-99"),
                          (100, "MQL-100"), (1234, "MQL-1234")]
)  # fmt: skip
def test_a_pass_has_two_digits_and_more_where_it_needs_them(number: int, shown: str) -> None:
    text = (PROJECT / "macros" / "numbered_pass.sql").read_text("utf-8")
    macros = jinja2.Environment(autoescape=False).from_string(text).module
    expression = macros.numbered_pass("name", "number")  # type: ignore[attr-defined]
    query = f"select {expression} from (select 'MQL' as name, {number} as number)"
    assert duckdb.sql(query).fetchall() == [(shown,)]
