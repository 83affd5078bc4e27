"""Valid rules become seeds, the same ones every time."""

from tests.unit.rules.conftest import RulesFolder


def test_the_shipped_rules_compile_to_every_seed(rules: RulesFolder) -> None:
    assert [path.stem for path in rules.compile().seeds] == [
        "cfg_account_entry_rules",
        "cfg_account_stage_map",
        "cfg_account_stages",
        "cfg_activity_types",
        "cfg_countries",
        "cfg_entry_rules",
        "cfg_free_mail_domains",
        "cfg_identity_groups",
        "cfg_identity_limits",
        "cfg_identity_rules",
        "cfg_identity_splits",
        "cfg_legal_forms",
        "cfg_likely_matches",
        "cfg_milestones",
        "cfg_personas",
        "cfg_public_suffixes",
        "cfg_role_addresses",
        "cfg_score_rule_values",
        "cfg_score_rules",
        "cfg_settings",
        "cfg_stage_map",
        "cfg_stages",
    ]


def test_compiling_again_writes_nothing(rules: RulesFolder) -> None:
    first = rules.compile()
    again = rules.compile()
    assert (first.changed, again.changed) == (first.seeds, ())
    assert first.version == again.version


def test_every_row_carries_the_version(rules: RulesFolder) -> None:
    version = rules.compile().version
    rows = [row for seed in ("cfg_stages", "cfg_score_rules") for row in rules.seed(seed)[1:]]
    assert {row.rsplit(",", 1)[1] for row in rows} == {version}


def test_comments_do_not_change_the_version(rules: RulesFolder) -> None:
    before = rules.compile().version
    rules.replace("lifecycle.yml", "language: en", "# a remark\nlanguage: en")
    assert rules.compile().version == before


def test_the_order_of_rows_does_not_change_the_version(rules: RulesFolder) -> None:
    before = rules.compile().version
    rows = (rules.path / "stage_map.csv").read_text("utf-8").splitlines()
    (rules.path / "stage_map.csv").write_text("\n".join([rows[0], *reversed(rows[1:])]), "utf-8")
    assert rules.compile().version == before


def test_a_changed_rule_changes_the_version(rules: RulesFolder) -> None:
    before = rules.compile().version
    rules.replace("score_rules.csv", "demo,40,30", "demo,41,30")
    assert rules.compile().version != before


def test_a_stage_keeps_its_attributes(rules: RulesFolder) -> None:
    version = rules.compile().version
    row = "recycled,Recycled,Recycled,10,detour,Detour,detour,Detours,detour,salesforce"
    assert f"{row},true,true,true,false,{version}" in rules.seed("cfg_stages")


def test_labels_are_chinese_when_asked(rules: RulesFolder) -> None:
    rules.replace("lifecycle.yml", "language: en", "language: zh")
    rules.compile()
    assert rules.seed("cfg_stages")[7].startswith(
        "sales_lead,销售线索,SQL,7,close,成交,success,成交路径,"
    )
    assert any("申请演示" in row for row in rules.seed("cfg_score_rules"))


def test_alternatives_become_rows_in_lower_case(rules: RulesFolder) -> None:
    rules.replace("score_rules.csv", "director|head|vp|总监", "VP | Director|vp")
    version = rules.compile().version
    found = [row for row in rules.seed("cfg_score_rule_values") if "title_director" in row]
    assert found == [f"title_director,director,,{version}", f"title_director,vp,,{version}"]


def test_a_list_without_rows_keeps_its_header(rules: RulesFolder) -> None:
    (rules.path / "role_addresses.csv").write_text("local_part\n", "utf-8")
    rules.compile()
    assert rules.seed("cfg_role_addresses") == ["local_part,rules_version"]


def test_a_sheets_byte_order_mark_and_blanks_do_no_harm(rules: RulesFolder) -> None:
    text = (rules.path / "stage_map.csv").read_text("utf-8").replace("Status,New", "Status , New ")
    (rules.path / "stage_map.csv").write_text(text, "utf-8-sig")
    version = rules.compile().version
    assert f"salesforce,lead,Status,New,name,{version}" in rules.seed("cfg_stage_map")
