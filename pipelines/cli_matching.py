"""`leadcycle match-people`: who is likely one person, for builds that use it and for reviewers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from pipelines.build import last_build
from pipelines.cli_output import command, people, progress
from pipelines.matching.judging import (
    Verdict,
    joined,
    judge_groups,
    judge_pairs,
    read_labels,
)
from pipelines.matching.pairs import LikelyPair, band_of, keep_pairs
from pipelines.matching.scores import likely_pairs, require_splink
from pipelines.matching.subjects import read_people, read_tied
from pipelines.places import lake_of, locked
from pipelines.rules.compiler import read_rules
from pipelines.rules.identity_models import LikelyMatches
from pipelines.settings import Settings, load_settings
from pipelines.sync.engine import utc_now

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("match-people")
@click.option("--dry-run", is_flag=True, help="Find them and keep nothing.")
@click.option(
    "--evaluate",
    "labels_file",
    type=_FILE,
    help="CSV of record_key and person: print how right it is, and keep nothing.",
)
@command
def match_people(dry_run: bool, labels_file: Path | None) -> dict[str, Any]:
    """Find people of the last build who are likely one, and keep the pairs for the next."""
    require_splink()
    settings = load_settings()
    rules = read_rules(settings.revops_dir).identity.settings.likely_matches
    labels = read_labels(labels_file) if labels_file else None
    with locked(settings, "warehouse"):
        count, pairs, tied = _find(settings)
        is_kept = not dry_run and labels is None
        if is_kept:
            keep_pairs(lake_of(settings), pairs, utc_now())
    document = _told(rules, count, pairs, is_kept)
    if labels is not None:
        document["evaluation"] = _evaluation(rules, pairs, tied, labels)
    return document


def _find(settings: Settings) -> tuple[int, list[LikelyPair], dict[str, int]]:
    """Return how many people were compared, the pairs, and who is tied to whom without them."""
    last_build(settings)
    with progress("Comparing people"):
        subjects = read_people(settings.warehouse_path)
        pairs = likely_pairs(subjects)
    return subjects.num_rows, pairs, read_tied(settings.warehouse_path)


def _told(
    rules: LikelyMatches, count: int, pairs: Sequence[LikelyPair], is_kept: bool
) -> dict[str, Any]:
    bands = [band_of(pair.probability, rules) for pair in pairs]
    accepted, review = bands.count("accepted"), bands.count("review")
    people.print(
        f"{count} people: {accepted} pairs from {rules.accept_from:g}, which are accepted;"
        f" {review} from {rules.review_from:g}, to be reviewed;"
        f" {bands.count('unlikely')} less likely"
    )
    people.print(_what_next(rules.use, is_kept))
    return {
        "people": count,
        "accepted": accepted,
        "review": review,
        "unlikely": bands.count("unlikely"),
        "is_kept": is_kept,
        "is_used": rules.use,
        "pairs": [vars(pair) for pair in pairs],
    }


def _what_next(is_used: bool, is_kept: bool) -> str:
    if not is_kept:
        return "Nothing was kept."
    if is_used:
        return "Kept: the next `leadcycle build` joins what is accepted, and asks about the rest."
    return "Kept, and used by no build: likely_matches.use of identity.yml is false."


def _evaluation(
    rules: LikelyMatches,
    pairs: Sequence[LikelyPair],
    tied: Mapping[str, int],
    labels: Mapping[str, str],
) -> list[dict[str, Any]]:
    verdicts = {"records, by ties alone": judge_groups(tied, labels)}
    for from_ in dict.fromkeys((rules.accept_from, rules.review_from)):
        likely = [pair for pair in pairs if pair.probability >= from_]
        verdicts[f"likely pairs of people, from {from_:g}"] = judge_pairs(tied, likely, labels)
        verdicts[f"records, by both, from {from_:g}"] = judge_groups(joined(tied, likely), labels)
    table = Table("pairs of", "taken", "right", "true", "precision", "recall", box=None)
    for name, verdict in verdicts.items():
        shares = (_share(verdict.precision), _share(verdict.recall))
        table.add_row(name, str(verdict.taken), str(verdict.right), str(verdict.true), *shares)
    people.print(table)
    known = sum(key in tied for key in labels)
    people.print(f"{known} of {len(labels)} labelled records are in the build.")
    return [_document(name, verdict) for name, verdict in verdicts.items()]


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.4f}"


def _document(name: str, verdict: Verdict) -> dict[str, Any]:
    shares = {"precision": verdict.precision, "recall": verdict.recall}
    return {"what": name, **vars(verdict), **shares}
