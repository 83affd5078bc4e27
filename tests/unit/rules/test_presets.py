"""The lifecycles to begin with: each compiles, and taking one loses nobody's edits."""

from pathlib import Path

import pytest

from pipelines.rules.compiler import compile_rules, read_rules
from pipelines.rules.models import Lifecycle
from pipelines.rules.presets import (
    DEFAULT_PRESET,
    PRESETS_DIR,
    EditedRulesError,
    UnknownPresetError,
    compile_preset,
    preset_in,
    preset_lifecycle,
    preset_names,
    use_preset,
)
from tests.unit.rules.conftest import SHIPPED

NAMES = ("demand_unit_2017", "hubspot_default", "jon_miller_9", "sirius_2012")


def labels(lifecycle: Lifecycle, language: str) -> list[str]:
    """Return the stages on the way to the sale, in order."""
    keys = lifecycle.keys_of("person", "success")
    stages = sorted(lifecycle.stages, key=lambda stage: stage.rank)
    return [getattr(stage.label, language) for stage in stages if stage.key in keys]


def test_these_presets_are_shipped() -> None:
    assert preset_names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_preset_compiles_to_every_table(name: str, tmp_path: Path) -> None:
    compiled = compile_preset(name, tmp_path)
    rows = {path.stem: len(path.read_text("utf-8").splitlines()) - 1 for path in compiled.seeds}
    filled = {seed for seed, count in rows.items() if count}
    assert set(rows) - filled <= {
        "cfg_account_stages",
        "cfg_account_entry_rules",
        "cfg_account_stage_map",
        # Nobody has decided anything about identity yet.
        "cfg_identity_groups",
        "cfg_identity_splits",
    }
    lifecycle = preset_lifecycle(name)
    assert rows["cfg_stages"] == len(lifecycle.keys_of("person"))
    assert rows["cfg_account_stages"] == len(lifecycle.keys_of("account"))


def test_every_preset_has_its_own_version(tmp_path: Path) -> None:
    versions = {compile_preset(name, tmp_path / name).version for name in NAMES}
    assert len(versions) == len(NAMES)


@pytest.mark.parametrize(
    ("name", "stages"),
    [
        (
            "jon_miller_9",
            "Awareness, Friend, Name, Engaged, Target, Lead, Sales Lead, Opportunity, Customer",
        ),
        (
            "hubspot_default",
            (
                "Subscriber, Lead, Marketing qualified lead, Sales qualified lead, Opportunity, "
                "Customer, Evangelist"
            ),
        ),
        (
            "demand_unit_2017",
            (
                "Target Demand, Active Demand, Engaged Demand, Prioritized Demand, "
                "Qualified Demand, Pipeline, Closed"
            ),
        ),
    ],
)
def test_a_preset_has_the_stages_of_its_model_in_order(name: str, stages: str) -> None:
    assert labels(preset_lifecycle(name), "en") == stages.split(", ")


def test_passes_of_the_waterfall_go_by_its_abbreviations() -> None:
    stages = preset_lifecycle("sirius_2012").stages
    names = [stage.pass_name.en for stage in stages if stage.pass_name]
    assert names == ["AQL", "TAL", "TGL", "TQL", "SAL", "SGL", "SQL"]


def test_after_the_sale_accounts_have_stages_of_their_own() -> None:
    lifecycle = preset_lifecycle("jon_miller_9")
    assert lifecycle.keys_of("account", "post_sale") == {"delivery", "active", "mature"}
    assert lifecycle.keys_of("account", "detour") == {"churned"}


def test_accounts_stages_and_rules_stand_apart_from_peoples(tmp_path: Path) -> None:
    compile_preset("jon_miller_9", tmp_path)

    def keys(seed: str, column: int) -> set[str]:
        rows = (tmp_path / f"{seed}.csv").read_text("utf-8").splitlines()[1:]
        return {row.split(",")[column] for row in rows}

    of_accounts = {"delivery", "active", "mature", "churned"}
    assert keys("cfg_account_stages", 0) == of_accounts
    assert keys("cfg_account_stage_map", 4) == of_accounts
    assert keys("cfg_account_entry_rules", 2) == {"delivery"}
    assert not of_accounts & (keys("cfg_stages", 0) | keys("cfg_entry_rules", 9))
    assert not of_accounts & keys("cfg_stage_map", 4)


def test_several_paths_of_people_share_one_order(tmp_path: Path) -> None:
    use_preset("hubspot_default", tmp_path / "rules")
    file = tmp_path / "rules" / "lifecycle.yml"
    partners = "  - { key: partners, label: { en: Partners, zh: 伙伴 }, kind: success }\n"
    text = file.read_text("utf-8").replace("paths:\n", f"paths:\n{partners}")
    text = text.replace("phase: customers, path: lifecycle", "phase: customers, path: partners")
    file.write_text(text, "utf-8")

    compile_rules(tmp_path / "rules", tmp_path / "seeds")

    rows = (tmp_path / "seeds" / "cfg_stages.csv").read_text("utf-8").splitlines()
    cells = {row.split(",")[0]: row.split(",") for row in rows}
    assert cells["opportunity"][3:9] == ["5", "sales", "Sales", "lifecycle", "Lifecycle", "success"]
    assert cells["customer"][3:9] == [
        "6",
        "customers",
        "Customers",
        "partners",
        "Partners",
        "success",
    ]


def test_the_rules_a_checkout_begins_with_are_the_default_preset() -> None:
    assert preset_in(SHIPPED) == DEFAULT_PRESET
    for shared in (PRESETS_DIR / "common").iterdir():
        assert (SHIPPED / shared.name).read_text("utf-8") == shared.read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_makes_a_whole_folder_that_is_known_for_it(name: str, tmp_path: Path) -> None:
    use_preset(name, tmp_path / "rules")
    assert read_rules(tmp_path / "rules").lifecycle == preset_lifecycle(name)
    assert preset_in(tmp_path / "rules") == name


def test_a_preset_gives_way_to_another_and_lists_of_the_company_stay(tmp_path: Path) -> None:
    use_preset("sirius_2012", tmp_path)
    (tmp_path / "role_addresses.csv").write_text("local_part\nreception\n", "utf-8")

    used = use_preset("hubspot_default", tmp_path)

    assert {path.name for path in used.written} == {"lifecycle.yml", "stage_map.csv"}
    assert (used.kept, preset_in(tmp_path)) == ((), "hubspot_default")
    assert (tmp_path / "role_addresses.csv").read_text("utf-8") == "local_part\nreception\n"


def test_an_edited_file_is_not_written_over(tmp_path: Path) -> None:
    use_preset("sirius_2012", tmp_path)
    edited = (tmp_path / "stage_map.csv").read_text("utf-8") + "hubspot,contact,x,y,ignore\n"
    (tmp_path / "stage_map.csv").write_text(edited, "utf-8")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}

    with pytest.raises(EditedRulesError, match=r"stage_map\.csv: edited, so nothing was written"):
        use_preset("hubspot_default", tmp_path)

    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_replacing_keeps_every_edited_file_beside_the_new_one(tmp_path: Path) -> None:
    for edit in ("# first\n", "# second\n"):
        use_preset("sirius_2012", tmp_path)
        (tmp_path / "lifecycle.yml").write_text(edit, "utf-8")
        use_preset("hubspot_default", tmp_path, replace=True)

    kept = {path.name: path.read_text("utf-8") for path in tmp_path.glob("*.kept-*")}
    assert kept == {"lifecycle.yml.kept-1": "# first\n", "lifecycle.yml.kept-2": "# second\n"}
    assert preset_in(tmp_path) == "hubspot_default"


def test_line_ends_of_another_system_are_no_edit(tmp_path: Path) -> None:
    use_preset("sirius_2012", tmp_path)
    file = tmp_path / "lifecycle.yml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert preset_in(tmp_path) == "sirius_2012"


def test_an_unknown_preset_is_refused_with_its_nearest() -> None:
    with pytest.raises(UnknownPresetError, match="Did you mean hubspot_default"):
        preset_lifecycle("hubspot")


@pytest.mark.parametrize("name", NAMES)
def test_every_preset_lets_people_in_and_out_by_what_both_crms_have(name: str) -> None:
    rules = read_rules(PRESETS_DIR / name, PRESETS_DIR / "common")
    triggers = {rule.when for rule in rules.lifecycle.entry_rules}
    fields = {(row.record.system, row.record.field) for row in rules.stage_map}
    assert {"record_created", "opportunity_open", "opportunity_won", "opportunity_lost"} <= triggers
    assert fields >= {
        ("salesforce", "Status"),
        ("salesforce", "Status__c"),
        ("hubspot", "lifecyclestage"),
        ("hubspot", "hs_lead_status"),
    }
