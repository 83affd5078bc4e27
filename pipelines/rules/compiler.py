"""Compiles a folder of rules into the seeds of the dbt project."""

import os
from dataclasses import dataclass
from pathlib import Path

from pipelines.rules.checks import (
    ACTIVITY_TYPES,
    FREE_MAIL_DOMAINS,
    ROLE_ADDRESSES,
    SCORE_RULES,
    STAGE_MAP,
    Rules,
    check,
)
from pipelines.rules.identity_checks import identity_problems, read_identity
from pipelines.rules.lifecycle_checks import LIFECYCLE
from pipelines.rules.models import (
    ActivityMapping,
    FreeMailDomain,
    Lifecycle,
    RoleAddress,
    ScoreRule,
    StageMapping,
)
from pipelines.rules.problems import RulesError
from pipelines.rules.quality import read_quality
from pipelines.rules.reading import Reader
from pipelines.rules.seeds import render


@dataclass(frozen=True)
class RulesVersion:
    """What a compilation made."""

    version: str
    """Sixteen hexadecimal digits; the same rules have the same version anywhere."""
    seeds: tuple[Path, ...]
    changed: tuple[Path, ...]
    """The seeds that differ from what stood there before, and only these were written."""


def compile_rules(revops_dir: Path, seeds_dir: Path, *fallbacks: Path) -> RulesVersion:
    """Validate the rules and write them as `cfg_*.csv` into `seeds_dir`.

    Args:
        revops_dir: The folder of the rules.
        seeds_dir: Where the seeds go; one folder for each home.
        fallbacks: Folders to look in for a file that `revops_dir` has not, in this order.

    Raises:
        RulesError: with every problem found; nothing is written then.
    """
    version, texts = render(read_rules(revops_dir, *fallbacks))
    seeds_dir.mkdir(parents=True, exist_ok=True)
    paths = {seeds_dir / f"{name}.csv": text for name, text in sorted(texts.items())}
    changed = tuple(path for path, text in paths.items() if _write_if_changed(path, text))
    return RulesVersion(version, tuple(paths), changed)


def read_rules(revops_dir: Path, *fallbacks: Path) -> Rules:
    """Read and check every file of the rules.

    Raises:
        RulesError: with every problem found.
    """
    reader = Reader(revops_dir, fallbacks=fallbacks)
    lifecycle = reader.read_yaml(LIFECYCLE, Lifecycle)
    stage_map = reader.read_csv(STAGE_MAP, StageMapping)
    score_rules = reader.read_csv(SCORE_RULES, ScoreRule)
    role_addresses = reader.read_csv(ROLE_ADDRESSES, RoleAddress)
    activity_types = reader.read_csv(ACTIVITY_TYPES, ActivityMapping)
    free_mail = reader.read_csv(FREE_MAIL_DOMAINS, FreeMailDomain)
    identity = read_identity(reader)
    read_quality(reader)
    if lifecycle is None or identity is None:
        raise RulesError(reader.problems)
    rules = Rules(
        lifecycle, stage_map, score_rules, role_addresses, activity_types, free_mail, identity
    )
    problems = reader.problems + check(rules) + identity_problems(identity)
    if problems:
        raise RulesError(problems)
    return rules


def _write_if_changed(path: Path, text: str) -> bool:
    """Write a file whole or not at all: another process may read it meanwhile."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    aside = path.with_suffix(f".{os.getpid()}.tmp")
    aside.write_text(text, encoding="utf-8", newline="")
    aside.replace(path)
    return True
