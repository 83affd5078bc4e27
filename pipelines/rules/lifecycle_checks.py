"""What must hold within `lifecycle.yml`, and between it and the stages that values of CRMs name."""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence, Set

from pipelines.rules.models import (
    ACCOUNT_TRIGGERS,
    EntryRule,
    Lifecycle,
    PathKind,
    Stage,
    StagePath,
    Whose,
)
from pipelines.rules.problems import Problem, unknown

LIFECYCLE = "lifecycle.yml"
OWNERS: dict[PathKind, tuple[Whose, ...]] = {
    "success": ("person",),
    "detour": ("person", "account"),
    "post_sale": ("account",),
}
"""Whose a path of each kind can be: people are sold to, and accounts are customers."""
DETOUR_WORDS = ("may_return", "ends_cycle")
"""What only a place beside the path can have: nobody returns from where they never left."""


def lifecycle_problems(lifecycle: Lifecycle, mapped: Set[str]) -> Iterator[Problem]:
    """Yield what is wrong with stages, phases, paths and entry rules.

    Args:
        lifecycle: A file that is valid by itself.
        mapped: Stages that `stage_map.csv` names.
    """
    yield from _repeated("stages.key", [stage.key for stage in lifecycle.stages])
    yield from _repeated_ranks(lifecycle)
    yield from _repeated("phases.key", [phase.key for phase in lifecycle.phases])
    yield from _repeated("paths.key", [path.key for path in lifecycle.paths])
    yield from _repeated("entry_rules.key", [rule.key for rule in lifecycle.entry_rules])
    yield from _path_problems(lifecycle)
    for stage in lifecycle.stages:
        yield from _stage_problems(lifecycle, stage, mapped)
    yield from _entry_rule_problems(lifecycle)
    yield from _milestone_problems(lifecycle)


def _repeated_ranks(lifecycle: Lifecycle) -> Iterator[Problem]:
    """People's stages have one order, and accounts' stages another."""
    for whose in ("person", "account"):
        keys = lifecycle.keys_of(whose)
        yield from _repeated(
            "stages.rank", [stage.rank for stage in lifecycle.stages if stage.key in keys]
        )


def _path_problems(lifecycle: Lifecycle) -> Iterator[Problem]:
    used = {stage.path for stage in lifecycle.stages}
    for path in lifecycle.paths:
        if path.key not in used:
            yield Problem(LIFECYCLE, 0, "paths.key", path.key, "has no stages")
        if path.whose not in OWNERS[path.kind]:
            place = f"paths.{path.key}.whose"
            reason = f"can't have a path of kind {path.kind}: it is a path of {_owners(path)}"
            yield Problem(LIFECYCLE, 0, place, path.whose, reason)
    if not any(path.kind == "success" and path.key in used for path in lifecycle.paths):
        reason = "need a path of kind success with at least one stage"
        yield Problem(LIFECYCLE, 0, "paths", "", reason)


def _owners(path: StagePath) -> str:
    return " or ".join(f"{whose}s" for whose in OWNERS[path.kind])


def _stage_problems(lifecycle: Lifecycle, stage: Stage, mapped: Set[str]) -> Iterator[Problem]:
    phases = {phase.key for phase in lifecycle.phases}
    paths = {path.key: path for path in lifecycle.paths}
    if stage.phase not in phases:
        yield unknown(LIFECYCLE, 0, f"stages.{stage.key}.phase", stage.phase, phases)
    if stage.path not in paths:
        yield unknown(LIFECYCLE, 0, f"stages.{stage.key}.path", stage.path, paths)
    elif paths[stage.path].kind != "detour":
        for word in DETOUR_WORDS:
            if getattr(stage, word):
                place = f"stages.{stage.key}.{word}"
                yield Problem(LIFECYCLE, 0, place, "true", "is only for detours")
    entered = {rule.enter for rule in lifecycle.entry_rules} | mapped
    if stage.key not in entered:
        reason = "can't be reached: no row of stage_map.csv and no entry rule leads to it"
        yield Problem(LIFECYCLE, 0, "stages.key", stage.key, reason)


def _entry_rule_problems(lifecycle: Lifecycle) -> Iterator[Problem]:
    success = lifecycle.keys_of("person", "success")
    for rule in lifecycle.entry_rules:
        place = f"entry_rules.{rule.key}.enter"
        allowed = _may_enter(lifecycle, rule)
        if rule.enter not in allowed:
            yield unknown(LIFECYCLE, 0, place, rule.enter, allowed)
        if rule.when == "account_signal" and not _comes_first(lifecycle, rule.enter):
            reason = "must come before every stage that another rule gives to people"
            yield Problem(LIFECYCLE, 0, place, rule.enter, reason)
        if rule.after and rule.after not in success:
            yield unknown(LIFECYCLE, 0, f"entry_rules.{rule.key}.after", rule.after, success)
    if not any(rule.when == "record_created" for rule in lifecycle.entry_rules):
        reason = "need one rule on record_created, so that every person has a stage"
        yield Problem(LIFECYCLE, 0, "entry_rules", "", reason)


def _milestone_problems(lifecycle: Lifecycle) -> Iterator[Problem]:
    stages = lifecycle.keys_of("person")
    yield from _repeated("milestones.key", [each.key for each in lifecycle.milestones])
    for each in lifecycle.milestones:
        if each.stage and each.stage not in stages:
            yield unknown(LIFECYCLE, 0, f"milestones.{each.key}.stage", each.stage, stages)


def _may_enter(lifecycle: Lifecycle, rule: EntryRule) -> frozenset[str]:
    """Only sales take people off the path: by the CRM's own fields, or by losing what they sold."""
    kind: PathKind = "detour" if rule.when == "opportunity_lost" else "success"
    of_people = lifecycle.keys_of("person", kind)
    if rule.when not in ACCOUNT_TRIGGERS:
        return of_people
    of_accounts: PathKind = "detour" if kind == "detour" else "post_sale"
    return of_people | lifecycle.keys_of("account", of_accounts)


def _comes_first(lifecycle: Lifecycle, stage_key: str) -> bool:
    """Tell whether a stage of accounts stands before those that rules give to people."""
    ranks = {stage.key: stage.rank for stage in lifecycle.stages}
    people = lifecycle.keys_of("person")
    of_people = [
        ranks[rule.enter]
        for rule in lifecycle.entry_rules
        if rule.when != "account_signal" and rule.enter in people
    ]
    return ranks.get(stage_key, 0) <= min(of_people, default=0)


def _repeated(place: str, values: Sequence[Hashable]) -> Iterator[Problem]:
    for value, times in Counter(values).items():
        if times > 1:
            yield Problem(LIFECYCLE, 0, place, str(value), f"stands {times} times")
