"""Stages and what moves people and accounts through them, as tables.

People's stages and accounts' own stages are tables apart: what counts, ranks or joins the stages
of people never has to leave accounts' stages out.
"""

from collections.abc import Iterable, Iterator, Sequence

from pipelines.rules.models import (
    ACCOUNT_OBJECTS,
    EntryRule,
    Lifecycle,
    Stage,
    StageMapping,
    Whose,
)
from pipelines.rules.tables import Cell, Table

STAGE_COLUMNS = (
    "stage_key stage_label pass_name stage_rank phase_key phase path_key path_label path_type"
    " authority is_decision may_return ends_cycle is_of_accounts"
)
MILESTONE_COLUMNS = (
    "milestone_key milestone_label milestone_place milestone_on stage_key days_before days_after"
)
STAGE_MAP_COLUMNS = "source_system object_name field_name field_value stage_key"


def stage_tables(lifecycle: Lifecycle, mappings: Sequence[StageMapping]) -> dict[str, Table]:
    """Return the tables of stages, entry rules and mapped values, by seed name."""
    accounts = lifecycle.keys_of("account")
    rules = sorted(lifecycle.entry_rules, key=lambda rule: rule.key)
    return {
        "cfg_stages": list(_stages(lifecycle, mappings, "person")),
        "cfg_entry_rules": [_entry_rule(rule) for rule in rules if rule.enter not in accounts],
        "cfg_stage_map": _stage_map(mappings, "person"),
        "cfg_account_stages": list(_stages(lifecycle, mappings, "account")),
        "cfg_account_entry_rules": [
            {"rule_id": rule.key, "rule_on": rule.when, "stage_key": rule.enter}
            for rule in rules
            if rule.enter in accounts
        ],
        "cfg_account_stage_map": _stage_map(mappings, "account"),
        "cfg_milestones": list(_milestones(lifecycle)),
    }


def _stages(
    lifecycle: Lifecycle, mappings: Iterable[StageMapping], whose: Whose
) -> Iterator[dict[str, Cell]]:
    language = lifecycle.language
    phases = {phase.key: getattr(phase.label, language) for phase in lifecycle.phases}
    paths = {path.key: path for path in lifecycle.paths}
    signals = _entered_by_signals_alone(lifecycle, mappings)
    for stage in _in_order(lifecycle, whose):
        path = paths[stage.path]
        yield {
            "stage_key": stage.key,
            "stage_label": getattr(stage.label, language),
            "pass_name": getattr(stage.pass_name or stage.label, language),
            "stage_rank": stage.rank,
            "phase_key": stage.phase,
            "phase": phases[stage.phase],
            "path_key": path.key,
            "path_label": getattr(path.label, language),
            "path_type": path.kind,
            "authority": stage.authority,
            "is_decision": stage.decision,
            "may_return": stage.may_return,
            "ends_cycle": stage.ends_cycle,
            "is_of_accounts": whose == "account" or stage.key in signals,
        }


def _in_order(lifecycle: Lifecycle, whose: Whose) -> list[Stage]:
    keys = lifecycle.keys_of(whose)
    found = (stage for stage in lifecycle.stages if stage.key in keys)
    return sorted(found, key=lambda stage: stage.rank)


def _entered_by_signals_alone(
    lifecycle: Lifecycle, mappings: Iterable[StageMapping]
) -> frozenset[str]:
    """Return the stages of the path on which accounts can stand, and no person."""
    signals = {rule.enter for rule in lifecycle.entry_rules if rule.when == "account_signal"}
    others = {rule.enter for rule in lifecycle.entry_rules if rule.when != "account_signal"}
    return frozenset(signals - others - {mapping.stage_key for mapping in mappings})


def _entry_rule(rule: EntryRule) -> dict[str, Cell]:
    return {
        "rule_id": rule.key,
        "rule_on": rule.when,
        "activity_type": rule.activity_type,
        "direction": rule.direction,
        "counts_all": rule.counts == "all",
        "after_stage_key": rule.after,
        "at_least": rule.at_least,
        "leave_below": rule.leave_below,
        "leave_after_days": rule.leave_after_days,
        "stage_key": rule.enter,
        "brings_back": rule.returns,
    }


def _milestones(lifecycle: Lifecycle) -> Iterator[dict[str, Cell]]:
    """Yield them in the order of the file, which is that of tables and charts."""
    for place, each in enumerate(lifecycle.milestones, start=1):
        yield {
            "milestone_key": each.key,
            "milestone_label": getattr(each.label, lifecycle.language),
            "milestone_place": place,
            "milestone_on": each.when,
            "stage_key": each.stage,
            "days_before": each.days_before,
            "days_after": each.days_after,
        }


def _stage_map(mappings: Iterable[StageMapping], whose: Whose) -> Table:
    rows = (
        (each.system, each.object, each.field, each.value, each.stage_key)
        for each in mappings
        if (each.object in ACCOUNT_OBJECTS) == (whose == "account")
    )
    return [dict(zip(STAGE_MAP_COLUMNS.split(), row, strict=True)) for row in sorted(rows)]
