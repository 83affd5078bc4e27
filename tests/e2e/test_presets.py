"""A company of the sandbox builds with every preset, each in a home of its own."""

import shutil
from pathlib import Path

import pytest
from duckdb import connect

from pipelines.build import build_warehouse, last_build, publish_build
from pipelines.loop import resolve_as_of
from pipelines.project import SEEDS_DIR
from pipelines.publish import read_current
from pipelines.rules.presets import DEFAULT_PRESET, preset_lifecycle, preset_names, use_preset
from pipelines.settings import Settings
from tests.e2e.conftest import Run

OTHERS = [name for name in preset_names() if name != DEFAULT_PRESET]
"""Every other end-to-end test is about the default one."""
SAMPLE = ("sirius_2012",)
"""The preset of every test run: it has the most passes with names of their own, and the fewest
stages of the default one. `make soak` builds them all; that each compiles, and that a build has the
stages of its seeds, is held by tests/unit/rules/test_presets and tests/dbt/test_seeds."""
DECIDED_BY_TELEPHONE = {
    "teleprospecting_accepted_lead",
    "teleprospecting_generated_lead",
    "teleprospecting_qualified_lead",
    "sales_generated_lead",
}
"""The sandbox company has no statuses for them."""
LANGUAGE_LINE = "language: en"


@pytest.fixture
def settings(first_run: Run, tmp_path: Path) -> Settings:
    """A home with the lake of a company, and nothing built."""
    shutil.copytree(first_run.home / "lake", tmp_path / "home" / "lake")
    as_of = read_current(first_run.home / "published").as_of
    return Settings(
        LEADCYCLE_HOME=tmp_path / "home",
        LEADCYCLE_REVOPS=tmp_path / "rules",
        LEADCYCLE_AS_OF=as_of,
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.csv")}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in SAMPLE else pytest.mark.soak) for name in OTHERS],
)
def test_every_test_of_a_build_passes_and_people_stand_in_its_stages(
    name: str, settings: Settings
) -> None:
    use_preset(name, settings.revops_dir)
    lifecycle = settings.revops_dir / "lifecycle.yml"
    text = lifecycle.read_text("utf-8")
    lifecycle.write_text(text.replace(LANGUAGE_LINE, "language: zh"), "utf-8")
    of_the_checkout = contents(SEEDS_DIR)

    build_warehouse(settings, resolve_as_of(settings), (), lambda _: None)

    assert contents(SEEDS_DIR) == of_the_checkout
    assert contents(settings.home / "rules") != of_the_checkout
    preset = preset_lifecycle(name)
    with connect(str(settings.warehouse_path), read_only=True) as db:
        found = db.execute("select distinct stage_key from marts.stage_stints").fetchall()
        people = db.execute("select count(*) from marts.people").fetchone()
        standing = db.execute("select count(*) from marts.person_lifecycles").fetchone()
        shown = db.execute(
            "select distinct stage_key, regexp_replace(stage_pass_label, '-[0-9]{2}$', '')"
            " from marts.stage_stints"
        ).fetchall()
        written = db.execute(
            "select count(*) from sync.sync_hubspot__contacts as desired"
            " semi join marts.person_lifecycles as lifecycles"
            " on desired.stage_pass = lifecycles.stage_pass_label"
            " and desired.person_id = lifecycles.person_id"
        ).fetchone()
    stages = {key for (key,) in found}
    expected = preset.keys_of("person", "success") - DECIDED_BY_TELEPHONE
    assert stages <= preset.keys_of("person")
    assert stages >= expected - {"evangelist"}
    assert people == standing != (0,)
    labels = {stage.key: (stage.pass_name or stage.label).zh for stage in preset.stages}
    assert dict(shown) == {key: labels[key] for key in stages}
    assert written != (0,)
    assert publish_build(settings).rules_version == last_build(settings).rules_version
