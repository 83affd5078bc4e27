"""Wrong rules are refused, all problems at once, each with its place."""

import pytest

from pipelines.rules.problems import Problem
from tests.unit.rules.conftest import RulesFolder


def test_all_problems_of_all_files_come_at_once(rules: RulesFolder) -> None:
    rules.replace("lifecycle.yml", "rank: 2, phase: attract", "rank: 1, phase: atract")
    rules.replace("stage_map.csv", "Working,sales_lead", "Working,sales_laed")
    rules.replace("score_rules.csv", "demo,40,30", "demo,fourty,30")
    assert [(problem.file, problem.value) for problem in rules.problems()] == [
        ("score_rules.csv", "fourty"),
        ("lifecycle.yml", "1"),
        ("lifecycle.yml", "atract"),
        ("stage_map.csv", "sales_laed"),
    ]


def test_a_problem_names_file_row_column_value_and_what_was_meant(rules: RulesFolder) -> None:
    rules.replace("stage_map.csv", "Status,Working,sales_lead", "Status,Working,sales_laed")
    [problem] = rules.problems()
    assert str(problem) == (
        "stage_map.csv:6:stage_key: 'sales_laed' is not known. Did you mean sales_lead or lead?"
    )


def test_a_value_like_none_lists_the_allowed_ones(rules: RulesFolder) -> None:
    rules.replace("score_rules.csv", "fit,,industry", "fit,,weather")
    [problem] = rules.problems()
    allowed = "channel, company, country, employees, industry, title"
    assert problem == Problem("score_rules.csv", 17, "field", "weather", f"is not one of {allowed}")


def test_a_misspelt_choice_gets_its_nearest(rules: RulesFolder) -> None:
    rules.replace("score_rules.csv", "has_word", "has_wrod")
    [problem] = rules.problems()
    assert (problem.row, problem.column, problem.nearest) == (12, "operator", ("has_word",))


def test_yaml_problems_name_the_line(rules: RulesFolder) -> None:
    rules.replace("lifecycle.yml", "rank: 2, phase", "rank: two, phase")
    lines = (rules.path / "lifecycle.yml").read_text("utf-8").splitlines()
    line = next(n for n, text in enumerate(lines, 1) if "rank: two" in text)
    [problem] = rules.problems()
    assert (problem.row, problem.column, problem.value) == (line, "stages.1.rank", "two")


def test_text_that_is_no_yaml_is_a_problem(rules: RulesFolder) -> None:
    (rules.path / "lifecycle.yml").write_text("stages: [\n", "utf-8")
    [problem] = rules.problems()
    assert (problem.file, problem.row) == ("lifecycle.yml", 2)


def test_an_empty_lifecycle_is_a_problem(rules: RulesFolder) -> None:
    (rules.path / "lifecycle.yml").write_text("", "utf-8")
    assert [problem.file for problem in rules.problems()] == ["lifecycle.yml"]


def test_a_missing_file_is_a_problem(rules: RulesFolder) -> None:
    (rules.path / "score_rules.csv").unlink()
    assert rules.problems() == [Problem("score_rules.csv", 0, "", "", "is missing")]


def test_a_value_mapped_twice_is_a_problem(rules: RulesFolder) -> None:
    with (rules.path / "stage_map.csv").open("a", encoding="utf-8") as file:
        file.write("salesforce,lead,Status,New,lead\n")
    assert rules.problems() == [
        Problem("stage_map.csv", 48, "value", "New", "stands already in row 3")
    ]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("x,fit,,title,has_word,boss,5,30,X,X", "kind"),
        ("x,behaviour,call,,,,5,,X,X", "half_life_days"),
        ("x,behaviour,,,,,5,30,X,X", "activity_type"),
        ("x,adjustment,call,stage_key,equals,lead,5,30,X,X", "activity_type"),
        ("x,adjustment,stage_entered,stage_key,equals,no_stage,5,30,X,X", "value"),
        ("x,fit,,title,has_word,,5,,X,X", "value"),
        ("x,fit,,title,,boss,5,,X,X", "operator"),
        ("x,fit,,employees,at_least,many,5,,X,X", "value"),
        ("x,fit,,title,is_set,,0,,X,X", "points"),
        ("x,behaviour,call,,,,5,0,X,X", "half_life_days"),
        ("webinar,fit,,title,is_set,,5,,X,X", "rule_id"),
    ],
)
def test_a_score_rule_that_makes_no_sense_is_refused(
    rules: RulesFolder, row: str, column: str
) -> None:
    with (rules.path / "score_rules.csv").open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    assert [problem.column for problem in rules.problems()] == [column]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("enter: name", "enter: recycled", "entry_rules.record_created.enter"),
        ("after: engaged", "after: recycled", "entry_rules.fit.after"),
        ("activity_type: subscription, counts: all", "activity_type: note", "entry_rules.2"),
        (", at_least: 30", "", "entry_rules.9"),
        ("leave_below: 20", "leave_below: 30", "entry_rules.9"),
        (" leave_below: 20,", "", "entry_rules.9"),
        ("when: record_created,", "when: record_created, leave_below: 1,", "entry_rules.3"),
        ("when: record_created,", "when: record_created, direction: inbound,", "entry_rules.3"),
        ("when: record_created", "when: activity, activity_type: call", "entry_rules"),
        ("decision: true }", "may_return: true }", "stages.sales_lead.may_return"),
        ("stage: lead }", "stage: delivery }", "milestones.qualification.stage"),
        (", stage: lead }", " }", "milestones.2"),
        ("key: lead_creation", "key: first_touch", "milestones.key"),
    ],
)
def test_a_lifecycle_that_makes_no_sense_is_refused(
    rules: RulesFolder, old: str, new: str, place: str
) -> None:
    rules.replace("lifecycle.yml", old, new)
    assert [problem.column for problem in rules.problems()] == [place]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "enter: lost",
            "enter: customer",
            (
                "lifecycle.yml:entry_rules.opportunity_lost.enter: 'customer' is not one of "
                "churned, disqualified, dormant, lost, recycled."
            ),
        ),
        (
            "key: friend, label: { en: Friend, zh: 好友 }, rank: 2,",
            "key: friend, label: { en: Friend, zh: 好友 }, rank: 3,",
            "lifecycle.yml:stages.rank: '3' stands 2 times.",
        ),
        (
            "phase: close, path: success, authority: any }",
            "phase: close, path: sucess, authority: any }",
            "lifecycle.yml:stages.customer.path: 'sucess' is not known. Did you mean success?",
        ),
        (
            "path: churn, decision: true, may_return: true",
            "path: post_sale, decision: true, may_return: true",
            "lifecycle.yml:paths.key: 'churn' has no stages.",
        ),
        (
            "kind: post_sale, whose: account",
            "kind: post_sale, whose: person",
            (
                "lifecycle.yml:paths.post_sale.whose: 'person' can't have a path of kind "
                "post_sale: it is a path of accounts."
            ),
        ),
        (
            "  - { key: opportunity_lost, when: opportunity_lost, enter: lost }\n",
            "",
            (
                "lifecycle.yml:stages.key: 'lost' can't be reached: no row of stage_map.csv and no "
                "entry rule leads to it."
            ),
        ),
        (
            "phase: close, path: success, authority: any }",
            "phase: close, path: success, authority: any, ends_cycle: true }",
            "lifecycle.yml:stages.customer.ends_cycle: 'true' is only for detours.",
        ),
        (
            "authority: hubspot }",
            "authority: hubspott }",
            (
                "authority: 'hubspott' Input should be 'salesforce', 'hubspot' or 'any'. "
                "Did you mean hubspot?"
            ),
        ),
        (
            "bounce_seconds: 300",
            "bounce_seconds: -1",
            "bounce_seconds: '-1' Input should be greater",
        ),
        ("en: Friend, zh: 好友", "en: Friend", "stages.1.label.zh: Field required."),
        ("pass: { en: MQL, zh: MQL }", "pass: { en: MQL }", "stages.5.pass.zh: Field required."),
    ],
)
def test_what_is_wrong_with_stages_and_paths_is_named(
    rules: RulesFolder, old: str, new: str, problem: str
) -> None:
    rules.replace("lifecycle.yml", old, new)
    assert any(problem in str(found) for found in rules.problems())


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "salesforce,lead,Status,Working,sales_lead",
            "salesforce,lead,Stage,Working,sales_lead",
            "stage_map.csv:6:field: 'Stage' is not known. Did you mean Status?",
        ),
        (
            "salesforce,lead,Status,Working,sales_lead",
            "salesforce,company,Status,Working,delivery",
            "stage_map.csv:6:object: 'company' is not one of account, contact, lead.",
        ),
        (
            "salesforce,lead,Status,Working,sales_lead",
            "salesforce,lead,Status,Working,mature",
            "stage_map.csv:6:stage_key: 'mature' is not",
        ),
        (
            "hubspot,company,customer_stage,Active,active",
            "hubspot,company,customer_stage,Active,customer",
            "stage_map.csv:45:stage_key: 'customer' is not one of",
        ),
    ],
)
def test_a_row_that_could_move_nobody_is_refused(
    rules: RulesFolder, old: str, new: str, problem: str
) -> None:
    rules.replace("stage_map.csv", old, new)
    assert [str(found) for found in rules.problems() if problem in str(found)]


def test_people_and_accounts_have_ranks_of_their_own(rules: RulesFolder) -> None:
    rules.replace("lifecycle.yml", "rank: 4, phase: after_sale", "rank: 3, phase: after_sale")
    assert [(found.column, found.value) for found in rules.problems()] == [("stages.rank", "3")]


def test_without_a_way_to_the_sale_there_is_no_lifecycle(rules: RulesFolder) -> None:
    rules.replace("lifecycle.yml", "kind: success, whose: person", "kind: detour, whose: person")
    assert "paths" in [found.column for found in rules.problems()]


def test_a_stage_that_stands_twice_is_refused(rules: RulesFolder) -> None:
    rules.replace("lifecycle.yml", "key: dormant,", "key: lost,")
    found = [(problem.column, problem.value) for problem in rules.problems()]
    assert found[0] == ("stages.key", "lost")


def test_nothing_is_written_when_something_is_wrong(rules: RulesFolder) -> None:
    rules.replace("score_rules.csv", "demo,40,30", "demo,0,30")
    rules.problems()
    assert not rules.seeds.exists()


def test_activities_without_a_default_row_are_a_problem(rules: RulesFolder) -> None:
    rules.replace("activity_types.csv", "hubspot,form_submission,,form_submission,true\n", "")
    reason = "need a default row (without label_contains) for hubspot form_submission"
    assert rules.problems() == [Problem("activity_types.csv", 0, "label_contains", "", reason)]


def test_a_domain_that_is_no_host_is_refused(rules: RulesFolder) -> None:
    rules.replace("free_mail_domains.csv", "gmail.com", "@gmail")
    assert [problem.value for problem in rules.problems()] == ["@gmail"]


def test_activities_without_any_row_are_a_problem(rules: RulesFolder) -> None:
    rules.replace("activity_types.csv", "salesforce,campaign_member,,campaign_response,true\n", "")
    reason = "need a default row (without label_contains) for salesforce campaign_member"
    assert rules.problems() == [Problem("activity_types.csv", 0, "label_contains", "", reason)]
