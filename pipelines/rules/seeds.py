"""Turns valid rules into seeds: the canonical tables that the SQL models read."""

import csv
import io
import json
from collections.abc import Sequence
from hashlib import sha256

from pipelines.rules.checks import Rules
from pipelines.rules.identity_seeds import IDENTITY_COLUMNS, identity_tables
from pipelines.rules.models import NUMBER_OPERATORS, ActivityMapping, Language, ScoreRule
from pipelines.rules.stage_seeds import (
    MILESTONE_COLUMNS,
    STAGE_COLUMNS,
    STAGE_MAP_COLUMNS,
    stage_tables,
)
from pipelines.rules.tables import Cell, Table

FLOOR_LABELS: dict[Language, str] = {"en": "No score below zero", "zh": "评分不低于零"}
"""The reason that lifts a score below zero to zero; it is no rule, so no rule names it."""

HEADERS: dict[str, tuple[str, ...]] = {
    name: (*columns.split(), "rules_version")
    for name, columns in {
        "cfg_settings": "language bounce_seconds echo_seconds floor_label",
        "cfg_stages": STAGE_COLUMNS,
        "cfg_account_stages": STAGE_COLUMNS,
        "cfg_account_entry_rules": "rule_id rule_on stage_key",
        "cfg_account_stage_map": STAGE_MAP_COLUMNS,
        "cfg_entry_rules": (
            "rule_id rule_on activity_type direction counts_all after_stage_key at_least"
            " leave_below leave_after_days stage_key brings_back"
        ),
        "cfg_stage_map": STAGE_MAP_COLUMNS,
        "cfg_milestones": MILESTONE_COLUMNS,
        "cfg_score_rules": (
            "rule_id kind activity_type field_name operator points half_life_days label"
        ),
        "cfg_score_rule_values": "rule_id value_text value_number",
        "cfg_role_addresses": "local_part",
        "cfg_activity_types": (
            "source_system object_name label_contains activity_type is_meaningful"
        ),
        "cfg_free_mail_domains": "domain",
        **IDENTITY_COLUMNS,
    }.items()
}
"""Columns of each seed; a seed without rows still has them."""


def render(rules: Rules) -> tuple[str, dict[str, str]]:
    """Return the rules' version and each seed's CSV text by seed name.

    The version is a hash of what the rules say, not of how they are written: comments, blank
    lines and the order of keys do not change it. Every row carries it as `rules_version`.
    """
    tables = _tables(rules)
    plain = json.dumps(tables, sort_keys=True)
    version = sha256(plain.encode()).hexdigest()[:16]
    stamped = {
        name: _csv(HEADERS[name], [{**row, "rules_version": version} for row in table])
        for name, table in tables.items()
    }
    return version, stamped


def _tables(rules: Rules) -> dict[str, Table]:
    lifecycle = rules.lifecycle
    score_rules = sorted((row.record for row in rules.score_rules), key=lambda rule: rule.rule_id)
    return {
        "cfg_settings": [
            {
                "language": lifecycle.language,
                "bounce_seconds": lifecycle.bounce_seconds,
                "echo_seconds": lifecycle.echo_seconds,
                "floor_label": FLOOR_LABELS[lifecycle.language],
            }
        ],
        **stage_tables(lifecycle, [row.record for row in rules.stage_map]),
        "cfg_score_rules": [_score_rule(rule, lifecycle.language) for rule in score_rules],
        "cfg_score_rule_values": [row for rule in score_rules for row in _rule_values(rule)],
        "cfg_role_addresses": [
            {"local_part": part}
            for part in sorted(row.record.local_part for row in rules.role_addresses)
        ],
        "cfg_activity_types": sorted(
            (_activity_mapping(row.record) for row in rules.activity_types),
            key=lambda row: tuple(map(str, row.values())),
        ),
        "cfg_free_mail_domains": [
            {"domain": domain}
            for domain in sorted(row.record.domain for row in rules.free_mail_domains)
        ],
        **identity_tables(rules.identity),
    }


def _activity_mapping(row: ActivityMapping) -> dict[str, Cell]:
    return {
        "source_system": row.system,
        "object_name": row.object,
        "label_contains": row.label_contains.lower(),
        "activity_type": row.activity_type,
        "is_meaningful": row.meaningful,
    }


def _score_rule(rule: ScoreRule, language: Language) -> dict[str, Cell]:
    return {
        "rule_id": rule.rule_id,
        "kind": rule.kind,
        "activity_type": rule.activity_type,
        "field_name": rule.field,
        "operator": rule.operator,
        "points": f"{rule.points:.2f}",
        "half_life_days": rule.half_life_days,
        "label": rule.label_zh if language == "zh" else rule.label_en,
    }


def _rule_values(rule: ScoreRule) -> Table:
    """One row for each alternative; a rule without a value has one row without values."""
    is_number = rule.operator in NUMBER_OPERATORS
    return [
        {
            "rule_id": rule.rule_id,
            "value_text": None if is_number else value,
            "value_number": value if is_number else None,
        }
        for value in sorted(set(rule.alternatives))
    ]


def _csv(header: Sequence[str], table: Table) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _plain(cell) for key, cell in row.items()} for row in table)
    return out.getvalue()


def _plain(cell: Cell) -> Cell:
    return str(cell).lower() if isinstance(cell, bool) else cell
