"""What one file alone can't show: names that must exist, and things that must be unique."""

from collections.abc import Callable, Hashable, Iterator, Sequence, Set
from dataclasses import dataclass

from pipelines.rules.identity_models import IdentityRules
from pipelines.rules.lifecycle_checks import lifecycle_problems
from pipelines.rules.models import (
    ACCOUNT_OBJECTS,
    FIELDS_BY_KIND,
    NUMBER_OPERATORS,
    STAGE_FIELDS,
    ActivityMapping,
    FreeMailDomain,
    Lifecycle,
    RoleAddress,
    ScoreRule,
    StageMapping,
    Whose,
)
from pipelines.rules.problems import Problem, unknown
from pipelines.rules.reading import Record, Row

STAGE_MAP = "stage_map.csv"
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
    mapped = {row.record.stage_key for row in rules.stage_map}
    return [
        *lifecycle_problems(rules.lifecycle, mapped),
        *_stage_map_problems(rules),
        *_score_rule_problems(rules),
        *_repeats(ROLE_ADDRESSES, rules.role_addresses, "local_part", lambda row: row.local_part),
        *_activity_type_problems(rules),
        *_repeats(FREE_MAIL_DOMAINS, rules.free_mail_domains, "domain", lambda row: row.domain),
    ]


def _stage_map_problems(rules: Rules) -> Iterator[Problem]:
    for row in rules.stage_map:
        mapping = row.record
        whose: Whose = "account" if mapping.object in ACCOUNT_OBJECTS else "person"
        stages = rules.lifecycle.keys_of(whose) | {IGNORE}
        fields = STAGE_FIELDS.get((mapping.system, mapping.object))
        if fields is None:
            objects = {name for system, name in STAGE_FIELDS if system == mapping.system}
            yield unknown(STAGE_MAP, row.line, "object", mapping.object, objects)
        elif fields and mapping.field not in fields:
            yield unknown(STAGE_MAP, row.line, "field", mapping.field, fields)
        if mapping.stage_key not in stages:
            yield unknown(STAGE_MAP, row.line, "stage_key", mapping.stage_key, stages)
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
    stages = rules.lifecycle.keys_of("person")
    for row in rules.score_rules:
        rule = row.record
        if rule.field not in FIELDS_BY_KIND[rule.kind]:
            allowed = FIELDS_BY_KIND[rule.kind]
            yield unknown(SCORE_RULES, row.line, "field", rule.field, allowed)
        for column, value, reason in _score_rule_faults(rule, stages):
            yield Problem(SCORE_RULES, row.line, column, value, reason)
    yield from _repeats(SCORE_RULES, rules.score_rules, "rule_id", lambda row: row.rule_id)


def _score_rule_faults(rule: ScoreRule, stages: Set[str]) -> Iterator[tuple[str, str, str]]:
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
    if rule.field == "stage_key" and not stages >= set(rule.alternatives):
        yield "value", rule.value, "must name stages of lifecycle.yml"


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()


def _repeats(
    file: str, rows: Sequence[Row[Record]], column: str, key: Callable[[Record], Hashable]
) -> Iterator[Problem]:
    first_line: dict[Hashable, int] = {}
    for row in rows:
        earlier = first_line.setdefault(key(row.record), row.line)
        if earlier != row.line:
            value = str(getattr(row.record, column))
            yield Problem(file, row.line, column, value, f"stands already in row {earlier}")
