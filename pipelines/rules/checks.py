"""What one file alone can't show: names that must exist, and things that must be unique."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

from pipelines.rules.identity_models import IdentityRules
from pipelines.rules.models import (
    FIELDS_BY_KIND,
    NUMBER_OPERATORS,
    ActivityMapping,
    FreeMailDomain,
    Lifecycle,
    RoleAddress,
    ScoreRule,
    StageMapping,
)
from pipelines.rules.problems import Problem, nearest
from pipelines.rules.reading import Record, Row

LIFECYCLE, STAGE_MAP = "lifecycle.yml", "stage_map.csv"
SCORE_RULES, ROLE_ADDRESSES = "score_rules.csv", "role_addresses.csv"
ACTIVITY_TYPES, FREE_MAIL_DOMAINS = "activity_types.csv", "free_mail_domains.csv"
NAMED_ACTIVITIES = {("hubspot", "form_submission"), ("salesforce", "campaign_member")}
"""What `activity_types.csv` gives a name: without a default row it would say nothing of some."""
IGNORE = "ignore"
"""In place of a stage: this value says nothing about the stage, and that is no oversight."""


@dataclass(frozen=True)
class Rules:
    """Everything RevOps wrote, valid file by file."""

    lifecycle: Lifecycle
    stage_map: Sequence[Row[StageMapping]]
    score_rules: Sequence[Row[ScoreRule]]
    role_addresses: Sequence[Row[RoleAddress]]
    activity_types: Sequence[Row[ActivityMapping]]
    free_mail_domains: Sequence[Row[FreeMailDomain]]
    identity: IdentityRules


def check(rules: Rules) -> list[Problem]:
    """Return every problem that shows only when the files are read together."""
    return [
        *_lifecycle_problems(rules.lifecycle),
        *_stage_map_problems(rules),
        *_score_rule_problems(rules),
        *_repeats(ROLE_ADDRESSES, rules.role_addresses, "local_part", lambda row: row.local_part),
        *_activity_type_problems(rules),
        *_repeats(FREE_MAIL_DOMAINS, rules.free_mail_domains, "domain", lambda row: row.domain),
    ]


def _lifecycle_problems(lifecycle: Lifecycle) -> Iterator[Problem]:
    stages = lifecycle.stages
    yield from _repeated("stages.key", [stage.key for stage in stages])
    yield from _repeated("stages.rank", [stage.rank for stage in stages])
    yield from _repeated("phases.key", [phase.key for phase in lifecycle.phases])
    yield from _repeated("entry_rules.key", [rule.key for rule in lifecycle.entry_rules])
    phases = {phase.key for phase in lifecycle.phases}
    for stage in stages:
        if stage.phase not in phases:
            yield _unknown(LIFECYCLE, 0, f"stages.{stage.key}.phase", stage.phase, phases)
        if stage.may_return and stage.path == "success":
            place = f"stages.{stage.key}.may_return"
            yield Problem(LIFECYCLE, 0, place, "true", "is only for detours")
    yield from _entry_rule_problems(lifecycle)


def _entry_rule_problems(lifecycle: Lifecycle) -> Iterator[Problem]:
    success = {stage.key for stage in lifecycle.stages if stage.path == "success"}
    detours = {stage.key for stage in lifecycle.stages} - success
    for rule in lifecycle.entry_rules:
        # Only sales take people off the path: by the CRM's own fields, or by losing what they sold.
        allowed = detours if rule.when == "opportunity_lost" else success
        if rule.enter not in allowed:
            yield _unknown(LIFECYCLE, 0, f"entry_rules.{rule.key}.enter", rule.enter, allowed)
        if rule.when == "account_signal" and not _comes_first(lifecycle, rule.enter):
            place = f"entry_rules.{rule.key}.enter"
            reason = "must come before every stage that another rule gives to people"
            yield Problem(LIFECYCLE, 0, place, rule.enter, reason)
        if rule.after and rule.after not in success:
            yield _unknown(LIFECYCLE, 0, f"entry_rules.{rule.key}.after", rule.after, success)
    if not any(rule.when == "record_created" for rule in lifecycle.entry_rules):
        reason = "need one rule on record_created, so that every person has a stage"
        yield Problem(LIFECYCLE, 0, "entry_rules", "", reason)


def _comes_first(lifecycle: Lifecycle, stage_key: str) -> bool:
    """Tell whether a stage of accounts stands before those that rules give to people."""
    ranks = {stage.key: stage.rank for stage in lifecycle.stages}
    of_people = [
        ranks[rule.enter]
        for rule in lifecycle.entry_rules
        if rule.when != "account_signal" and rule.enter in ranks
    ]
    return ranks.get(stage_key, 0) <= min(of_people, default=0)


def _stage_map_problems(rules: Rules) -> Iterator[Problem]:
    known = {stage.key for stage in rules.lifecycle.stages} | {IGNORE}
    for row in rules.stage_map:
        if row.record.stage_key not in known:
            yield _unknown(STAGE_MAP, row.line, "stage_key", row.record.stage_key, known)
    yield from _repeats(
        STAGE_MAP,
        rules.stage_map,
        "value",
        lambda row: (row.system, row.object, row.field, row.value),
    )


def _activity_type_problems(rules: Rules) -> Iterator[Problem]:
    yield from _repeats(
        ACTIVITY_TYPES,
        rules.activity_types,
        "label_contains",
        lambda row: (row.system, row.object, row.label_contains.lower()),
    )
    defaults = {
        (row.record.system, row.record.object)
        for row in rules.activity_types
        if not row.record.label_contains
    }
    for system, name in sorted(NAMED_ACTIVITIES - defaults):
        reason = f"need a default row (without label_contains) for {system} {name}"
        yield Problem(ACTIVITY_TYPES, 0, "label_contains", "", reason)


def _score_rule_problems(rules: Rules) -> Iterator[Problem]:
    stages = {stage.key for stage in rules.lifecycle.stages}
    for row in rules.score_rules:
        rule = row.record
        if rule.field not in FIELDS_BY_KIND[rule.kind]:
            allowed = FIELDS_BY_KIND[rule.kind]
            yield _unknown(SCORE_RULES, row.line, "field", rule.field, allowed)
        for column, value, reason in _score_rule_faults(rule, stages):
            yield Problem(SCORE_RULES, row.line, column, value, reason)
    yield from _repeats(SCORE_RULES, rules.score_rules, "rule_id", lambda row: row.rule_id)


def _score_rule_faults(rule: ScoreRule, stages: set[str]) -> Iterator[tuple[str, str, str]]:
    if rule.kind == "fit" and (rule.activity_type or rule.half_life_days):
        yield "kind", rule.kind, "has no activity_type and no half_life_days: fit does not fade"
    if rule.kind != "fit" and rule.half_life_days is None:
        yield "half_life_days", "", f"is needed for kind {rule.kind}"
    if rule.kind == "behaviour" and rule.activity_type in ("", "stage_entered"):
        yield "activity_type", rule.activity_type, "must name an activity for kind behaviour"
    if rule.kind == "adjustment" and rule.activity_type != "stage_entered":
        yield "activity_type", rule.activity_type, "must be stage_entered for kind adjustment"
    if bool(rule.field) != bool(rule.operator):
        yield "operator", rule.operator, "and field stand together or not at all"
    if rule.operator not in ("", "is_set") and not all(rule.alternatives):
        yield "value", rule.value, f"is needed for operator {rule.operator}"
    if rule.operator in NUMBER_OPERATORS and not _is_number(rule.value):
        yield "value", rule.value, f"must be a number for operator {rule.operator}"
    if rule.field == "stage_key" and not stages.issuperset(rule.alternatives):
        yield "value", rule.value, "must name stages of lifecycle.yml"


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()


def _repeated(place: str, values: Sequence[Hashable]) -> Iterator[Problem]:
    for value, times in Counter(values).items():
        if times > 1:
            yield Problem(LIFECYCLE, 0, place, str(value), f"stands {times} times")


def _repeats(
    file: str, rows: Sequence[Row[Record]], column: str, key: Callable[[Record], Hashable]
) -> Iterator[Problem]:
    first_line: dict[Hashable, int] = {}
    for row in rows:
        earlier = first_line.setdefault(key(row.record), row.line)
        if earlier != row.line:
            value = str(getattr(row.record, column))
            yield Problem(file, row.line, column, value, f"stands already in row {earlier}")


def _unknown(
    file: str, line: int, column: str, value: str, allowed: Sequence[str] | set[str]
) -> Problem:
    choices = sorted(choice for choice in allowed if choice)
    near = nearest(value, choices)
    reason = "is not known" if near else f"is not one of {', '.join(choices)}"
    return Problem(file, line, column, value, reason, near)
