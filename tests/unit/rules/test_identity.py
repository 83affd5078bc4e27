"""What RevOps may say about identity, and what is refused."""

import csv

from publicsuffixlist import PublicSuffixList

from pipelines.rules.public_suffixes import SuffixRule, suffix_rules
from tests.unit.rules.conftest import RulesFolder

LEAD, CONTACT = "salesforce:lead:00Q5e00001AbCdEEAX", "salesforce:contact:0035e00001AbCdEEAX"
ANN, BOB = "hubspot:contact:11", "hubspot:contact:12"


def decide(rules: RulesFolder, *rows: str) -> None:
    lines = ["decision,record_key,other_record_key,reason", *rows]
    (rules.path / "identity.csv").write_text("\n".join(lines), "utf-8")


def test_records_kept_together_are_one_group_and_are_apart_as_one(rules: RulesFolder) -> None:
    decide(
        rules,
        f"together,{LEAD},{CONTACT},same phone call",
        f"together,{CONTACT},{ANN},same phone call",
        f"apart,{LEAD},{BOB},twins",
    )
    version = rules.compile().version

    assert rules.seed("cfg_identity_groups")[1:] == [
        f"{ANN},{ANN},{version}",
        f"{BOB},{BOB},{version}",
        f"{CONTACT},{ANN},{version}",
        f"{LEAD},{ANN},{version}",
    ]
    assert rules.seed("cfg_identity_splits")[1:] == [
        f"{ANN},{BOB},{version}",
        f"{BOB},{ANN},{version}",
    ]


def test_who_is_kept_together_over_others_cannot_be_apart(rules: RulesFolder) -> None:
    decide(
        rules,
        f"together,{LEAD},{CONTACT},one",
        f"apart,{LEAD},{ANN},two",
        f"together,{ANN},{CONTACT},three",
    )
    [problem] = rules.problems()

    assert (problem.file, problem.row, problem.column) == ("identity.csv", 3, "decision")
    assert "kept together" in problem.reason


def test_an_id_as_reports_show_it_is_the_record_that_the_api_gives(rules: RulesFolder) -> None:
    decide(rules, "together,salesforce:lead:00Q5e00000AbCdE,hubspot:contact:11,one of a report")

    rules.compile()

    groups = rules.seed("cfg_identity_groups")[1:]
    assert [line.split(",")[0] for line in groups] == [
        "hubspot:contact:11",
        "salesforce:lead:00Q5e00000AbCdEEAV",
    ]


def test_an_id_of_both_lengths_is_one_record(rules: RulesFolder) -> None:
    short, whole = "salesforce:lead:00Q5e00000AbCdE", "salesforce:lead:00Q5e00000AbCdEEAV"
    decide(rules, f"apart,{short},{whole},the same")

    assert [(problem.row, problem.column) for problem in rules.problems()] == [(2, "")]


def test_a_key_that_no_record_can_have_is_refused(rules: RulesFolder) -> None:
    decide(rules, f"apart,salesforce:lead:11,{ANN},typo", f"apart,{ANN},{ANN},itself")

    assert [(problem.row, problem.column) for problem in rules.problems()] == [
        (2, "record_key"),
        (3, ""),
    ]


def test_evidence_that_is_worth_nothing_ties_nobody(rules: RulesFolder) -> None:
    rules.replace("identity.yml", "chat: 0.90", "chat: 0")
    rules.compile()

    assert "chat" not in {row.split(",")[0] for row in rules.seed("cfg_identity_rules")}


def test_a_country_that_is_named_twice_is_refused(rules: RulesFolder) -> None:
    rules.replace("countries.csv", "Germany|Deutschland", "Germany|Austria")

    assert [(problem.file, problem.value) for problem in rules.problems()] == [
        ("countries.csv", "austria")
    ]


def test_a_role_has_one_side(rules: RulesFolder) -> None:
    rules.replace("personas.csv", "CHAMPION,,champion,user", "CHAMPION,,champion,decision")

    assert [(problem.file, problem.column) for problem in rules.problems()] == [
        ("personas.csv", "side")
    ]


def test_legal_forms_are_written_as_words_and_told_where_they_need_no_blank(
    rules: RulesFolder,
) -> None:
    rules.compile()
    found = {row["form"]: row["is_glued"] for row in csv.DictReader(rules.seed("cfg_legal_forms"))}

    shown = ("gmbh co kg", "s a", "co", "有限公司")
    assert {form: found[form].lower() for form in shown} == {
        "gmbh co kg": "false", "s a": "false", "co": "false", "有限公司": "true"
    }  # fmt: skip


def test_suffixes_are_the_ones_that_the_library_finds() -> None:
    rules = {rule.suffix: rule for rule in suffix_rules()}
    library = PublicSuffixList(accept_unknown=True)
    hosts = [f"a.b.{rule.suffix}" for rule in rules.values() if rule.suffix.isascii()]
    hosts += ["a.acme.com", "acme.example", "www.ck", "a.b.kobe.jp", "a.city.kobe.jp"]

    wrong = {host for host in hosts if registered(host, rules) != library.privatesuffix(host)}

    assert len(hosts) > 5_000
    assert {host for host in wrong if "xn--" not in host} == set()


def registered(host: str, rules: dict[str, SuffixRule]) -> str | None:
    """Do in Python what int_web_domains does in SQL."""
    parts = host.split(".")
    tails = [".".join(parts[-count:]) for count in range(1, len(parts) + 1)]
    found = [rules[tail] for tail in tails if tail in rules]
    exceptions = [rule.labels for rule in found if rule.is_exception]
    labels = min(exceptions) if exceptions else max([1, *(rule.labels for rule in found)])
    return tails[labels] if labels < len(tails) else None


LIKELY = (
    "use: false          # true: builds take what it found; measure it first (docs/rules-guide.md)"
)


def test_likely_matches_are_off_unless_somebody_turns_them_on(rules: RulesFolder) -> None:
    version = rules.compile().version
    assert rules.seed("cfg_likely_matches")[1:] == [f"false,0.9500,0.8000,{version}"]

    rules.replace("identity.yml", LIKELY, "use: true")
    turned_on = rules.compile().version

    assert rules.seed("cfg_likely_matches")[1:] == [f"true,0.9500,0.8000,{turned_on}"]
    assert turned_on != version


def test_rules_of_before_without_likely_matches_still_compile(rules: RulesFolder) -> None:
    file = rules.path / "identity.yml"
    file.write_text(file.read_text("utf-8").partition("# Pairs that")[0], "utf-8")
    version = rules.compile().version

    assert rules.seed("cfg_likely_matches")[1:] == [f"false,0.9500,0.8000,{version}"]


def test_a_review_above_what_is_accepted_is_refused(rules: RulesFolder) -> None:
    rules.replace("identity.yml", "review_from: 0.80", "review_from: 0.96")
    [problem] = rules.problems()

    assert problem.file == "identity.yml"
    assert "review_from must not be above accept_from" in problem.reason


def test_a_probability_that_no_kept_pair_has_is_refused(rules: RulesFolder) -> None:
    rules.replace("identity.yml", "review_from: 0.80", "review_from: 0.40")
    [problem] = rules.problems()

    assert (problem.file, problem.column) == ("identity.yml", "likely_matches.review_from")
